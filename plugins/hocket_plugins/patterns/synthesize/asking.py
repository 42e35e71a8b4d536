"""How synthesizing agents are asked: the task, its options, and as much as there is room for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.api.patterns.context import Ask, Spares
from hocket.api.patterns.templates import fill
from hocket_plugins.patterns.synthesize import levels, prompts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import JsonValue

    from hocket.api.patterns.waves import Waves
    from hocket_plugins.patterns.synthesize.arguments import SynthesizeArguments
    from hocket_plugins.patterns.synthesize.levels import Piece


@dataclass(frozen=True, slots=True)
class Asking:
    """Writes the questions of one synthesis."""

    given: SynthesizeArguments
    args: JsonValue
    waves: Waves

    @property
    def total(self) -> int:
        """How many parts there should be."""
        return len(self.given.parts) + len(self.given.missing)

    def condensing(self, group: Sequence[Piece]) -> Ask:
        """Ask for a shorter text of some parts."""
        fitted = self._fitted(group)
        prompt = prompts.condensing(self._task(), fitted)
        return self._ask(prompt, fitted, {"label": "condense", "schema": None})

    def final(self, group: Sequence[Piece], missing: Sequence[str]) -> Ask:
        """Ask for the answer, in its schema."""
        fitted = self._fitted(group)
        limit = prompts.limit(missing, self.total)
        prompt = prompts.final(self._task(), fitted, limit, self.given.cite)
        return self._ask(prompt, fitted, {"label": "write", "schema": self.given.shape})

    def _task(self) -> str:
        return fill(self.given.prompt, {"count": self.total, "args": self.args})

    def _fitted(self, group: Sequence[Piece]) -> Sequence[Piece]:
        pieces, cut = levels.fitted(group)
        if cut:
            self.waves.note(f"too long for one prompt, and cut off: {cut} parts")
        return pieces

    def _ask(self, prompt: str, group: Sequence[Piece], own: dict[str, JsonValue]) -> Ask:
        given = self.given.options("synthesize")
        label = f"{given['label']}: {own['label']}" if "label" in given else own["label"]
        item: JsonValue = [piece.item for piece in group]
        options = {**given, **own, "label": label, "item": item}
        return Ask(prompt=prompt, options=options, spares=Spares(1))
