"""`hocket trust`: what came with this folder, and whether it holds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hocket.cli import _trusting
from hocket.cli._candidates import lines, summary
from hocket.cli._consent import interactive
from hocket.cli._output import emit, json_option, write
from hocket.cli._text import inert
from hocket.errors import RefusedError, UsageError
from hocket.paths import project_root

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import JsonValue

    from hocket.api.calls import JsonObject
    from hocket.trust.candidates import Candidate
    from hocket.trust.standing import Standing
    from hocket.trust.store import Trust


@click.command()
@click.option("--show", is_flag=True, help="Only show it, and what changed.")
@click.option("--yes", is_flag=True, help="Trust it as it is now.")
@click.option("--forget", is_flag=True, help="Trust nothing of this project any more.")
@json_option
def trust(*, show: bool, yes: bool, forget: bool) -> None:
    """Show what came with this folder, and trust it.

    Settings, workflows, plugins, agents, skills and AGENTS.md of a project do nothing before you
    agreed to them, and hold only as they were shown to you. A changed file is asked about again.
    """
    from hocket.launch.project import stands
    from hocket.trust.store import Trust

    if show + yes + forget > 1:
        raise UsageError("trust", found="more than one of --show, --yes, --forget", expected="one")
    here, store = Path.cwd(), Trust()
    root = project_root(here)
    if forget:
        _forget(root, store)
        return
    standing = stands(root, here)
    found = store.review(standing)
    if not show and _is_open(standing, found):
        if not yes:
            _ask(standing, found)
        _trusting.pin(store, standing, found)
        standing = stands(root, here)
        found = store.review(standing)
    _tell(standing, found)


def _is_open(standing: Standing, found: Sequence[Candidate]) -> bool:
    """Say whether there is something to agree to, or a pin of what is no longer there."""
    from hocket.trust.candidates import OPEN, State

    if standing.is_listed:
        return False
    return not standing.is_trusted or any(one.state in {*OPEN, State.GONE} for one in found)


def _ask(standing: Standing, found: Sequence[Candidate]) -> None:
    """Get a person's yes, where there is something to say yes to; raises RefusedError."""
    from hocket.trust.candidates import OPEN

    if standing.is_trusted and not any(one.state in OPEN for one in found):
        return
    if not interactive():
        raise RefusedError(
            "trust",
            found="nobody is here to look at the files",
            expected="--yes",
            hint=f"Look first: hocket trust --show\nAllow it: hocket trust --yes\n"
            f"{_trusting.NOTHING_CHANGED}",
        )
    if not _trusting.asked(standing, found):
        raise RefusedError("trust", found="not agreed to", hint=_trusting.NOTHING_CHANGED)


def _tell(standing: Standing, found: Sequence[Candidate]) -> None:
    files: list[JsonObject] = [_as_data(one) for one in found]
    told: JsonObject = {
        "project": str(standing.root),
        "folder": standing.word.value,
        "files": [*files],
    }
    emit("trust", told, lambda: write("\n".join([summary(standing), *lines(found)])))


def _forget(project: Path, store: Trust) -> None:
    try:
        paths = store.forget(project)
    except OSError as cause:
        raise _trusting.unkept(cause) from cause
    rows = [f"forgotten  {inert(path)}" for path in paths] or ["Nothing here was trusted."]
    emit("trust", {"project": str(project), "forgotten": [*paths]}, lambda: write("\n".join(rows)))


def _as_data(one: Candidate) -> JsonObject:
    from hocket.trust.candidates import FIT

    known = {"digest": one.digest} if one.state in FIT else {}
    why = {"why": one.why} if one.why else {}
    shown: list[JsonValue] = [*one.difference()]
    place = {"path": one.path, "kind": one.kind.value, "state": one.state.value}
    return {**place, **known, **why, "difference": shown}
