"""Screens of patterns: texts are read by hocket or a declared command, never by the pattern."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path

import pytest
from pydantic import BaseModel, JsonValue

from hocket.api.approval import Judgement, Verdict
from hocket.api.patterns.context import CallCount
from hocket.testing import OpenSandbox, ScriptedBackend


class Items(BaseModel):
    name: str
    items: list[JsonValue]


class Screened:
    """Screens its items."""

    name = "screened"
    version = 1
    arguments = Items

    async def run(self, context, arguments):
        return [await context.screen(arguments.name, item) for item in arguments.items]

    def calls(self, _arguments):
        return CallCount(0, 0)


class Overlapping:
    """Screens one item while the command for another one still runs."""

    name = "overlapping"
    version = 1
    arguments = Items

    async def run(self, context, arguments):
        slow, quick = arguments.items
        async with asyncio.TaskGroup() as group:
            first = group.create_task(context.screen(arguments.name, slow))
            await asyncio.to_thread(Path("started").read_text)
            second = await context.screen(arguments.name, quick)
            await asyncio.to_thread(Path("go").write_text, "\n")
        return [first.result(), second]

    def calls(self, _arguments):
        return CallCount(0, 0)


class Person:
    """A person's rule about every command."""

    name = "person"

    def __init__(self, verdict):
        self._verdict = verdict

    def judge(self, _call):
        return Judgement(Verdict.ALLOW)

    def judge_use(self, _call, _use):
        return Judgement(self._verdict, "said so")


@pytest.fixture
def play(theatre):
    def play(
        name, items, *, pattern="screened", verdict=Verdict.ALLOW, check="true", checks_pass=False
    ):
        (theatre.project / ".hocket" / "config.toml").write_text('plugins.block = ["tools.shell"]')
        return theatre.play(
            f"""
            try:
                return await {pattern}({name!r}, args)
            except TypeError as error:
                return str(error)
            """,
            ScriptedBackend({}, has_workspace=True, checks_pass=checks_pass),
            args=items,
            imports="from hocket.script import overlapping, screened",
            meta=f'"checks": {{"house": {json.dumps(check)}}}',
            offers={"patterns": [Screened(), Overlapping()], "policies": [Person(verdict)]},
            plugins={"testing.sandbox": OpenSandbox()},
            flags={"concurrency": 4},
            real_time=True,
        ).result

    return play


def test_a_quote_is_looked_for_in_a_file_of_the_project(theatre, play):
    (theatre.project / "a.md").write_text("It opened in 1921, at last.", encoding="utf-8")
    items = [
        {"quote": "opened in  1921", "source": "a.md"},
        {"quote": "opened in 1922", "source": "a.md"},
        {"quote": "opened", "source": "b.md"},
    ]

    assert play("quote_in_source", items) == ["ok", "absent", "absent"]


def test_a_declared_command_gets_the_item_on_its_standard_input(play):
    seven = "grep -q '\"n\":7'"

    assert play("house", [{"n": 7}, {"n": 8}], check=seven) == ["ok", "differs"]


def test_the_end_of_one_command_does_not_end_another(theatre, play, monkeypatch):
    monkeypatch.chdir(theatre.project)
    for name in ("started", "go"):
        os.mkfifo(theatre.project / name)
    waiting = "if grep -q slow; then echo > started; read line < go; fi"

    assert play("house", ["slow", "quick"], pattern="overlapping", check=waiting) == ["ok", "ok"]


def test_what_the_command_prints_goes_nowhere(play):
    assert play("house", ["secret"], check="cat; exit 3") == ["differs"]


def test_a_denied_command_says_nothing_about_the_item(play):
    assert play("house", [1], verdict=Verdict.DENY) == ["absent"]


def test_in_a_dry_run_commands_pass(play):
    assert play("house", [1], check="false", checks_pass=True) == ["ok"]


def test_an_unknown_screen_is_misuse_that_names_the_known_ones(play):
    told = play("hose", [1])

    assert told.startswith("screened: screen: 'hose' is no screen and not in meta.checks; known: ")
    assert told.endswith("house")
