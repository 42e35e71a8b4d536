"""The pattern: group records by their key, settle each group, tell what was not agreed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.patterns.context import CallCount
from hocket.api.patterns.grouping import reader_calls, same_by_readers, text_keys
from hocket.api.patterns.templates import canonical
from hocket.api.patterns.waves import Waves
from hocket_plugins.patterns.merge.arguments import MergeArguments
from hocket_plugins.patterns.merge.keys import Keys
from hocket_plugins.patterns.merge.settling import Settling

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import BaseModel, JsonValue

    from hocket.api.patterns.context import PatternContext
    from hocket_plugins.patterns.merge.policies import Record

HANDLE = "⟦h:"
"""How a text begins that only screens can read."""


class Merge:
    """Makes one record of several of one thing, by policies that are the same in any order."""

    name = "merge"
    version = 2
    arguments: type[BaseModel] = MergeArguments

    async def run(self, context: PatternContext, arguments: BaseModel) -> JsonValue:
        """Give the records sorted by their keys, then those without a key as they are."""
        given = MergeArguments.model_validate(arguments)
        waves = Waves(context, given.max_calls)
        keyed, keyless = _told_apart(given, waves)
        names = await _names(context, keyed)
        keys = Keys(given, names)
        groups = await _groups(context, keys, keyed)
        settling = Settling(given, names)
        alike = await _alike(waves, keys, groups)
        settled = sorted((settling.one(group) for group in alike), key=keys.place)
        if settling.ties:
            told = "no policy decided, so the smallest value in JSON holds"
            waves.note(f"{told}: {settling.ties} fields")
        basis = "policies alone" if given.same is None else "policies; readers joined keys"
        return waves.envelope(
            {"records": [*settled, *keyless], "conflicts": [*settling.conflicts]},
            error={"conflicts": len(settling.conflicts), "ties": settling.ties, "basis": basis},
        )

    def calls(self, arguments: BaseModel) -> CallCount:
        """Forecast the readers, as if every record had a key of its own."""
        given = MergeArguments.model_validate(arguments)
        if given.same is None:
            return CallCount(0, 0)
        count = reader_calls(len(given.records))
        most = count.worst if given.max_calls is None else given.max_calls
        return CallCount(min(count.expected, most), min(count.worst, most))


def _told_apart(given: MergeArguments, waves: Waves) -> tuple[list[Record], list[JsonValue]]:
    """Tell records with a whole key from the rest; no key means no thing, so nothing to join."""
    keyed: list[Record] = []
    rest: list[JsonValue] = []
    for record in given.records:
        if isinstance(record, dict) and all(record.get(name) is not None for name in given.keys):
            keyed.append(record)
        elif record is not None:
            rest.append(record)
    nulls = len(given.records) - len(keyed) - len(rest)
    if nulls:
        waves.note(f"{nulls} of {len(given.records)} records are null: left out")
    if rest:
        named = f"{len(rest)} of {len(given.records)} records have no {' and '.join(given.keys)}"
        waves.note(f"{named}: they stay as they are")
    return keyed, sorted(rest, key=canonical)


async def _groups(
    context: PatternContext, keys: Keys, records: Sequence[Record]
) -> list[list[Record]]:
    """Group records by their keys, in the order of these, whatever order they came in."""
    names = keys.given.keys
    columns = [await text_keys(context, [each[name] for each in records]) for name in names]
    groups: dict[tuple[str, ...], list[Record]] = {}
    for record, *key in zip(records, *columns, strict=True):
        groups.setdefault((*key,), []).append(record)
    return sorted(groups.values(), key=lambda group: min(map(keys.place, group)))


async def _names(context: PatternContext, records: Sequence[Record]) -> dict[str, str]:
    """Name the handles among the values: two of them may stand for one text."""
    texts = {value for record in records for value in record.values() if isinstance(value, str)}
    handles = sorted(text for text in texts if text.startswith(HANDLE))
    return dict(zip(handles, await text_keys(context, handles), strict=True))


async def _alike(
    waves: Waves, keys: Keys, groups: Sequence[list[Record]]
) -> list[list[list[Record]]]:
    """Join groups whose keys readers call the same."""
    given = keys.given
    if given.same is None:
        return [[group] for group in groups]
    shown = [keys.shown(group) for group in groups]
    values = [key[0] if len(key) == 1 else key for key in shown]
    heads = await same_by_readers(waves, values, given.same, given.options("read", tools=[]))
    joined: dict[int, list[list[Record]]] = {}
    for head, group in zip(heads, groups, strict=True):
        joined.setdefault(head, []).append(group)
    return [*joined.values()]
