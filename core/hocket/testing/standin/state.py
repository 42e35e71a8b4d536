"""All that a stand-in remembers; a reset forgets it, and keeps what it was told at its start."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from hocket.testing.standin.cache import PrefixCache
from hocket.testing.standin.faults import KINDS
from hocket.testing.standin.refusals import invalid
from hocket.testing.standin.rules import Rulebook
from hocket.testing.standin.signatures import Signer
from hocket.testing.standin.stats import Stats

if TYPE_CHECKING:
    from hocket.api.clock import Clock
    from hocket.testing.standin.asked import Asked
    from hocket.testing.standin.models import Catalogue
    from hocket.testing.standin.replies import Reply
    from hocket.testing.standin.rules import Rules


@dataclass(slots=True, kw_only=True)
class State:
    """One server's rules, clock and memory."""

    rules: Rules
    clock: Clock
    seed: int
    catalogue: Catalogue
    healed: bool = False
    """No fault is played any more."""
    number: int = 0
    book: Rulebook = field(init=False)
    cache: PrefixCache = field(init=False)
    stats: Stats = field(init=False)
    signer: Signer = field(init=False)

    def __post_init__(self) -> None:
        """Start with nothing remembered; signatures hold across resets."""
        self.signer = Signer(self.seed)
        self.reset()

    def heal(self) -> None:
        """Play no fault any more, until a reset."""
        self.healed = True

    def reset(self) -> None:
        """Forget the log, the counts, the cache and that faults were healed."""
        self.book = Rulebook(self.rules)
        self.cache = PrefixCache()
        self.stats = Stats()
        self.healed = False

    def next_number(self) -> int:
        """Count the requests since the start, also across resets: no id comes twice."""
        self.number += 1
        return self.number

    def in_force(self, reply: Reply, asked: Asked) -> Reply:
        """Take away a fault that is healed or over; raises Refusal for one nobody knows."""
        fault = reply.fault
        if fault is None:
            return reply
        if fault.kind not in KINDS:
            raise invalid(f"fault={fault.kind}: expected one of {', '.join(sorted(KINDS))}")
        over = fault.calls is not None and asked.occurrence >= fault.calls
        return replace(reply, fault=None) if over or self.healed else reply
