"""How each policy ranks the values of one field; no rank depends on the order of records."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from math import fsum, inf
from typing import TYPE_CHECKING, NamedTuple

from hocket.api.patterns.fairness import weight

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import JsonValue

    from hocket_plugins.patterns.merge.arguments import MergeArguments, Policy

    Record = dict[str, JsonValue]


class Rank(NamedTuple):
    """What values are compared by; of texts that are no moments the greatest is the latest."""

    kind: int = 0
    number: float = 0.0
    text: str = ""


def rank(policy: Policy, records: Sequence[Record], given: MergeArguments) -> Rank:
    """Rank a value by the records that hold it; the highest holds."""
    if policy == "latest":
        return max(_moment(record.get(given.at)) for record in records)
    if policy == "confidence":
        return max(Rank(number=_confidence(record.get(given.confidence))) for record in records)
    if policy == "order":
        return max(_place(record.get(given.source), given.order) for record in records)
    return Rank(number=fsum(_weight(record, given) for record in records))


def _moment(value: JsonValue) -> Rank:
    if isinstance(value, int | float):
        return Rank(2, float(value))
    text = value if isinstance(value, str) else ""
    with suppress(ValueError):
        moment = datetime.fromisoformat(text)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return Rank(2, aware.timestamp())
    return Rank(1, text=text) if text else Rank()


def _confidence(value: JsonValue) -> float:
    return -inf if value is None else weight(value)


def _place(source: JsonValue, order: Sequence[str]) -> Rank:
    places = [order.index(one) for one in _texts(source) if one in order]
    return Rank(number=-min(places, default=len(order)))


def _weight(record: Record, given: MergeArguments) -> float:
    if given.weight is None:
        return 1.0
    if isinstance(given.weight, str):
        value = record.get(given.weight)
        return float(value) if isinstance(value, int | float) else 1.0
    table = given.weight
    return max((table.get(one, 1.0) for one in _texts(record.get(given.source))), default=1.0)


def _texts(source: JsonValue) -> list[str]:
    every = source if isinstance(source, list) else [source]
    return [one for one in every if isinstance(one, str)]
