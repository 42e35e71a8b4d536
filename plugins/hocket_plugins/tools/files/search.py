"""Goes through files for a limited time, and keeps a limited number of findings."""

from __future__ import annotations

import asyncio
import os
import stat
import sys
from dataclasses import dataclass, field
from threading import Event
from typing import TYPE_CHECKING

from hocket.api.tools import ToolOutput
from hocket_plugins.tools.files import ripgrep
from hocket_plugins.tools.files.trouble import told
from hocket_plugins.tools.files.walk import Walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hocket_plugins.tools.files.confinement import Place
    from hocket_plugins.tools.files.desk import Desk
    from hocket_plugins.tools.files.regex import Regex
    from hocket_plugins.tools.files.section import Files


@dataclass(slots=True)
class Findings:
    """What was found, as far as it fits, and what was passed over."""

    most_bytes: int
    most_paths: int
    lines: list[str] = field(default_factory=list[str])
    full: bool = False
    notes: dict[str, int] = field(default_factory=dict[str, int])
    """How many files were passed over, by the reason."""
    places: list[Place] = field(default_factory=list["Place"])
    """The files that a line is from."""
    _size: int = 0
    _paths: int = 0

    def add(self, place: Place, details: Iterable[str] = ("",)) -> bool:
        """Keep a path with each of its details; False when something does not fit any more."""
        path, paths = place.name, self._paths + 1
        for detail in details:
            line = f"{path}:{detail}" if detail else path
            self._size += len(line.encode("utf-8", "replace")) + 1
            if paths > self.most_paths or self._size > self.most_bytes:
                self.full = True
                return False
            if self._paths < paths:
                self._paths = paths
                self.places.append(place)
            self.lines.append(line)
        return True

    def passed_over(self, reason: str) -> None:
        """Count a file that was not looked at."""
        self.notes[reason] = self.notes.get(reason, 0) + 1

    def output(self, desk: Desk, limits: Files, *, complete: bool) -> ToolOutput:
        """Say what was found, and what may be missing; the words of all that is listed count."""
        notes = [f"{count} not searched: {reason}" for reason, count in self.notes.items()]
        if self.full:
            notes.append("there is more; narrow the path or the pattern")
        if not complete:
            notes.append(f"stopped after {limits.search_s:g} s; narrow the path")
        found = self.lines or ["[nothing was found]"]
        text = "\n".join((*found, *(f"[{note}]" for note in notes)))
        # After the text: a thread that ran out of time may still be finding more.
        desk.meet(*self.places)
        return ToolOutput(text)


async def visit(
    desk: Desk,
    top: Place,
    wanted: Regex | None,
    look: Callable[[Place, Event], bool],
    seconds: float,
) -> bool:
    """Look at the files beneath a folder until `look` says False; False when time ran out."""
    stop = Event()
    try:
        async with asyncio.timeout(seconds):
            places = await _places(desk, top, wanted)
            await asyncio.to_thread(_visit, places, look, stop)
    except TimeoutError:
        return False
    finally:
        # Nobody can end a thread: it looks here before each piece of work.
        stop.set()
    return True


async def _places(desk: Desk, top: Place, wanted: Regex | None) -> Iterable[Place]:
    if stat.S_ISREG(_mode(top)):
        return [top]
    with desk.ground.folder(top):
        names = await _listed(desk, top, wanted)
    return (desk.ground.beneath(top, name) for name in names)


async def _listed(desk: Desk, top: Place, wanted: Regex | None) -> Iterable[str]:
    rg = ripgrep.program(desk.context, desk.ground)
    # ripgrep does not know the ignore files above a folder that it is started in.
    if rg and top.real == top.ground and sys.platform == "linux":
        found = await ripgrep.names(rg, desk.ground, top, wanted)
        if found is not None:
            return found
    return Walk(desk.ground, top).files()


def _visit(places: Iterable[Place], look: Callable[[Place, Event], bool], stop: Event) -> None:
    for place in places:
        # A folder that became a link meanwhile may lead anywhere.
        is_there = os.path.realpath(place.real) == place.real
        if stop.is_set() or (is_there and not look(place, stop)):
            return


def _mode(place: Place) -> int:
    try:
        return os.lstat(place.real).st_mode
    except OSError as cause:
        raise told(place.name, cause) from cause
