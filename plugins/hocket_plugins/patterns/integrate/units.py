"""The pieces of work: a patch each, who made it, and how often it may be made anew."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hocket.api.patterns.context import COUNTED, Spares

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from pydantic import JsonValue

    from hocket.api.branches import Branch, Hunk
    from hocket.api.patterns.context import Ask

    Record = Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a patch does not go in."""

    cause: str
    """`conflict`, `check: NAME`, `invariant: NAME`, an end state, or what stopped the rest."""
    hunks: tuple[Hunk, ...] = ()
    output: str | None = None
    """What the command said that failed."""


@dataclass(slots=True)
class Unit:
    """One piece of work, from its record to a commit or a rejection."""

    index: int
    call: str
    patch: str
    """The digest of its patch; empty when it changed nothing."""
    spares: Spares
    """Agents that may still be asked for it."""
    lines: int = 0
    files: frozenset[str] = frozenset()
    prompt: str | None = None
    label: str = ""
    options: Record = field(default_factory=dict[str, "JsonValue"])
    rounds: int = 0
    """How often it was made anew."""

    def learn(self, ask: Ask | None) -> None:
        """Take over what its call was asked; what its record says goes before that."""
        if ask is not None:
            self.prompt, self.options = self.prompt or ask.prompt, ask.options
            self.label = self.label or str(ask.options.get("label") or "")

    def take(self, changes: JsonValue) -> None:
        """Take the patch of a call: none when it changed nothing."""
        told = changes if isinstance(changes, dict) else {}
        self.patch = str(told.get("patch") or "")
        self.lines = sum(_count(told.get(name)) for name in ("insertions", "deletions"))


def read(record: Record | None, index: int, attempts: int) -> Unit | Reason:
    """Read a record; a reason for one that is no work to put in."""
    if record is None:
        return Reason("skipped: null item")
    state = str(record.get("state"))
    if state not in COUNTED:
        return Reason(state)
    unit = Unit(index, str(record.get("call") or ""), "", Spares(attempts))
    unit.take(record.get("changes"))
    prompt, label = record.get("prompt"), record.get("label")
    unit.prompt = prompt if isinstance(prompt, str) else None
    unit.label = label if isinstance(label, str) else ""
    return unit


async def in_order(units: Collection[Unit], order: str, branch: Branch) -> list[Unit]:
    """Look into the patches and order them; equal ones stay as they were given."""
    for unit in units:
        if unit.patch:
            unit.files = frozenset(await branch.files(unit.patch))
    if order == "smallest":
        return sorted(units, key=lambda unit: unit.lines)
    if order == "path":
        return sorted(units, key=lambda unit: min(unit.files, default=""))
    return [*units]


def together(units: Iterable[Unit]) -> tuple[list[Unit], list[Unit]]:
    """Part those that touch no file of any before them: they cannot conflict with each other."""
    touched: set[str] = set()
    first: list[Unit] = []
    rest: list[Unit] = []
    for unit in units:
        (first if touched.isdisjoint(unit.files) else rest).append(unit)
        touched |= unit.files
    return first, rest


def halves(units: Sequence[Unit]) -> tuple[Sequence[Unit], Sequence[Unit]]:
    """Cut a group in two."""
    middle = len(units) // 2
    return units[:middle], units[middle:]


def _count(lines: JsonValue) -> int:
    return lines if isinstance(lines, int) else 0
