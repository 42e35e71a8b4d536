"""What `classify_and_act` gives back: kept items by class, acts, and what needs a person."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket_plugins.patterns.classify_and_act.agreement import Agreement

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pydantic import JsonValue

    from hocket_plugins.patterns.classify_and_act.arguments import ClassifyArguments
    from hocket_plugins.patterns.classify_and_act.reading import Reading

    Told = dict[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Outcome:
    """All readings of one run."""

    arguments: ClassifyArguments
    readings: Sequence[Reading]

    def told(self, acted: list[Told]) -> Told:
        """Tell everything but the envelope."""
        escalated = [it for it in self.readings if self._state(it) == "escalated"]
        return {
            "classes": {name: self._kept(name) for name in self.arguments.classes},
            "acted": [*acted],
            "escalated": [self._handed_back(it) for it in escalated],
            "failed": [self._handed_back(it) for it in self.readings if it.failed],
            "votes": self._votes(),
        }

    @property
    def agreement(self) -> Agreement:
        """What the items say whose class needed agreement, and got all its votes."""
        return Agreement([it for it in self.readings if it.needs_agreement and it.ended is None])

    def notes(self) -> Iterator[str]:
        """Say what a reader must not miss."""
        states = Counter(self._state(it) for it in self.readings)
        for state, text in NOTED.items():
            if states[state]:
                yield f"{states[state]} of {len(self.arguments.items)} items {text}"
        measured = self.agreement.note()
        if measured is not None:
            yield measured
        single = sum(
            it.first is not None and not it.needs_agreement and it.label in self.arguments.acts
            for it in self.readings
        )
        if single:
            yield f"{single} items were treated by a single reading: its error is not measured"

    def _state(self, reading: Reading) -> str:
        if reading.failed:
            return "failed"
        treatment = "escalate" if reading.label is None else self.arguments.treatment(reading.label)
        if not isinstance(treatment, str):
            return "labelled"
        return {"escalate": "escalated", "drop": "dropped"}.get(treatment, "labelled")

    def _kept(self, name: str) -> list[JsonValue]:
        return [
            it.item for it in self.readings if it.label == name and self._state(it) == "labelled"
        ]

    def _handed_back(self, reading: Reading) -> Told:
        cause = reading.cause or f"class {reading.label}"
        told: Told = {"index": reading.index, "item": reading.item}
        return {**told, "class": reading.first, "cause": cause}

    def _votes(self) -> list[JsonValue]:
        """Tell of every item in its place, of a null too."""
        found = {it.index: it for it in self.readings}
        return [
            self._record(found[index]) if index in found else skipped(index)
            for index in range(len(self.arguments.items))
        ]

    def _record(self, reading: Reading) -> Told:
        told: Told = {"index": reading.index, "state": self._state(reading), "class": reading.label}
        return {**told, "cause": reading.cause, "votes": {**reading.votes}}


NOTED = {
    "escalated": "are handed back: no class, or one that needs a person",
    "dropped": "were dropped, as their class says",
    "failed": "have no label: the calls for them failed",
}


def skipped(index: int) -> Told:
    """Tell of a place that held nothing."""
    told: Told = {"index": index, "state": "skipped", "class": None}
    return {**told, "cause": "null item", "votes": {}}
