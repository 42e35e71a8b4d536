"""What a person is shown before a run, and what an approval is pinned to."""

from __future__ import annotations

import hashlib
import json
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.api.settings import Rules
from hocket.launch import ceilings
from hocket.launch.granting import NOTHING, Offer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import JsonValue

    from hocket.api.scripts import Phase, Script
    from hocket.engine.services import Caps
    from hocket.launch.arguments import Arguments

MICROS = 1_000_000
NO_RULES = Rules()


@dataclass(frozen=True, slots=True, kw_only=True)
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
    args: JsonValue = None
    has_args: bool = False
    capped: tuple[str, ...] = ()
    """What a bundle's script may do at the most, whatever else is allowed."""
    because: str = ""
    """Why it is this backend; which account, and where its models are."""
    offer: Offer = NOTHING
    """What its agents may do once a person says yes to this card."""
    rules: Rules = NO_RULES
    """What was typed for this run beside the settings."""

    @classmethod
    def of(
        cls, script: Script, given: Arguments, caps: Caps, backend: str, notes: Sequence[str]
    ) -> Card:
        """Make the card of a script as it would run now."""
        manifest = script.manifest
        return cls(
            name=manifest.name,
            description=manifest.description,
            path=script.path,
            digest=script.digest,
            phases=manifest.phases,
            backend=backend,
            agents=caps.agents,
            at_once=caps.at_once,
            budget_tokens=caps.budget.tokens,
            budget_micros=caps.budget.cost_micros,
            checks=tuple((check.name, command(check.run)) for check in manifest.checks.values()),
            notes=tuple(dict.fromkeys(notes)),
            args=given.value,
            has_args=given.given,
            capped=tuple(ceilings.rows(script.ceiling)),
        )

    @property
    def pin(self) -> str:
        """What an approval for good is pinned to: the script, its commands, and what it lists.

        A check may be a command of the project's settings, which can change under the script;
        what agents may do changes with the tools that are installed.
        """
        if not self.checks and not self.offer.rules:
            return self.digest
        listed = [[*self.offer.rules]] if self.offer.rules else []
        shown = json.dumps([self.digest, sorted(self.checks), *listed])
        return f"sha256:{hashlib.sha256(shown.encode()).hexdigest()}"


def command(run: str | tuple[str, ...]) -> str:
    """Write a command as one would type it."""
    return run if isinstance(run, str) else shlex.join(run)
