"""The money of one call: no turn is sent that is not reserved, no usage is left unbooked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hocket.api.calls import Bound, Usage
from hocket_plugins.backends.agent_loop import served

if TYPE_CHECKING:
    from collections.abc import Callable

    from hocket.api.protocols import CallContext
    from hocket_plugins.backends.agent_loop.limits import Limits
    from hocket_plugins.backends.agent_loop.routing import Chosen

    Price = Callable[[str, str, Usage], int | None]

SHORT_RESULTS = 8_000
"""What a last turn may take beyond the turn before it, once results are made short."""


@dataclass(frozen=True, slots=True)
class Stake:
    """The worst a turn can come to."""

    input: int
    output: int
    closing: bool = False
    """Whether it is the last one: nothing is held back behind it."""
    searches: int = 0
    """How often the service itself may look something up in it."""


def worst(chosen: Chosen, stake: Stake, price: Price) -> Bound:
    """Bound one turn; whatever may be written to a cache is priced as if all of it were."""
    cached = chosen.capabilities.prefix_cache == "explicit"
    tokens = stake.input + stake.searches * served.FOUND_TOKENS
    fresh, written = (0, tokens) if cached else (tokens, 0)
    usage = Usage(fresh, 0, written, stake.output, searches=stake.searches)
    return Bound(stake.output, price(chosen.provider.name, chosen.model, usage))


def with_closing(chosen: Chosen, stake: Stake, closing_tokens: int, price: Price) -> Bound:
    """Bound a turn together with the last turn that is held back behind it."""
    first = worst(chosen, stake, price)
    if not closing_tokens:
        return first
    after = Stake(stake.input + stake.output + SHORT_RESULTS, closing_tokens)
    last = worst(chosen, after, price)
    known = first.cost_micros is not None and last.cost_micros is not None
    cost = (first.cost_micros or 0) + (last.cost_micros or 0) if known else None
    return Bound(first.output + last.output, cost)


class Purse:
    """Reserves before, books after; `given` is what was reserved when the call was admitted."""

    def __init__(
        self, context: CallContext, chosen: Chosen, limits: Limits, given: Bound | None
    ) -> None:
        self._context = context
        self._chosen = chosen
        self._limits = limits
        self._given = given
        self._output = self._looked_up = 0
        self._resting = False
        self.half = False
        """Whether turns cost half, since they may come later."""
        self.serves = False
        """Whether the service may look things up by itself."""

    def turn_tokens(self, wanted: int) -> int:
        """Give the output tokens a turn may have beside the last one's; 0: there is no room."""
        whole = self._limits.call_tokens
        if whole is None:
            return wanted
        left = whole - self._output - self._limits.closing_tokens
        return max(0, min(wanted, left))

    def last_tokens(self, wanted: int) -> int:
        """Give the output tokens of a last turn; 0: there is no room for one."""
        whole = self._limits.call_tokens
        return wanted if whole is None else max(0, min(wanted, whole - self._output))

    @property
    def searches(self) -> int:
        """Say how often the service may look something up in the next turn."""
        return served.TURN_SEARCHES if self.serves and served.left(self._looked_up) else 0

    def reserve(self, stake: Stake) -> bool:
        """Reserve a turn, with the last turn behind it unless it is the last."""
        price, self._resting = self._price, False
        held = 0 if stake.closing else self._limits.closing_tokens
        bound = with_closing(self._chosen, stake, held, price)
        given, self._given = self._given, None
        if given is not None and _covers(given, bound):
            return True
        return self._context.grow(bound)

    def rest(self, taken: int) -> None:
        """Keep no more than a last turn's worth: another agent may need the rest meanwhile."""
        if self._resting:
            return
        self._resting = True
        last = Stake(taken + SHORT_RESULTS, self._limits.closing_tokens, closing=True)
        self._context.grow(worst(self._chosen, last, self._price))

    def recall(self, usage: Usage) -> None:
        """Count what an earlier life used and paid for against the call's own limits."""
        self._output += usage.output
        self._looked_up += usage.searches

    def book(self, usage: Usage, stake: Stake) -> Usage:
        """Book what a turn used; what the provider did not say is booked at its worst."""
        taken = _taken(usage)
        if usage.estimated or not (taken or usage.output):
            usage = replace(
                usage,
                input=usage.input if taken else stake.input,
                output=max(usage.output, stake.output),
                estimated=True,
            )
        return self._booked(usage)

    def lose(self, seen: Usage | None, heard: int, stake: Stake) -> None:
        """Book a turn that broke off: what it counted and every byte that came, or its worst."""
        if seen is None:
            self._booked(Usage(input=stake.input, output=stake.output, estimated=True))
            return
        output = min(stake.output, max(seen.output, heard))
        # Some services count nothing before the end.
        seen = seen if _taken(seen) else replace(seen, input=stake.input)
        self._booked(replace(seen, output=output, estimated=True))

    @property
    def limit(self) -> str:
        """Say what ran out, as the cause of `over_budget`."""
        whole = self._limits.call_tokens
        if whole is not None and self._output + 2 * self._limits.closing_tokens >= whole:
            return f"max_tokens of this call ({whole:,}) are used up"
        return "the budget has no room for another turn"

    def _price(self, provider: str, model: str, usage: Usage) -> int | None:
        cost = self._context.price(provider, model, usage)
        return -(-cost // 2) if self.half and cost is not None else cost

    def _booked(self, usage: Usage) -> Usage:
        cost = self._price(self._chosen.provider.name, self._chosen.model, usage)
        priced = replace(usage, cost_micros=cost)
        self.recall(usage)
        self._context.spend(priced)
        return priced


def _taken(usage: Usage) -> int:
    return usage.input + usage.cache_read + usage.cache_write + usage.cache_write_1h


def _covers(given: Bound, need: Bound) -> bool:
    if need.output > given.output:
        return False
    if need.cost_micros is None or given.cost_micros is None:
        return need.cost_micros is None
    return need.cost_micros <= given.cost_micros
