"""What a report says of words that nobody vouches for, and of links that lead elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pydantic import JsonValue

_MOST = 5
"""More sources or links than a person reads are counted."""
_LINK = "]"
"""What every link of Markdown has that says one thing and leads to another."""


def notes(result: JsonValue, outside: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Name the sources of words from outside in a result, and links that say something else."""
    sources = sorted({source for each in outside.values() for source in each})
    if outside:
        named = f" ({_some(sources)})" if sources else ""
        yield f"the result holds words from outside{named}: nobody vouches for them"
    yield from _misfits(result)


def _misfits(result: JsonValue) -> Iterator[str]:
    linked = [text for text in _texts(result) if _LINK in text or "<" in text]
    if not linked:
        return
    from hocket.api import inert  # noqa: PLC0415  (its patterns cost a moment, and few need them)

    found = dict.fromkeys(
        f"a link in the result shows {one.shown} and leads to {one.real or 'no host'}"
        for text in linked
        for one in inert.link_misfits(text)
    )
    yield from [*found][:_MOST]
    if len(found) > _MOST:
        yield f"{len(found) - _MOST:,} more links in the result lead elsewhere than they say"


def _texts(value: JsonValue) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)


def _some(names: Sequence[str]) -> str:
    more = len(names) - _MOST
    return ", ".join(names) if more <= 0 else f"{', '.join(names[:_MOST])} and {more:,} more"
