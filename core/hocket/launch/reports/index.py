"""Who is who in the data: names and anchors of claims and sources, and what cites them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hocket.launch.reports.data import STATES, SUPPORTED, UNVERIFIED, Quote
from hocket.launch.reports.document import Span
from hocket.launch.reports.words import CONFLICT, MODEL

if TYPE_CHECKING:
    from hocket.launch.reports.data import Citation, Claim, Data, Source
    from hocket.launch.reports.words import Words


UNTIL = "until "
"""So begins the limit of what was replaced by something newer."""


@dataclass(slots=True)
class Index:
    """Finds claims and sources by what the data calls them."""

    data: Data
    words: Words = MODEL
    claims: dict[str, int] = field(default_factory=dict[str, int])
    sources: dict[str, int] = field(default_factory=dict[str, int])
    cited: dict[int, list[Citation]] = field(default_factory=dict[int, "list[Citation]"])
    unclaimed: list[Citation] = field(default_factory=list["Citation"])
    """Citations of no claim that is listed."""
    opposed: set[int] = field(default_factory=set[int])
    """Claims that a conflict names."""

    def __post_init__(self) -> None:
        """Learn all names once; of two with the same name the first has it."""
        for at, claim in enumerate(self.data.claims):
            self.claims.setdefault(claim.id or claim.text, at)
        for at, source in enumerate(self.data.sources):
            for name in (source.id, source.path, source.url, source.title):
                if name:
                    self.sources.setdefault(name, at)
        for one in self.data.citations:
            at = self.claims.get(one.claim, -1)
            (self.unclaimed if at < 0 else self.cited.setdefault(at, [])).append(one)
        named = (name for one in self.data.conflicts for name in one.claims)
        self.opposed.update(self.claims[name] for name in named if name in self.claims)

    def state(self, at: int) -> str:
        """Give the state a claim is shown in; what no report knows was not verified."""
        if at in self.opposed:
            return CONFLICT
        state = self.words.shown(self.data.claims[at].state)
        return state if state in (*STATES, CONFLICT) else UNVERIFIED

    @property
    def has_groups(self) -> bool:
        """Whether claims belong to several groups: of one alone nobody needs to be told."""
        return len({one.group for one in self.data.claims}) > 1

    def title(self, at: int) -> str:
        """Name the group of a claim; one source is never called several."""
        claim, state = self.data.claims[at], self.state(at)
        if state == SUPPORTED and self.supporters(claim) < 2:  # noqa: PLR2004
            return self.words.alone
        if claim.qualification.startswith(UNTIL) and at not in self.opposed:
            return self.words.replaced if not self.words.by_votes else self.words.groups[state]
        is_unspoken = state == UNVERIFIED and not self.quotes(at) and not claim.rests_on
        return self.words.unspoken if is_unspoken else self.words.groups[state]

    def source(self, name: str) -> Source | None:
        """Give the source with that name."""
        at = self.sources.get(name)
        return None if at is None else self.data.sources[at]

    def called(self, name: str) -> str:
        """Give what a person calls a source."""
        known = self.source(name)
        return name if known is None else known.name

    def marks(self, at: int) -> tuple[Span, ...]:
        """Give the numbers by which the text cites a claim."""
        if not self.words.by_votes:
            return ()  # quotes are all there is: no text cites them
        numbers = dict.fromkeys(one.n for one in self.cited.get(at, []))
        return tuple(Span(f"[{n}] ", "dim") for n in numbers)

    def quotes(self, at: int) -> tuple[Quote, ...]:
        """Give the quotes a claim rests on, with those by which it is cited, each once."""
        claim = self.data.claims[at]
        cited = [Quote(one.source, one.quote) for one in self.cited.get(at, []) if one.quote]
        each: dict[tuple[str, str], Quote] = {}
        for one in (*claim.quotes, *cited):
            each.setdefault((self.called(one.source), " ".join(one.text.split())), one)
        return tuple(each.values())

    def targets(self) -> dict[str, str]:
        """Say where each number of the text leads."""
        led = {one.n: f"claim-{at + 1}" for at, many in self.cited.items() for one in many}
        return led | {one.n: f"cited-{one.n}" for one in self.unclaimed if one.n.isalnum()}

    def by(self, quote: Quote) -> str:
        """Say where a quote stands."""
        known = self.source(quote.source)
        line = f"line {quote.line}" if quote.line else ""
        date = known.date if known else ""
        return ", ".join(one for one in (self.called(quote.source), line, date) if one)

    def supporters(self, claim: Claim) -> int:
        """Count the sources that speak for a claim."""
        return len({self.called(name) for name in claim.rests_on if name})
