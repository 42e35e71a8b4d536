"""What became of every piece of work so far, and the commits of the branch in their order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import JsonValue

    from hocket_plugins.patterns.integrate.units import Reason, Unit


@dataclass(frozen=True, slots=True)
class Landed:
    """A piece of work that is on the branch: with a commit, unless there was nothing to change."""

    unit: Unit
    commit: str | None


@dataclass(slots=True)
class Book:
    """Who is on the branch, who is not and why, and who was made anew."""

    landed: list[Landed] = field(default_factory=list[Landed])
    rejected: dict[int, Reason] = field(default_factory=dict[int, "Reason"])
    rerun: set[int] = field(default_factory=set[int])
    invariants: dict[str, str] = field(default_factory=dict[str, str])
    """How each ended when it was run last."""

    @property
    def commits(self) -> list[Landed]:
        """Those with a commit, from the first to the last."""
        return [one for one in self.landed if one.commit is not None]

    def land(self, units: Sequence[Unit], commits: Sequence[str | None]) -> None:
        """Note what is on the branch now."""
        self.landed += [Landed(*both) for both in zip(units, commits, strict=True)]

    def reject(self, unit: Unit, reason: Reason) -> None:
        """Note that it is not."""
        self.rejected[unit.index] = reason

    def cut(self, at: Landed) -> list[Unit]:
        """Forget one and all that came after it; gives those after it."""
        position = self.landed.index(at)
        later = [one.unit for one in self.landed[position + 1 :]]
        del self.landed[position:]
        return later

    def rest(self, units: Sequence[Unit], reason: Reason) -> None:
        """Reject whoever nothing has become of."""
        known = {one.unit.index for one in self.landed} | self.rejected.keys()
        for unit in units:
            if unit.index not in known:
                self.reject(unit, reason)

    def result(self) -> dict[str, JsonValue]:
        """Tell it by indexes, in input order."""
        unchanged = sorted(one.unit.index for one in self.landed if one.commit is None)
        return {
            "applied": [*sorted(one.unit.index for one in self.landed)],
            "unchanged": [*unchanged],
            "rerun": [*sorted(self.rerun)],
            "rejected": [_told(index, self.rejected[index]) for index in sorted(self.rejected)],
            "invariants": {**self.invariants},
        }


def _told(index: int, reason: Reason) -> JsonValue:
    hunks: list[JsonValue] = [{"file": hunk.file, "text": hunk.text} for hunk in reason.hunks]
    return {"index": index, "cause": reason.cause, "hunks": hunks, "output": reason.output}
