"""A planted world behind a model server: the same agents, over a real wire, with real tools."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

from hocket.testing import Stage, run_command
from hocket.testing.standin import Answered, Reply, StandIn, Used, serving
from planted.backend import draws_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pytest
    from pydantic import JsonValue

    from hocket.testing import Outcome
    from hocket.testing.standin import Asked

    Use = tuple[str, dict[str, JsonValue]]

BEGINNINGS = {
    "List the endpoints": "list",
    "Audit one unit": "audit",
    "Review one part": "review",
    "Look for violations": "rule",
    "You judge one claim": "vote",
    "Some of the numbered items": "read",
}
"""Words by which a prompt tells what it is for: on the wire no role is sent."""
ITEM = re.compile(r"<item>\n *(.*)\n *</item>")


class Wired:
    """Runs a command in a project with the agents of a world behind the stand-in server."""

    def __init__(self, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in [name for name in os.environ if name.startswith(("ANTHROPIC_", "OPENAI_"))]:
            monkeypatch.delenv(name)
        monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-nobody")
        self.project = project
        self.tools: dict[str, set[str]] = {}
        """The tools that the agents of each role were offered."""
        self.said: dict[str, str] = {}
        """What their tools answered."""
        self.prompts: dict[str, list[str]] = {}

    def run(
        self,
        words: Sequence[str],
        roles: Mapping[str, Callable[..., JsonValue]],
        looks: Mapping[str, Sequence[Use]],
        *,
        trusted: bool = True,
    ) -> Outcome:
        """Type the command; each agent first makes its looks, one a turn, then answers."""

        def reply(asked: Asked) -> Reply:
            return self._reply(asked, roles, looks)

        with serving(StandIn(rules=reply)) as server:
            settings = (
                '[agent_loop]\nprovider = "anthropic"\nmodel = "standin"\n'
                f'[anthropic]\nbase_url = "{server.url}"\n'
            )
            home = Path(os.environ["HOCKET_CONFIG_HOME"])
            (home / "config.toml").write_text(settings, "utf-8")
            stage = Stage(choices={"backend": "agent_loop"}, real_time=True, trusted=trusted)
            return run_command(words, None, project=self.project, stage=stage)

    def _reply(
        self,
        asked: Asked,
        roles: Mapping[str, Callable[..., JsonValue]],
        looks: Mapping[str, Sequence[Use]],
    ) -> Reply:
        first = next(one.text for one in asked.said if one.role == "user" and one.text)
        role = next(role for words, role in BEGINNINGS.items() if words in first)
        self.tools[role] = {name for name in asked.tools if name[0].isupper()}
        self.said[role] = self.said.get(role, "") + _results(asked)
        if asked.turns == 0:
            self.prompts.setdefault(role, []).append(first)
        if asked.turns < len(looks.get(role, ())):
            name, arguments = looks[role][asked.turns]
            return Reply(blocks=(Used.with_input(name, **arguments),))
        found = ITEM.search(first)
        item = json.loads(found[1]) if found else None
        call = SimpleNamespace(options=SimpleNamespace(item=item, role=role), prompt=first)
        return Reply(blocks=(Answered(roles[role](call, draws_of(first))),))


def _results(asked: Asked) -> str:
    """Give what tools answered last, as one text."""
    messages = asked.body["messages"]
    assert isinstance(messages, list)
    return json.dumps(messages[-1]) if asked.turns else ""
