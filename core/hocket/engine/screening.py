"""Screens for patterns: texts are read here, and only a bounded value goes on."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from itertools import count
from typing import TYPE_CHECKING

from hocket.api.patterns.templates import canonical
from hocket.api.tools import Label
from hocket.engine import examination

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import JsonValue

    from hocket.api.calls import Call, Check
    from hocket.engine.lending import Lending
    from hocket.engine.requests import Surroundings
    from hocket.engine.services import Services

WHO, KEY = "screen", "text_key"
OK, DIFFERS, ABSENT = "ok", "differs", "absent"


class Screening:
    """Runs hocket's own screens, and commands of `meta.checks` on an item."""

    def __init__(self, services: Services, lending: Lending) -> None:
        self._services = services
        self._lending = lending
        self._numbers = count(1)
        self._free = asyncio.Semaphore(services.ledger.cap)
        """As many commands at once as agents: a pattern may screen a thousand items."""

    async def run(self, around: Surroundings, name: str, item: JsonValue) -> JsonValue:
        """Run a screen by its name; raises TypeError for one that nobody knows."""
        from hocket.screens import table  # noqa: PLC0415  (only who screens pays for it)

        try:
            item = self._services.seals.revealed(item)
        except LookupError:
            return ABSENT
        if name == KEY:
            return table.run(name, item, self._services.text_of)
        if name in table.SCREENS:  # a long text takes its time, and other calls go on
            return await asyncio.to_thread(table.run, name, item, self._services.text_of)
        if name not in around.checks:
            known = ", ".join([*table.SCREENS, *sorted(around.checks)])
            raise TypeError(f"screen: {name!r} is no screen and not in meta.checks; known: {known}")
        check = around.checks[name]
        return await self._checked(examination.asker(WHO, check, around), check, item)

    def cut(self, text: JsonValue, spans: Sequence[tuple[int, int]]) -> JsonValue:
        """Take pieces out of a text; what is left of a handle's words is a handle of its own."""
        seals = self._services.seals
        try:
            whole = seals.revealed(text)
        except LookupError:
            return text
        if not isinstance(whole, str):
            return text
        kept = whole
        for start, end in sorted(spans, reverse=True):
            kept = kept[:start] + kept[max(start, end) :]
        if whole == text:
            return kept.strip()
        sources = (source for every in seals.released(text).outside.values() for source in every)
        return seals.withheld(kept.strip(), Label(outside=True, sources=frozenset(sources)))

    async def _checked(self, asker: Call, check: Check, item: JsonValue) -> str:
        """Give the item to a command as JSON on its standard input; what it prints stays here."""
        if self._services.backend.checks_pass:
            return OK
        if await examination.refusal(asker, check, self._lending) is not None:
            return ABSENT
        grounds, uses = self._lending.grounds, self._lending.uses
        async with grounds.open(asker, isolated=False) as ground:
            workspace = replace(ground, ceiling=asker.options.ceiling)
            # What carries its mark is swept when a command ends, so no two may share one.
            mark = f"{grounds.mark}/{WHO}/{next(self._numbers)}"
            given = canonical(item).encode("utf-8", "replace")
            granted = partial(uses.granted, asker)
            async with self._free:
                ran = await grounds.check(check, workspace, mark, granted, given)
        return DIFFERS if ran.code else OK
