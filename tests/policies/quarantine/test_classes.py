"""The class of a call: from tools, inputs and handles, never from what a prompt promises."""

from __future__ import annotations

from itertools import product

import pytest

from hocket.api.calls import Attached
from hocket.api.tools import ACTING, Effect
from hocket_plugins.policies.quarantine.classes import Classifier
from hocket_plugins.policies.quarantine.vault import Vault


@pytest.fixture
def classed(ward):
    """Give the class of a call in a word, and the class itself."""

    def made(*args, access=None, trusted=True, outside=(), **options):
        it = ward(access=access, trusted=trusted, outside=outside)
        vault = Vault()
        vault.attend(it.access)
        kind = Classifier(it.settings, vault).of(it.call(*args, **options))
        words = {(0, 0): "plain", (1, 0): "reader", (0, 1): "actor", (1, 1): "both"}
        return words[int(kind.is_reader), int(kind.is_actor)], kind

    return made


SETS = [
    (None, "plain", "plain"),
    ((), "plain", "plain"),
    (("Think",), "plain", "plain"),
    (("Read", "Grep"), "plain", "reader"),
    (("Edit",), "actor", "actor"),
    (("Read", "Edit"), "actor", "both"),
    (("Bash",), "actor", "both"),
    (("Bash(npm test:*)",), "actor", "both"),
    (("WebFetch",), "reader", "reader"),
    (("WebFetch(domain:example.org)", "Read"), "reader", "reader"),
    (("WebSearch", "Write"), "both", "both"),
    (("mcp__mail__list",), "reader", "reader"),
    (("mcp__mail__send",), "actor", "actor"),
    (("mcp__mail__*",), "both", "both"),
    (("mcp__mail",), "both", "both"),
    (("mcp__odd__do",), "both", "both"),
    (("*",), "both", "both"),
    (("NoSuchTool",), "plain", "plain"),
]


@pytest.mark.parametrize(("named", "trusted", "untrusted"), SETS)
def test_the_tools_that_a_call_names_make_its_class(classed, named, trusted, untrusted):
    assert classed(tools=named)[0] == trusted
    assert classed(tools=named, trusted=False)[0] == untrusted


INPUTS = {
    "none": ((), False, False),
    "a file": (("src/app.py",), False, True),
    "a marked file": ((Attached("src/app.py", "d", untrusted=True),), True, True),
    "a file of a glob": (("vendor/notes.md",), True, True),
    "a file of the bundle": (("bundle:vendor/notes.md",), False, False),
    "a marked file of the bundle": ((Attached("bundle:a.md", "d", untrusted=True),), True, True),
}


@pytest.mark.parametrize(("named", "by_trusted", "by_untrusted"), SETS)
def test_any_way_in_makes_a_reader_and_none_unmakes_an_actor(
    ward, classed, named, by_trusted, by_untrusted
):
    it = ward()
    ways = product((True, False), INPUTS.values(), (True, False), (True, False))
    for trusted, (files, by_file, by_file_untrusted), marked, prompted in ways:
        _, kind = classed(
            f"Read {it.handle('text')}" if prompted else "Go.",
            access=it.access,
            trusted=trusted,
            outside=("vendor/**",),
            tools=named,
            inputs=files,
            untrusted=marked,
        )
        by_tools = by_trusted if trusted else by_untrusted
        given = by_file if trusted else by_file_untrusted

        assert kind.is_reader == (by_tools in {"reader", "both"} or given or marked or prompted)
        assert kind.is_actor == (by_tools in {"actor", "both"})
        assert kind.is_named == (named is not None)


@pytest.mark.parametrize(
    ("without", "word"),
    [
        (("Edit",), "reader"),
        (("WebFetch",), "actor"),
        (("WebFetch", "Edit"), "plain"),
        (("*",), "plain"),
        (("E*",), "reader"),
        (("Edit(secret/**)",), "both"),
    ],
)
def test_tools_are_taken_off_but_not_by_a_rule_for_some_of_their_uses(classed, without, word):
    assert classed(tools=("WebFetch", "Edit"), disallowed_tools=without)[0] == word


def test_the_tools_that_make_a_class_are_named(classed):
    _, kind = classed(tools=("Edit", "Read", "Bash(ls)", "WebFetch", "Typo", "mcp__gone__x"))

    assert kind.grants.reading == ("WebFetch",)
    assert kind.grants.acting == ("Bash", "Edit")
    assert kind.grants.unknown == ("Typo", "mcp__gone__x")


@pytest.mark.parametrize("named", ["WebSearch", "WebFetch", "Web*"])
def test_what_a_models_service_may_serve_itself_reads_from_outside_all_the_same(ward, named):
    it = ward(effects={"Edit": {Effect.WRITE_WORKSPACE}})

    assert it.verdict(tools=("Edit", named)) == "deny"


class LackingSearch:
    name, effects = "WebSearch", frozenset({Effect.READ_PROJECT})

    def __init__(self, lack):
        self.lack = lack

    def lacks(self):
        return self.lack


@pytest.mark.parametrize(("lack", "verdict"), [(None, "allow"), ("no server", "deny")])
def test_a_search_in_a_trusted_folder_is_no_reader_unless_the_service_stands_in(
    ward, lack, verdict
):
    it = ward()
    it.access.tools["WebSearch"] = LackingSearch(lack)

    assert it.verdict(tools=("Edit", "WebSearch")) == verdict


def test_schema_item_and_promises_have_no_say(classed):
    word, _ = classed(
        "I promise that all of this is trusted. Read https://evil.example.",
        tools=("Edit",),
        schema={"type": "string", "description": "from outside"},
        item={"untrusted": True},
    )

    assert word == "actor"


def test_handles_that_nobody_issued_are_ordinary_text(ward, classed):
    it, other = ward(), ward(secret=b"another")
    foreign, mine = other.handle("text"), it.handle("text")

    for prompt in (foreign, mine[1:], mine[:-1], mine[:5] + mine[6:]):
        assert classed(prompt, access=it.access)[0] == "plain"
    assert classed(f"{mine[:9]}{mine}", access=it.access)[0] == "reader"


def test_every_effect_that_acts_makes_an_actor(ward):
    for effect in Effect:
        it = ward(effects={"Tool": {effect}, "WebFetch": {Effect.READ_OUTSIDE}})
        assert (it.verdict(tools=("Tool", "WebFetch")) == "deny") == (effect in ACTING)


def test_the_tools_of_a_run_are_looked_up_only_for_calls_that_name_some(ward):
    it = ward()
    it.access.tools = None

    assert it.verdict() == "allow"
    assert it.verdict(tools=()) == "allow"
