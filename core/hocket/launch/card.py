"""What a person is shown before a run, and what an approval is pinned to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import JsonValue

    from hocket.api.scripts import Phase, Script
    from hocket.engine.services import Caps


@dataclass(frozen=True, slots=True)
class Card:
    """One screen: what it is, what it may use, and which commands could run."""

    name: str
    description: str
    path: str
    digest: str
    phases: tuple[Phase, ...]
    backend: str
    agents: int
    at_once: int
    budget_tokens: int | None
    budget_micros: int | None
    checks: tuple[tuple[str, str], ...]
    """Every command that `check=` could run, in full."""
    notes: tuple[str, ...]

    @classmethod
    def of(cls, script: Script, caps: Caps, backend: str, notes: Sequence[str]) -> Card:
        """Make the card of a script as it would run now."""
        manifest = script.manifest
        checks = [
            (c.name, c.run if isinstance(c.run, str) else " ".join(c.run))
            for c in manifest.checks.values()
        ]
        return cls(
            manifest.name,
            manifest.description,
            script.path,
            script.digest,
            manifest.phases,
            backend,
            caps.agents,
            caps.at_once,
            caps.budget.tokens,
            caps.budget.cost_micros,
            tuple(checks),
            tuple(dict.fromkeys(notes)),
        )

    def as_dict(self) -> dict[str, JsonValue]:
        """Give the card as data."""
        return {
            "name": self.name,
            "description": self.description,
            "path": self.path,
            "digest": self.digest,
            "phases": [phase.title for phase in self.phases],
            "backend": self.backend,
            "max_agents": self.agents,
            "concurrency": self.at_once,
            "budget_tokens": self.budget_tokens,
            "budget_usd": None if self.budget_micros is None else self.budget_micros / 1_000_000,
            "checks": dict(self.checks),
            "notes": [*self.notes],
        }
