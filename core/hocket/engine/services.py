"""The objects of one run that its calls work with; made by `run`, never global."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hocket.api.calls import Usage
from hocket.engine.prices import Prices
from hocket.engine.remarks import Remarks
from hocket.engine.seals import UNSEALED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hocket.api.approval import Approver
    from hocket.api.clock import Clock
    from hocket.api.events import Event
    from hocket.api.patterns.context import Pattern
    from hocket.api.protocols import Backend, Executor
    from hocket.api.scripts import BudgetTotals, ScriptLimits
    from hocket.api.sealing import Sealing
    from hocket.api.storage import HeldRun
    from hocket.api.tools import AgentType
    from hocket.engine.access import Access
    from hocket.engine.breaker import Breaker
    from hocket.engine.census import Census
    from hocket.engine.grounds import Grounds
    from hocket.engine.ledger import Ledger
    from hocket.engine.slots import Slots
    from hocket.journal.log import Journal
    from hocket.journal.past import Past
    from hocket.journal.redact import Redactor


NOTHING = Usage()


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """What a person allows a run to use."""

    at_once: int
    agents: int = 1000
    budget: BudgetTotals
    nesting: int = 3
    limits: ScriptLimits


@dataclass(frozen=True, slots=True, kw_only=True)
class Policies:
    """How a run behaves where a person may want it otherwise."""

    durability: str = "write"
    retry_skipped: bool = False
    fresh: bool = False
    attended: bool = False
    """Somebody is there: a paused run stays instead of leaving as suspended."""
    accepted: frozenset[str] = frozenset()
    """Limits of a ceiling that a person lets go for this life of the run: `unenforced:shell`."""


@dataclass(slots=True, kw_only=True)
class Services:
    """Everything shared by the calls of one run."""

    clock: Clock
    held: HeldRun
    journal: Journal
    past: Past
    ledger: Ledger
    slots: Slots
    breaker: Breaker
    census: Census
    redactor: Redactor
    backend: Backend
    executor: Executor
    approver: Approver | None
    grounds: Grounds
    access: Access
    tell: Callable[[Event], None]
    used: Usage = NOTHING
    """What all lives of the run used; the ledger alone decides about money."""
    policies: Policies = field(default_factory=Policies)
    patterns: Mapping[str, Pattern] = field(default_factory=dict[str, "Pattern"])
    prices: Prices = field(default_factory=Prices)
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    """The variables that processes of tools may see."""
    agent_types: Mapping[str, AgentType] = field(default_factory=dict[str, "AgentType"])
    remarks: Remarks = field(default_factory=Remarks)
    seals: Sealing = UNSEALED
    text_of: Callable[[str], str | None] = lambda _source: None
    """The stored text of a source, for screens; None when there is none."""
