"""A claim held against the sentences of files that are not its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket_plugins.backends.offline import items
from hocket_plugins.backends.offline.comparing import Compared, Stance, compare
from hocket_plugins.backends.offline.document import Document
from hocket_plugins.backends.offline.library import Passage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pydantic import JsonValue

    from hocket_plugins.backends.offline.desk import Desk
    from hocket_plugins.backends.offline.items import Fields

MOST_HELD, MOST_PASSAGES = 200, 6


def evidence(desk: Desk) -> JsonValue:
    """Quote the sentences that a claim can be held against, those that agree or differ first."""
    claim = items.fields(desk.item, "claim")
    names = desk.named(items.rows(desk.item, "files"))
    found = held(desk, said(claim), own(desk, claim))
    most = items.count(desk.item, "most", MOST_PASSAGES)
    telling = _once(one for one in found if one.stance is not Stance.APART)
    rows: list[JsonValue] = [
        _passage(desk, one, names[one.passage.document.path])
        for one in telling
        if one.passage.document.path in names
    ]
    return {"passages": rows[:most]}


def said(claim: JsonValue) -> str:
    """Give the words of a claim."""
    return items.text(claim, "text", "claim", "statement", "quote")


def own(desk: Desk, claim: JsonValue) -> set[str]:
    """Give the digests of what a claim was taken from; a merged one names several sources.

    Of these only the one that its quote is from is its own.
    """
    named = [*items.texts(claim, "source"), *items.texts(claim, "file")]
    known = [
        found for one in named or items.texts(claim, "sources") if (found := desk.document(one))
    ]
    quote = " ".join(items.text(claim, "quote").split())
    holding = [one for one in known if quote and any(quote in told.quote for told in one.sentences)]
    return {one.copy for one in (holding[:1] or known)}


def held(desk: Desk, text: str, but: set[str]) -> list[Compared]:
    """Hold a claim against the sentences nearest to it, those that agree or differ first.

    `but`: digests of files that are not asked.
    """
    claim = desk.library.read(text)
    near = desk.library.find(sorted(claim.terms), MOST_HELD)
    told = (compare(claim, one, desk.library) for one in near if one.document.copy not in but)
    return sorted(told, key=_rank)


def _rank(one: Compared) -> tuple[bool, float, int]:
    return (one.stance is Stance.APART, -one.share, one.passage.number)


def _once(found: Iterable[Compared]) -> Iterator[Compared]:
    """Take one sentence of each file for each stance; copies count as one file."""
    seen: set[tuple[str, Stance]] = set()
    for one in found:
        mark = (one.passage.document.copy, one.stance)
        if mark not in seen:
            seen.add(mark)
            yield one


def given(desk: Desk, claim: JsonValue) -> list[Compared]:
    """Hold a claim against the passages shown with it, and against nothing else."""
    read = desk.library.read(said(claim))
    rows = items.rows(claim, "passages")
    passages = [_shown(desk, number, row) for number, row in enumerate(rows, 1)]
    return sorted((compare(read, one, desk.library) for one in passages), key=_rank)


def _shown(desk: Desk, number: int, row: Fields) -> Passage:
    named = desk.document(items.text(row, "source", "path"))
    name, date = items.text(row, "source", "name") or "a passage", items.text(row, "date")
    document = named or Document("", name, (), name, {"date": date})
    return Passage(-number, document, items.text(row, "quote", "text"), items.count(row, "line", 1))


def _passage(desk: Desk, one: Compared, name: str) -> Fields:
    passage, date = one.passage, one.passage.document.date
    row: Fields = {"source": name, "quote": desk.quoted(passage), "line": passage.line}
    row["says"] = "supports" if one.stance is Stance.AGREES else "refutes"
    return row | ({"date": date} if date else {})
