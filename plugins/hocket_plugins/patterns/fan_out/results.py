"""What came of all units: results in their places, and one answer made of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import JsonValue

    from hocket.api.patterns.waves import Waves
    from hocket_plugins.patterns.fan_out.arguments import FanOutArguments
    from hocket_plugins.patterns.fan_out.units import Unit

    Told = dict[str, JsonValue]

SYNTHESIS = ("missing", "cut", "uncited", "levels", "error", "complete")


@dataclass(slots=True)
class Results:
    """All units, those that were asked about, and what else the result holds."""

    given: FanOutArguments
    units: Sequence[Unit]
    todo: Sequence[Unit]
    more: Told = field(default_factory=dict[str, "JsonValue"])
    stopped: str | None = None
    whole: bool = True
    """Whether what was made of the answers is whole."""

    @property
    def answered(self) -> list[Unit]:
        """The units that have an answer."""
        return [unit for unit in self.todo if unit.answered]

    async def combine(self, waves: Waves) -> None:
        """Merge the answers, then make one of them, as far as that was asked for."""
        parts = [unit.value for unit in self.answered]
        if self.given.merge is not None:
            parts = await self._merged(waves, parts)
        if self.given.synthesize is not None:
            await self._synthesized(waves, parts)

    async def _merged(self, waves: Waves, parts: list[JsonValue]) -> list[JsonValue]:
        wish = {**self.given.shared, **(self.given.merge or {}), "records": parts}
        if wish.get("same") and not self._may_ask(waves):
            wish["same"] = None
            waves.note("nobody was left to say which keys are the same")
        told = await waves.pattern("merge", wish)
        self.more["merged"] = {name: told[name] for name in ("records", "conflicts")}
        records = told["records"]
        return records if isinstance(records, list) else []

    async def _synthesized(self, waves: Waves, parts: list[JsonValue]) -> None:
        """Make one answer, unless too little is left: it would sound as if it rested on all."""
        self.more["answer"] = None
        if len(self.answered) < self.given.min_share * len(self.todo):
            self.stopped, self.whole = "few", False
            waves.note(f"no synthesis: only {self.coverage} answered")
        elif self.todo and self._may_ask(waves):
            told = await waves.pattern("synthesize", self.given.synthesis(parts, self._missing()))
            self.more["answer"] = told["answer"]
            self.more["synthesis"] = {name: told[name] for name in SYNTHESIS}
            self.whole = told["complete"] is True

    def _may_ask(self, waves: Waves) -> bool:
        """Whether the run and `max_calls` give another call; else the result is not whole."""
        if waves.stopped is None and waves.left != 0:
            return True
        self.stopped, self.whole = "max", False
        return False

    def _missing(self) -> list[str]:
        lost = [unit for unit in self.todo if not unit.answered]
        return [f"item {unit.index}: {unit.state.value}" for unit in lost]

    @property
    def coverage(self) -> str:
        """How many of those asked about have an answer."""
        return f"{len(self.answered)} of {len(self.todo)}"

    def envelope(self, waves: Waves) -> Told:
        """Put everything together."""
        failed: list[JsonValue] = [unit.index for unit in self.todo if not unit.answered]
        held = not any(unit.broken for unit in self.todo)
        basis = "invariants" if self.given.invariants else "nothing: no answer was checked"
        return waves.envelope(
            {
                "results": [unit.value for unit in self.units],
                "records": [unit.record() for unit in self.units],
                "failed": failed,
                "coverage": self.coverage,
                **self.more,
            },
            stopped=self.stopped,
            complete=not failed and held and self.whole,
            error={"failed": len(failed), "of": len(self.todo), "basis": basis},
        )
