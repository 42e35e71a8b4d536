"""`hocket trust`: which files of a project may instruct agents."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hocket.cli._candidates import lines
from hocket.cli._consent import interactive
from hocket.cli._output import emit, json_option, tell, write
from hocket.cli._text import inert
from hocket.errors import HocketError, RefusedError, UsageError
from hocket.paths import project_root

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import JsonValue

    from hocket.api.calls import JsonObject
    from hocket.launch.candidates import Candidate
    from hocket.launch.trust import Trust

QUESTION = "Agents will do what these files say. Trust them as shown? [y] yes  [N] no"
NOTHING_CHANGED = "Nothing is trusted that was not before."


@click.command()
@click.option("--show", is_flag=True, help="Only show them, and what changed.")
@click.option("--yes", is_flag=True, help="Trust them as they are now.")
@click.option("--forget", is_flag=True, help="Trust nothing of this project any more.")
@json_option
def trust(*, show: bool, yes: bool, forget: bool) -> None:
    """Show which files of this project would instruct agents, and trust them.

    AGENTS.md, CLAUDE.md, agent types, skills and .mcp.json come with a project, and agents would
    do what they say. They are used once you agree, and only as they were shown to you.
    """
    from hocket.launch.candidates import OPEN, State
    from hocket.launch.trust import Trust

    if show + yes + forget > 1:
        raise UsageError("trust", found="more than one of --show, --yes, --forget", expected="one")
    project, store = project_root(Path.cwd()), Trust()
    if forget:
        _forget(project, store)
        return
    found = store.review(project)
    states = {one.state for one in found}
    if not show and states & {*OPEN, State.GONE}:
        if not yes and states & OPEN:
            _ask(found)
        _pin(project, store, found)
        found = store.review(project)
    files: list[JsonObject] = [_as_data(one) for one in found]
    rows = lines(found) or ["Nothing here would instruct agents."]
    emit("trust", {"project": str(project), "files": [*files]}, lambda: write("\n".join(rows)))


def _ask(found: Sequence[Candidate]) -> None:
    """Show everything and get a person's yes; raises RefusedError."""
    if not interactive():
        raise RefusedError(
            "trust",
            found="nobody is here to look at the files",
            expected="--yes",
            hint=f"Look first: hocket trust --show\nAllow it: hocket trust --yes\n"
            f"{NOTHING_CHANGED}",
        )
    tell("\n".join([*lines(found), QUESTION]))
    try:
        key = click.getchar(echo=False).lower()[:1]
    except (EOFError, OSError):
        key = ""
    if key != "y":
        raise RefusedError("trust", found="not agreed to", hint=NOTHING_CHANGED)


def _pin(project: Path, store: Trust, found: Sequence[Candidate]) -> None:
    try:
        store.pin(project, found)
    except OSError as cause:
        raise _unkept(cause) from cause


def _forget(project: Path, store: Trust) -> None:
    try:
        paths = store.forget(project)
    except OSError as cause:
        raise _unkept(cause) from cause
    rows = [f"forgotten  {inert(path)}" for path in paths] or ["Nothing here was trusted."]
    emit("trust", {"project": str(project), "forgotten": [*paths]}, lambda: write("\n".join(rows)))


def _unkept(cause: OSError) -> HocketError:
    found = f"it could not be kept ({cause.strerror})"
    return HocketError("trust", found=found, expected="a data folder that can be written to")


def _as_data(one: Candidate) -> JsonObject:
    from hocket.launch.candidates import FIT

    known = {"digest": one.digest} if one.state in FIT else {}
    why = {"why": one.why} if one.why else {}
    shown: list[JsonValue] = [*one.difference()]
    return {"path": one.path, "state": one.state.value, **known, **why, "difference": shown}
