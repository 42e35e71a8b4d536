"""What a person trusts: folders, and in them the files they were shown, as they were shown.

What comes with a folder does nothing before: no settings, workflows, plugins, servers, and no
text that agents would obey. A changed file does nothing until it is agreed to again, and the
folder stays trusted. A pin is the digest of what was shown.
"""

from __future__ import annotations

import os
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from hocket import paths
from hocket.config import Trusting
from hocket.trust import pins
from hocket.trust.candidates import FIT, State, look
from hocket.trust.kinds import Kind, found
from hocket.trust.pins import Damaged, Kept
from hocket.trust.standing import Standing, Word

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from hocket.trust.candidates import Candidate

    Pins = Mapping[str, str]

ANYBODY = Trusting()
_NAMED = 3
"""How many files a note names before it counts."""


class Trust:
    """What a person trusted in which project, kept in their own folder."""

    def __init__(self, folder: Path | None = None) -> None:
        home = folder or paths.user_data()
        self._file, self._texts = home / "trust.json", home / "trust"

    def of(self, project: Path) -> Pins:
        """Give the pins of a project: who reads a file has to compare its digest."""
        return self._kept(project).files

    def standing(
        self, project: Path, trusting: Trusting = ANYBODY, here: Path | None = None
    ) -> Standing:
        """Say how a project stands with the person, as settings allow it."""
        if trusting.lists(project):
            held = {one.path: one.digest for one in _all(project, here) if one.state in FIT}
            return Standing(project, Word.LISTED, held, trusting.origin, here=here)
        if trusting.forbidden:
            return Standing(project, Word.FORBIDDEN, why=trusting.forbidden, here=here)
        everything, damaged = self._read()
        kept = everything.get(_key(project), Kept())
        return Standing(project, _word(project, kept), kept.files, "", damaged, here)

    def review(self, standing: Standing) -> list[Candidate]:
        """Look at everything that came with the folder, and at all that is pinned, by kind."""
        root, held = standing.root, standing.pins
        names = {*found(root, standing.here), *held}
        seen = [look(root, name, held.get(name), self._before) for name in names]
        told = [one for one in seen if one.state is not State.GONE or one.path in held]
        order = [*Kind]
        return sorted(told, key=lambda one: (order.index(one.kind), one.path))

    def pin(self, project: Path, shown: Iterable[Candidate], *, folder: bool = True) -> None:
        """Trust the folder and what was shown, and nothing else here.

        Without `folder` these files are trusted beside those that were before. Raises OSError
        where nothing can be kept.
        """
        fit = [one for one in shown if one.state in FIT]
        self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        for one in fit:
            pins.write(self._texts / one.digest, one.content)
        files = {one.path: one.digest for one in fit}
        if folder:
            self._keep(project, Kept(files, pins.identity(project)))
        else:
            before = self._kept(project)
            self._keep(project, replace(before, files={**before.files, **files}))

    def forget(self, project: Path) -> list[str]:
        """Trust nothing of the project any more, and say what was trusted."""
        kept = self._kept(project)
        if not kept.is_empty:
            self._keep(project, Kept())
        return [*(["the folder"] if kept.folder else []), *sorted(kept.files)]

    def notes(self, standing: Standing, but: str = "") -> tuple[str, ...]:
        """Say on the card what is left out, and why; settings say it themselves.

        Nothing of the file `but`: the card is about it.
        """
        review = [one for one in self.review(standing) if one.path != but]
        seen = [one for one in review if one.kind is not Kind.SETTINGS]
        new = [one.path for one in seen if one.state is State.NEW]
        changed = [one.path for one in seen if one.state is State.CHANGED]
        return (
            *standing.notes(),
            *_left_out(new, "not trusted yet (hocket trust)"),
            *_left_out(changed, "changed since it was trusted (hocket trust)"),
            *(f"{one.path} is not used: {one.why}" for one in seen if one.state is State.UNFIT),
        )

    def _before(self, digest: str) -> bytes | None:
        """Read what was trusted; what is not what it was called is worth nothing."""
        try:
            content = (self._texts / digest).read_bytes()
        except (OSError, ValueError):
            return None
        return content if sha256(content).hexdigest() == digest else None

    def _kept(self, project: Path) -> Kept:
        return self._read()[0].get(_key(project), Kept())

    def _keep(self, project: Path, own: Kept) -> None:
        kept = {**self._read()[0], _key(project): own}
        pins.write(self._file, pins.dump(kept))
        used = {digest for one in kept.values() for digest in one.files.values()}
        for text in [*self._texts.glob("*")]:
            if text.name not in used:
                text.unlink(missing_ok=True)

    def _read(self) -> tuple[dict[str, Kept], bool]:
        """Read all there is, and whether the file is damaged: then it trusts nothing."""
        try:
            return pins.load(self._file), False
        except Damaged:
            return {}, True


def _word(project: Path, kept: Kept) -> Word:
    if not kept.folder:
        return Word.UNTRUSTED
    same = pins.is_same(kept.folder, pins.identity(project))
    return Word.TRUSTED if same else Word.REPLACED


def _all(project: Path, here: Path | None) -> list[Candidate]:
    return [look(project, name, None, _nothing) for name in found(project, here)]


def _nothing(_digest: str) -> None:
    """Know no text of before."""


def _key(project: Path) -> str:
    return os.path.realpath(project)


def _left_out(names: list[str], why: str) -> list[str]:
    if not names:
        return []
    more = len(names) - _NAMED
    listed = ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")
    return [f"{listed} {'is' if len(names) == 1 else 'are'} not used: {why}"]
