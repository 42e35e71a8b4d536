"""Plays one episode in hocket itself: script, sandbox, engine, agent loop, policies and all."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import labels
import scripts
from gullible import Gullible
from person import Person
from world import DojoTool

from hocket.api.markers import hookimpl
from hocket.host import PluginHost
from hocket.testing import Stage, run_script
from hocket_plugins.policies import quarantine

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from lines import Lines
    from pydantic import JsonValue
    from world import World

    from hocket.api.protocols import ModelProvider
    from hocket.api.settings import PluginSettings
    from hocket.api.tools import Tool


@dataclass(frozen=True, slots=True)
class Policy:
    """A row of the table: how a task is put to hocket."""

    name: str
    told: str
    """What the row is called for a person."""
    script: Callable[[str, Lines, Sequence[str]], str]
    """Writes the script for a task, its solution, and the tools there are."""
    has_person: bool = False
    is_on: bool = True
    """Whether quarantine is on and tools have labels."""
    guards_pages: bool = True
    """Whether a page may only be fetched where trusted words or a person point."""


NONE = Policy(
    "none",
    "none: quarantine off, no labels",
    lambda task, _lines, tools: scripts.alone(task, tools),
    is_on=False,
)
ALONE = Policy(
    "alone",
    "(c) one agent, default set, no plan",
    lambda task, _lines, _tools: scripts.alone(task),
)
GET = Policy(
    "get",
    "one agent, default set; GET not a sink",
    lambda task, _lines, _tools: scripts.alone(task),
    guards_pages=False,
)
BOUND = Policy(
    "bound",
    "(b) readers without effects, bound sinks",
    lambda task, lines, _tools: scripts.bound(task, lines.plan),
)
CARELESS = Policy(
    "careless",
    "(a) scripts that hand all words to all agents",
    lambda task, lines, _tools: scripts.careless(task, lines.plan),
)
SHOWN = Policy(
    "shown",
    "(d) a person reads the whole prompt",
    lambda task, _lines, tools: scripts.attended(task, tools, reveals=False),
    has_person=True,
)
REVEALED = Policy(
    "revealed",
    "(d) a script looks, a person allows",
    lambda task, _lines, tools: scripts.attended(task, tools, reveals=True),
    has_person=True,
)


@dataclass(frozen=True, slots=True)
class Played:
    """What an episode came to."""

    answer: str
    questions: int = 0
    refused: int = 0
    """Calls that were refused."""


class _Offers:
    """The plugin of one episode."""

    def __init__(self, model: ModelProvider, tools: Sequence[Tool]) -> None:
        self._model, self._tools = model, tools

    @hookimpl
    def hocket_register_models(self, settings: PluginSettings) -> Sequence[ModelProvider]:
        return (self._model,)

    @hookimpl
    def hocket_register_tools(self, settings: PluginSettings) -> Sequence[Tool]:
        return self._tools


class House:
    """A person's settings and one project, used for one episode after the other."""

    def __init__(self, folder: Path) -> None:
        self._project = folder / "project"
        (self._project / ".hocket").mkdir(parents=True)
        self._homes = {on: folder / ("on" if on else "off") for on in (True, False)}
        for on, home in self._homes.items():
            home.mkdir()
            (home / "config.toml").write_text(_settings(is_on=on), "utf-8")
        self._missing = _missing()

    def play(self, policy: Policy, task: str, lines: Lines, world: World) -> Played:
        """Run the script of a task; raises RuntimeError when the run did not end as one does."""
        os.environ["HOCKET_CONFIG_HOME"] = str(self._homes[policy.is_on])
        functions = world.runtime.functions
        tools = [
            DojoTool(one, world, labelled=policy.is_on, guarded=policy.guards_pages)
            for one in functions.values()
        ]
        person = Person(lines.plan) if policy.has_person else None
        stage = Stage(
            approver=person,
            attended=person is not None,
            choices={"backend": "agent_loop"},
            plugins={"bench.dojo": _Offers(Gullible(lines), tools), **self._missing},
        )
        source = policy.script(task, lines, [*functions])
        outcome = run_script(source, project=self._project, stage=stage)
        shutil.rmtree(outcome.folder)
        if outcome.status != "completed":
            raise RuntimeError(f"{policy.name}: {outcome.status}, {outcome.cause}: {task}")
        refused = outcome.census.get("refused", 0)
        asked = len(person.asked) if person else 0
        return Played(_text(outcome.result), asked, refused if isinstance(refused, int) else 0)


def _settings(*, is_on: bool) -> str:
    """Write what a person would: their model, and that agents may use the tools of the suites."""
    mode = "on" if is_on else "off"
    return (
        '[agent_loop]\nprovider = "gullible"\n'
        f"[permissions]\nallow = {json.dumps([*labels.EFFECTS])}\n"
        f'[quarantine]\nmode = "{mode}"\n'
    )


def _missing() -> dict[str, object]:
    """Give what an older installation of this tree does not load by itself."""
    name = "policies.quarantine"
    there = {plugin.name for plugin in PluginHost.load().plugins()}
    return {} if name in there else {name: quarantine}


def _text(result: JsonValue) -> str:
    return result if isinstance(result, str) else "" if result is None else json.dumps(result)
