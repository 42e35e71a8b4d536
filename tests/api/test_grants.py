"""What tools that are named can do: by their names, by globs, by servers, and without ours."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from hocket.api import grants
from hocket.api.tools import Effect

READS, ACTS = frozenset({Effect.READ_OUTSIDE}), frozenset({Effect.EXECUTE})
INSTALLED = {"Bash": ACTS, "Read": frozenset(), "mcp__mail__list": READS, "mcp__mail__send": ACTS}


@dataclass
class Search:
    """A search of ours, with or without a source."""

    missing: str | None
    name: str = "WebSearch"
    effects: frozenset = frozenset()
    rest: dict = field(default_factory=dict)

    def lacks(self):
        return self.missing


@pytest.mark.parametrize(
    ("rules", "without", "named"),
    [
        (["Bash(npm test:*)", "Read"], [], ["Bash", "Read"]),
        (["Read", "Bash"], ["Bash"], ["Read"]),
        (["Bash"], ["Bash(rm:*)"], ["Bash"]),
        (["mcp__mail"], [], ["mcp__mail__list", "mcp__mail__send"]),
        (["mcp__*__send"], [], ["mcp__mail__send"]),
        (["mcp__mail"], ["mcp__mail"], []),
        (["Web*"], [], ["WebFetch", "WebSearch"]),
        (["Nothing"], [], []),
    ],
)
def test_rules_name_tools(rules, without, named):
    assert [*grants.behind(rules, without, INSTALLED)] == named


def test_what_a_service_may_do_itself_reads_from_outside_though_nobody_installed_it():
    assert grants.behind(["WebFetch"], [], INSTALLED) == {"WebFetch": READS}
    assert grants.effects(Search("no source")) == READS
    assert grants.effects(Search(None)) == frozenset()


def test_in_a_project_nobody_trusts_files_and_commands_are_from_outside():
    assert grants.reading(is_trusted=True) == READS
    assert grants.reading(is_trusted=False) == READS | {Effect.READ_PROJECT, Effect.EXECUTE}
