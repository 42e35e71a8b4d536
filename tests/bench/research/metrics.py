"""Figures of a run against the truth it was planted with; no judge is asked for any of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planted.knowledge import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from planted.facts import Fact
    from planted.labelled import Labelled
    from planted.log import Log
    from planted.told import Claim, Told

LABELS = ("SUPPORTS", "REFUTES", "NOT ENOUGH INFO")
SAID = {"supported": "SUPPORTS", "qualified": "SUPPORTS", "refuted": "REFUTES"}


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole; of nothing it is no number."""

    part: float
    whole: float

    @property
    def value(self) -> float | None:
        """The share, or None where there was nothing."""
        return self.part / self.whole if self.whole else None

    def __add__(self, other: Share) -> Share:
        """Join two counts."""
        return Share(self.part + other.part, self.whole + other.whole)


def share(found: Iterable[object]) -> Share:
    """Count what is true of how many."""
    every = [bool(one) for one in found]
    return Share(sum(every), len(every))


def accuracy(told: Told, facts: Iterable[Fact]) -> dict[str, Share]:
    """Compare the values given with the true ones.

    `answer accuracy`: of the facts that got an answer, those whose only value is the true one (a
    contradicted fact has two). `facts found`: of the facts that some document tells, those whose
    true value is given.
    """
    wanted = [fact for fact in facts if fact.answerable]
    given = {fact.id: told.values(fact.id) for fact in wanted}
    right = {
        fact.id: set(fact.values) if fact.state == "contradicted" else {fact.value}
        for fact in wanted
    }
    return {
        "answer accuracy": share(given[one.id] <= right[one.id] for one in wanted if given[one.id]),
        "facts found": share(given[one.id] & right[one.id] for one in wanted),
    }


def labels(claims: Sequence[Labelled], states: Mapping[int, str]) -> dict[str, Share | float]:
    """Compare states of labelled claims with their labels: precision and recall, and their F1.

    A claim that got no state counts as NOT ENOUGH INFO, as an unverified one does.
    """
    pairs = [(claim.label, SAID.get(states.get(claim.id, ""), LABELS[2])) for claim in claims]
    found: dict[str, Share | float] = {}
    scores: list[float] = []
    for label in LABELS:
        precision = share(true == label for true, said in pairs if said == label)
        recall = share(said == label for true, said in pairs if true == label)
        found |= {f"precision {label}": precision, f"recall {label}": recall}
        both = (precision.value or 0.0) + (recall.value or 0.0)
        scores.append(2 * (precision.value or 0.0) * (recall.value or 0.0) / both if both else 0.0)
    decided, unknown = LABELS[:2], LABELS[2]
    return {
        **found,
        "macro F1": sum(scores) / 3,
        "verdict precision": share(true == said for true, said in pairs if said in decided),
        "verdict recall": share(true == said for true, said in pairs if true in decided),
        "verdict on NOT ENOUGH INFO": share(
            said in decided for true, said in pairs if true == unknown
        ),
    }


def span_precision(told: Told) -> Share:
    """Count the quotes of the answer that stand verbatim in the document they cite."""
    quotes = [quote for claim in told.given for quote in claim.quotes]
    cited = [quote for row in told.citations.values() for quote in row]
    return share(quote.stands for quote in [*quotes, *cited])


def citation_support(told: Told) -> Share:
    """Count the citing sentences whose every value stands in a cited span of the same fact."""
    return share(_carried(told, text, marks) for text, marks in told.sentences())


def _carried(told: Told, text: str, marks: list[int]) -> bool:
    stated = told.known.mentioned(text)
    quotes = [quote for mark in marks for quote in told.citations.get(mark, []) if quote.stands]
    shown = {one.pair for quote in quotes for one in told.known.mentioned(quote.text)}
    return bool(stated) and {one.pair for one in stated} <= shown


def evidence_recall(told: Told, facts: Iterable[Fact]) -> Share:
    """Count the gold spans that the answer quotes; a quote of a mirror is one of its original."""
    quotes = [quote for claim in told.given for quote in claim.quotes]
    quotes += [quote for row in told.citations.values() for quote in row]
    cited = {(_original(quote.document), folded(quote.text)) for quote in quotes}
    gold = [(span.doc, span.text) for fact in facts for span in fact.gold()]
    return share(
        any(doc == home and text in quoted for home, quoted in cited) for doc, text in gold
    )


def _original(document: object) -> str | None:
    origin = getattr(document, "copy_of", None) or document
    return getattr(origin, "id", None)


def conflicts(told: Told, facts: Iterable[Fact]) -> dict[str, Share]:
    """Count the contradicted facts that are shown as conflict.

    `conflict recall`: of those whose two values both survived the checks; `of those read`: of
    those whose two values were both claimed; `of all`: of all, whoever failed to read them.
    """
    wanted = [fact for fact in facts if fact.state == "contradicted"]
    shown = _conflicting(told)
    claimed = {one.fact.id: set() for claim in told.claims for one in claim.known}
    alive = {fact: set() for fact in claimed}
    for claim in told.claims:
        for one in claim.known:
            claimed[one.fact.id].add(one.value)
            if claim.is_given:
                alive[one.fact.id].add(one.value)
    both = [fact for fact in wanted if set(fact.values) <= alive.get(fact.id, set())]
    read = [fact for fact in wanted if set(fact.values) <= claimed.get(fact.id, set())]
    return {
        "conflict recall": share(fact.id in shown for fact in both),
        "conflict recall of those read": share(fact.id in shown for fact in read),
        "conflict recall of all": share(fact.id in shown for fact in wanted),
    }


def _conflicting(told: Told) -> set[str]:
    """Give the facts of which a conflict names both values."""
    claims = {claim.id: claim for claim in told.claims}
    found: set[str] = set()
    for row in told.data.get("conflicts") or []:
        named: dict[str, set[str]] = {}
        facts: dict[str, Fact] = {}
        for one in (
            known for name in row["claims"] if name in claims for known in claims[name].known
        ):
            named.setdefault(one.fact.id, set()).add(one.value)
            facts[one.fact.id] = one.fact
        found |= {name for name, values in named.items() if set(facts[name].values) <= values}
    return found


def staleness(told: Told, facts: Iterable[Fact]) -> Share:
    """Count the stale facts whose superseded value is given as the answer."""
    stale = [fact for fact in facts if fact.state == "stale"]
    return share(fact.other in told.values(fact.id) for fact in stale)


def mirrors(told: Told) -> int:
    """Count the claims that name a document and its mirror as two sources."""
    named = [[_original(document) for document in claim.documents] for claim in told.claims]
    return sum(len(set(origins)) < len(origins) for origins in named)


def failure_as_verdict(whole: Told, failing: Told) -> int:
    """Count claims whose state differs where calls failed, other than to `unverified`.

    Both runs are of one seed; a claim is told apart by its fact and value, as which of several
    wordings a merged claim keeps is not fixed.
    """
    before, after = _states(whole), _states(failing)
    return sum(
        after[claim] not in (state, "unverified")
        for claim, state in before.items()
        if claim in after
    )


def _states(told: Told) -> dict[tuple[str, str, bool], str]:
    """Give the state of what was claimed; what quotes nothing real is told apart."""
    return {
        (*one.pair, all(quote.stands for quote in claim.quotes)): claim.state
        for claim in told.claims
        for one in claim.known
    }


def laziness(told: Told, log: Log) -> int:
    """Count the sources that the result says were read, and that no agent opened."""
    return len(told.read() - log.opened)


def calibration(stated: Iterable[tuple[float, float]]) -> Share:
    """Count the runs whose true recall is at most what they stated: pairs of true, at most."""
    return share(true <= most + 1e-9 for true, most in stated)


def refuted(told: Told) -> Share:
    """Count the true claims with a real quote that were refuted."""
    true = [claim for claim in told.claims if _is_true(claim)]
    return share(claim.state == "refuted" for claim in true)


def _is_true(claim: Claim) -> bool:
    verdicts = {one.verdict for one in claim.known}
    return verdicts == {"supported"} and all(quote.stands for quote in claim.quotes)


def unverified(told: Told) -> Counter[str]:
    """Count unverified claims by cause."""
    return Counter(str(one.cause) for one in told.claims if one.state == "unverified")


def precision(told: Told) -> Share:
    """Count the given claims that are true; what states no planted fact is left out."""
    known = [one for claim in told.given for one in claim.known]
    return share(one.verdict == "supported" for one in known)


def cost(report: Mapping[str, object], right: float) -> dict[str, float]:
    """Give what a run used, and its right answers per 100,000 tokens."""
    census = report.get("census") or {}
    usage = report.get("usage") or {}
    kinds = ("input", "cache_read", "cache_write", "cache_write_1h", "output")
    tokens = sum(int(usage.get(kind) or 0) for kind in kinds)
    return {
        "agents": sum(count for state, count in census.items() if state != "cached"),
        "tokens": tokens,
        "dollars": float(report.get("cost_usd") or 0.0),
        "seconds": float(report.get("elapsed_s") or 0.0),
        "right per 100 k tokens": right / tokens * 100_000 if tokens else 0.0,
    }
