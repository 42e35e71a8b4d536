"""The whole rehearsal of a bundle: what it is, its dry runs, and its own cases."""

from __future__ import annotations

import asyncio
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import tomli_w

from hocket.errors import HocketError, UsageError
from hocket.launch.project import Project
from hocket.launch.typed import Line
from hocket.rehearsal import case, worlds
from hocket.rehearsal.cast import Cast
from hocket.rehearsal.staging import play
from hocket.workspaces.git import Git, program

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hocket.api.clock import Clock
    from hocket.launch.prepare import Prepared
    from hocket.rehearsal.case import Case
    from hocket.rehearsal.worlds import Trial

TRUSTED = "HOCKET_TRUSTED_FOLDERS"


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """One case, and what was wrong with it."""

    place: str
    name: str
    calls: int = 0
    problems: tuple[str, ...] = ()
    trials: tuple[Trial, ...] = ()
    """Its dry runs: a script's way depends on what it is given."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """Rehearses the scripts of one folder."""

    folder: Path
    scripts: Mapping[str, str]
    """By command: the path of its script in the folder."""
    env: Mapping[str, str]
    clock: Clock

    def all(self) -> list[Rehearsed]:
        """Rehearse every case; what is no case is told as a broken one."""
        found = case.read(self.folder)
        broken = [Rehearsed(place, "", problems=(why,)) for place, why in found.broken]
        return [*broken, *(self._rehearsed(place, one) for place, one in found.found.items())]

    def _rehearsed(self, place: str, one: Case) -> Rehearsed:
        with tempfile.TemporaryDirectory() as name:
            root = Path(name).resolve()
            try:
                prepared = self._prepared(root, one)
            except HocketError as refused:
                return Rehearsed(place, one.name, problems=(refused.message,))
            cast = Cast(one.answers)
            played = play(prepared, cast)
            ended = played.ended
            wrong = [*cast.unanswered]
            if ended.state == "completed":
                wrong += [miss.text for miss in case.missed(one, ended.result)]
            else:
                wrong.append(f"it {ended.state}: {ended.cause}")
            trials = worlds.trials(prepared, self.clock)
        return Rehearsed(place, one.name, played.calls, tuple(wrong), tuple(trials))

    def _prepared(self, root: Path, one: Case) -> Prepared:
        """Lay the case's files out in a project of their own, and read what is typed there."""
        _lay_out(root, one)
        env = {**self.env, TRUSTED: str(root)}
        project = Project.open(root, choices={"backend": worlds.AGENTS}, env=env)
        script = str(self.folder / self._script(one))
        if one.args is not None:
            return Line(script, args=json.dumps(one.args)).prepare(project)
        return Line(script, words=tuple(one.words or ())).prepare(project)

    def _script(self, one: Case) -> str:
        command = one.command or next(iter(self.scripts), "")
        if command not in self.scripts:
            known: Sequence[str] = sorted(self.scripts)
            raise UsageError(
                one.name, found=f"there is no command '{command}'", expected=" or ".join(known)
            )
        return self.scripts[command]


def _lay_out(root: Path, one: Case) -> None:
    if one.before is not None:
        _write(root, one.before)
        asyncio.run(_committed(root))
    _write(root, one.files)
    if one.checks:
        _write(root, {".hocket/config.toml": tomli_w.dumps({"checks": one.checks})})


def _write(root: Path, files: Mapping[str, str]) -> None:
    for path, text in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")


async def _committed(root: Path) -> None:
    """Make the folder a repository with one commit, by our own git."""
    git = Git(program(), root / ".git", root)
    for words in (("init", "-q"), ("add", "-A"), ("commit", "-qm", "before")):
        await git.run(*words)
