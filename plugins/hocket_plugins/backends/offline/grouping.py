"""Which of some statements are the same, and which cannot both be so."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from hocket_plugins.backends.offline import items
from hocket_plugins.backends.offline.comparing import Stance, compare, is_same
from hocket_plugins.backends.offline.document import Document
from hocket_plugins.backends.offline.library import Passage
from hocket_plugins.backends.offline.replacing import Stated

if TYPE_CHECKING:
    from pydantic import JsonValue

    from hocket_plugins.backends.offline.desk import Desk
    from hocket_plugins.backends.offline.meaning import Meaning


def same(desk: Desk) -> JsonValue:
    """Group values by their numbers from 1; in doubt they stay apart."""
    values = desk.item if isinstance(desk.item, list) else []
    groups: list[tuple[Meaning, list[JsonValue]]] = []
    for number, value in enumerate(values, 1):
        read = desk.library.read(items.text(value, "text", "title", "name"))
        home = next((row for head, row in groups if is_same(head, read, desk.library)), None)
        if home is not None and read.terms:
            home.append(number)
        else:
            groups.append((read, [number]))
    told: list[JsonValue] = [row for _, row in groups if len(row) > 1]
    return {"groups": told}


def relation(desk: Desk) -> JsonValue:
    """Pair the numbers of claims that differ, whichever of the two is held against the other."""
    rows = items.rows(desk.item, "claims")
    told: list[JsonValue] = [
        {"a": one["n"], "b": two["n"], "why": "They differ in a number, a name or a negation."}
        for one, two in combinations([row for row in rows if "n" in row], 2)
        if (_differ(desk, _said(one), _said(two)) or _differ(desk, _said(two), _said(one)))
        and not _is_replaced(desk, one, two)
    ]
    return {"opposites": told}


def _is_replaced(desk: Desk, one: JsonValue, two: JsonValue) -> bool:
    """Whether one of the two is the newer value of the same."""
    first, second = _stated(desk, one), _stated(desk, two)
    return first.replaces(second) or second.replaces(first)


def _stated(desk: Desk, row: JsonValue) -> Stated:
    head = {"date": items.text(row, "date"), "source": items.text(row, "kind")}
    quote = items.text(row, "quote", "text")
    return Stated(desk.library.read(_said(row)), quote, Document("", "", (), "", head))


def _said(row: JsonValue) -> str:
    return items.text(row, "text", "quote")


def _differ(desk: Desk, claim: str, other: str) -> bool:
    passage = Passage(-1, Document("", "", (), ""), other, 1)
    compared = compare(desk.library.read(claim), passage, desk.library)
    return compared.stance is Stance.DIFFERS
