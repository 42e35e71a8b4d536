"""Nested workflows: a child script shares slots, totals, budget, journal and stop."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING, Protocol

from hocket.api.scripts import Raised
from hocket.engine.faults import ScriptFault
from hocket.engine.place import Place

if TYPE_CHECKING:
    from pydantic import JsonValue

    from hocket.api.scripts import Returned, Script
    from hocket.engine.driver import Driver
    from hocket.engine.place import Inside

    Payload = dict[str, JsonValue]

ALIVE_PER_LEVEL = 16


class Library(Protocol):
    """Finds the scripts that `workflow()` names."""

    def find(self, ref: JsonValue, parent: Script) -> Script:
        """Give the script; raises LookupError with the sentence the caller sees."""
        ...

    def arguments(self, script: Script, args: JsonValue) -> JsonValue:
        """Fill in defaults and validate; raises ValueError naming the field."""
        ...


class Starter(Protocol):
    """Makes and drives a child's driver; the run knows how."""

    async def __call__(
        self, script: Script, args: JsonValue, *, has_args: bool, place: Place
    ) -> tuple[Driver, Returned | Raised]:
        """Run the child to its end."""
        ...


class Children:
    """Starts child scripts, at most 16 alive per level, and gives their results."""

    def __init__(self, library: Library, nesting: int, start: Starter) -> None:
        self._library = library
        self._nesting = nesting
        self._start = start
        self._gates: dict[int, asyncio.Semaphore] = {}
        self._titles: Counter[str] = Counter()

    def begin_again(self) -> None:
        """Start a life of the script: names are counted anew."""
        self._titles.clear()

    def find(self, driver: Driver, payload: Payload) -> Script:
        """Resolve what `workflow()` names; raises ScriptFault."""
        ref = payload.get("ref")
        try:
            return self._library.find(ref, driver.script)
        except LookupError as error:
            raise _trouble(_shown(ref), str(error.args[0])) from None

    async def run(
        self, driver: Driver, script: Script, payload: Payload, inside: Inside
    ) -> JsonValue:
        """Run a child to its end and give its result."""
        depth = driver.depth + 1
        name = script.manifest.name
        if depth > self._nesting:
            raise _trouble(f'"{name}"', f"nested deeper than {self._nesting}")
        try:
            args = self._library.arguments(script, payload.get("args"))
        except ValueError as error:
            raise _trouble(f'"{name}"', str(error)) from None
        title = self._title(name)
        async with self._gates.setdefault(depth, asyncio.Semaphore(ALIVE_PER_LEVEL)):
            place = Place(depth, title, driver.around.tally, driver.script.ceiling)
            child, end = await self._start(script, args, has_args="args" in payload, place=place)
        inside.asked, inside.failed = child.asked, child.failed
        if isinstance(end, Raised):
            raise ScriptFault(end.fault.name, end.fault.message)
        return end.value

    def _title(self, name: str) -> str:
        self._titles[name] += 1
        count = self._titles[name]
        return f"▸ {name}" if count == 1 else f"▸ {name} #{count}"


def _shown(ref: JsonValue) -> str:
    return f'"{ref}"' if isinstance(ref, str) else str(ref)


def _trouble(shown: str, reason: str) -> ScriptFault:
    return ScriptFault("WorkflowError", f"workflow({shown}): {reason}")
