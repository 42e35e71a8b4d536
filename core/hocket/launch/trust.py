"""Which files of a project may instruct agents: pinned by a person to what they were shown.

A cloned project brings texts that agents would obey. None of them counts before a person agreed,
and a changed one not until they agree again: a pin is the digest of the text that was shown.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING

from hocket import paths
from hocket.launch.candidates import FIT, State, found, look

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from pydantic import JsonValue

    from hocket.launch.candidates import Candidate

    Pins = dict[str, str]

_NAMED = 3
"""How many files a note names before it counts."""


class Trust:
    """What a person trusted in which project, kept in their own folder."""

    def __init__(self, folder: Path | None = None) -> None:
        home = folder or paths.user_data()
        self._file, self._texts = home / "trust.json", home / "trust"

    def of(self, project: Path) -> Pins:
        """Give the pins of a project: who reads a file has to compare its digest."""
        return self._read().get(_key(project), {})

    def review(self, project: Path) -> list[Candidate]:
        """Look at everything that would instruct agents, and at all that is pinned."""
        pins = self.of(project)
        names = sorted({*found(project), *pins})
        return [look(project, name, pins.get(name), self._before) for name in names]

    def pin(self, project: Path, shown: Iterable[Candidate]) -> None:
        """Trust what was shown and nothing else here; raises OSError where nothing can be kept."""
        fit = [one for one in shown if one.state in FIT]
        self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        for one in fit:
            _write(self._texts / one.digest, one.content)
        self._keep(project, {one.path: one.digest for one in fit})

    def forget(self, project: Path) -> list[str]:
        """Trust nothing of the project any more, and say what was trusted."""
        pins = self.of(project)
        if pins:
            self._keep(project, {})
        return sorted(pins)

    def notes(self, project: Path) -> tuple[str, ...]:
        """Say on the card what is left out, and why."""
        seen = self.review(project)
        new = [one.path for one in seen if one.state is State.NEW]
        changed = [one.path for one in seen if one.state is State.CHANGED]
        return (
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

    def _keep(self, project: Path, pins: Pins) -> None:
        everything = {**self._read(), _key(project): pins}
        kept = {root: own for root, own in everything.items() if own}
        _write(self._file, json.dumps(kept, indent=1).encode())
        used = {digest for own in kept.values() for digest in own.values()}
        for text in [*self._texts.glob("*")]:
            if text.name not in used:
                text.unlink(missing_ok=True)

    def _read(self) -> dict[str, Pins]:
        """Read all pins; a file that is damaged trusts nothing."""
        try:
            kept: JsonValue = json.loads(self._file.read_text("utf-8"))
        except (OSError, ValueError, RecursionError):
            return {}
        projects = kept.items() if isinstance(kept, dict) else ()
        return {root: _pins(own) for root, own in projects if isinstance(own, dict)}


def _pins(own: Mapping[str, JsonValue]) -> Pins:
    return {path: digest for path, digest in own.items() if isinstance(digest, str)}


def _key(project: Path) -> str:
    return os.path.realpath(project)


def _left_out(names: list[str], why: str) -> list[str]:
    if not names:
        return []
    more = len(names) - _NAMED
    listed = ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")
    return [f"{listed} {'is' if len(names) == 1 else 'are'} not used: {why}"]


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(exist_ok=True, mode=0o700)
    draft = path.with_suffix(f".{os.getpid()}.new")
    with suppress(FileNotFoundError):
        draft.unlink()
    # Made anew and for nobody else: not through a link that somebody left there.
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    os.replace(draft, path)  # noqa: PTH105  (the rename is the point)
