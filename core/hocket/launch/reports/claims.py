"""The claims of a report, grouped by what became of them; opposite ones stand side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.launch.reports.data import QUALIFIED, REFUTED, STATES, SUPPORTED, UNVERIFIED
from hocket.launch.reports.document import (
    Heading,
    Item,
    Listing,
    Prose,
    Quoted,
    Section,
    Span,
    joined,
    said,
)
from hocket.launch.reports.figures import wrong
from hocket.launch.reports.words import CONFLICT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hocket.launch.reports.cuts import Cuts
    from hocket.launch.reports.data import Claim, Conflict, Quote
    from hocket.launch.reports.document import Block
    from hocket.launch.reports.index import Index
    from hocket.launch.reports.words import Words

ORDER = (SUPPORTED, QUALIFIED, CONFLICT, REFUTED, UNVERIFIED)
TOGETHER = "These do not hold together."


def claims(index: Index, words: Words, cuts: Cuts) -> Section | None:
    """Give all claims, each once."""
    if not index.data.claims:
        return None
    blocks: list[Block] = []
    for title, ats in titled(index, words).items():
        if ats:
            # What the text cites is shown, however long the list is.
            ats.sort(key=lambda at: at not in index.cited)
            shown = cuts.of(f"{words.claims} ({title.lower()})", ats)
            blocks.append(Heading(title, len(ats), index.state(ats[0]), len(shown)))
            blocks.append(Listing((*_group(index, words, shown),), "claims"))
    return Section(words.claims.capitalize(), "claims", tuple(blocks))


def titled(index: Index, words: Words) -> dict[str, list[int]]:
    """Give the claims under the titles of their groups, in the order of these."""
    found: dict[str, list[int]] = {}
    for state in words.order:
        for at in range(len(index.data.claims)):
            if index.state(at) == state:
                found.setdefault(index.title(at), []).append(at)
    return dict(sorted(found.items(), key=lambda one: words.place(one[0])))


def _group(index: Index, words: Words, ats: Sequence[int]) -> Iterator[Item]:
    """Give a group: conflicts as pairs, then what stands alone."""
    left = dict.fromkeys(ats)
    for conflict in index.data.conflicts:
        known = [index.claims[name] for name in conflict.claims if name in index.claims]
        if any(at in left for at in known):
            yield _pair(index, words, conflict, left)
    for at in [*left]:
        yield _item(index, words, at)


def _pair(index: Index, words: Words, conflict: Conflict, left: dict[int, None]) -> Item:
    """Put the claims of a conflict under one head; one that was shown before is only named."""
    known = dict.fromkeys(index.claims[one] for one in conflict.claims if one in index.claims)
    sides: list[Item] = []
    for at in known:
        if at in left:
            del left[at]
            sides.append(_item(index, words, at))
        else:
            name = index.data.claims[at].id or f"claim {at + 1}"
            sides.append(Item((Span("see "), Span(name, "to", f"claim-{at + 1}"))))
    why = conflict.why or TOGETHER
    return Item(said(why), (Listing(tuple(sides), "sides"),), state=CONFLICT)


def _item(index: Index, words: Words, at: int) -> Item:
    claim, state = index.data.claims[at], index.state(at)
    parts: list[Block] = []
    meta = joined(*_meta(index, words, claim, state))
    parts += [Prose(meta, "meta")] if meta else []
    parts += [
        Prose((Span(f"{head} ", "em"), Span(text))) for head, text in _riders(claim, words) if text
    ]
    parts += [_quote(index, claim, one) for one in index.quotes(at)]
    parts += [
        Quoted(one.text, index.by(one), "against")
        for one in claim.against
        if words.by_votes or one.text not in claim.qualification
    ]
    spans = (*index.marks(at), Span(claim.text, "strong"))
    return Item(spans, tuple(parts), f"claim-{at + 1}", state)


def _quote(index: Index, claim: Claim, quote: Quote) -> Block:
    """Give a quote; where the claim is the quote, only where it stands."""
    if quote.text.split() == claim.text.split():
        return Prose((Span("In the words of ", "em"), Span(index.by(quote))), "meta")
    return Quoted(quote.text, index.by(quote))


def _meta(index: Index, words: Words, claim: Claim, state: str) -> Iterator[tuple[Span, ...]]:
    if words.by_votes:
        votes = ", ".join(f"{n} {words.states.get(k, k)}" for k, n in claim.votes)
        yield said(f"votes: {votes}" if votes else "")
        yield said(f"failed votes: {claim.failed}" if claim.failed not in ("", "0") else "")
        yield said(wrong(claim.error))
    elif state == SUPPORTED:
        # That another source agrees is known although the script may list the claim's own alone.
        count = index.supporters(claim)
        yield said(words.supported.format(n=count) if count > 1 else "")
    yield said(claim.group if index.has_groups and claim.group != index.data.title else "")
    yield said(claim.date)


def _riders(claim: Claim, words: Words) -> tuple[tuple[str, str], ...]:
    cause = claim.cause
    if not cause and claim.state not in (*STATES, ""):
        cause = claim.state
    return (
        (words.limited, claim.qualification if claim.qualification != claim.correction else ""),
        (words.corrected, claim.correction),
        ("Why:", words.why(cause)),
    )
