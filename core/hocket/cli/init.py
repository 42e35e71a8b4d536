"""`hocket init`: a project's folder with settings, and a first workflow to change."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hocket.cli._output import emit, json_option, suggest, table
from hocket.cli._starter import FILES
from hocket.errors import HocketError
from hocket.paths import project_root, shown

if TYPE_CHECKING:
    from hocket.api.calls import JsonObject


@click.command()
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
@json_option
def init(folder: Path | None) -> None:
    """Make a project ready: settings and a first workflow.

    FOLDER is the project, by default the one around the current folder. What exists is never
    touched, so typing it again is harmless.
    """
    project = (folder or project_root(Path.cwd())).absolute()
    states = {name: _make(project, name, text) for name, (text, _) in FILES.items()}
    trusted = _trust(project, {name for name, state in states.items() if state == "made"})
    files: list[JsonObject] = [{"path": name, "state": state} for name, state in states.items()]

    def human() -> None:
        rows = [(state, name, FILES[name][1]) for name, state in states.items()]
        table(("state", "file", "what it is"), rows)
        if not trusted:
            suggest("\nSee what else came with this folder, and trust it: hocket trust")
        suggest(
            f"\nThe project is {shown(project, project.parent)}. What it can run on: hocket doctor"
        )

    told: JsonObject = {"project": str(project), "trusted": trusted, "files": [*files]}
    emit("init", told, human)


def _trust(project: Path, made: set[str]) -> bool:
    """Trust what was written here, and the folder when nothing else came with it.

    Gives whether the folder is trusted; one that was cloned is looked at by a person first.
    """
    from hocket.launch.project import stands
    from hocket.trust.candidates import OPEN
    from hocket.trust.standing import Word
    from hocket.trust.store import Trust

    store, standing = Trust(), stands(project, project)
    if not made or standing.word in {Word.LISTED, Word.FORBIDDEN}:
        return standing.is_trusted
    found = store.review(standing)
    mine = [one for one in found if one.path in made]
    is_alone = all(one in mine for one in found if one.state in OPEN)
    with suppress(OSError):
        store.pin(project, found if is_alone else mine, folder=is_alone)
    return stands(project, project).is_trusted


def _make(project: Path, name: str, text: str) -> str:
    """Make one file, and say `made`, or `kept` when there was one."""
    path = project / name
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError as there:
        # A file where a folder must be raises the same; only the path itself was kept.
        if there.filename == str(path):
            return "kept"
        raise _unwritable(there, project) from there
    except OSError as cause:
        raise _unwritable(cause, project) from cause
    return "made"


def _unwritable(cause: OSError, project: Path) -> HocketError:
    return HocketError(
        "init",
        found=f"{shown(Path(str(cause.filename)), project)} cannot be made ({cause.strerror})",
        expected="a folder that can be written to",
        hint="What was made before stays.",
    )
