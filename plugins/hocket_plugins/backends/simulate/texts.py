"""Texts for a schema: by pattern, by format, by length."""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING

from hocket_plugins.backends.simulate.patterns import Hard, compiled
from hocket_plugins.backends.simulate.schema import NoAnswer
from hocket_plugins.backends.simulate.words import phrase, prose, word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pydantic import JsonValue

    from hocket_plugins.backends.simulate.draws import Draws

    Schema = dict[str, JsonValue]

_TRIES, _SPREAD = 200, 4
_LAST_RESORTS = ("", "a", "A", "0", "1.0.0", "a1", "src/parser.py", "https://example.org/a")


def text(schema: Schema, draws: Draws) -> str:
    """Draw a text that fits; raises NoAnswer for patterns nothing was found for."""
    low, high = _length(schema.get("minLength"), 0), _length(schema.get("maxLength"), 1 << 20)
    pattern = schema.get("pattern")
    if isinstance(pattern, str):
        return _matching(pattern, low, high, draws)
    form = _FORMATS.get(str(schema.get("format")))
    if form is not None:
        return form(draws)
    said = phrase(draws)
    return said[:high] if len(said) >= low else prose(draws, low)


def _length(value: JsonValue, default: int) -> int:
    return int(value) if isinstance(value, int | float) else default


def _matching(pattern: str, low: int, high: int, draws: Draws) -> str:
    try:
        with warnings.catch_warnings():
            # Python warns of signs it may read otherwise one day: not the script's affair.
            warnings.simplefilter("ignore", FutureWarning)
            expression = re.compile(pattern)
    except re.error:
        raise NoAnswer(f"the pattern {pattern!r} is not understood") from None
    for candidate in _candidates(pattern, low, draws):
        if low <= len(candidate) <= high and expression.search(candidate):
            return candidate
    raise NoAnswer(f"no text was found for the pattern {pattern!r}")


def _candidates(pattern: str, low: int, draws: Draws) -> Iterator[str]:
    try:
        piece = compiled(pattern)
    except Hard:
        yield from (word(draws), phrase(draws), *_LAST_RESORTS)
        return
    for _ in range(_TRIES):
        yield piece(draws, max(_SPREAD, low))


def _hexadecimal(draws: Draws, digits: int) -> str:
    return "".join(draws.choice("0123456789abcdef") for _ in range(digits))


def _date(draws: Draws) -> str:
    return f"2026-{draws.between(1, 12):02}-{draws.between(1, 28):02}"


def _time(draws: Draws) -> str:
    return f"{draws.below(24):02}:{draws.below(60):02}:{draws.below(60):02}Z"


def _uuid(draws: Draws) -> str:
    return "-".join([_hexadecimal(draws, 8), _hexadecimal(draws, 4), f"4{_hexadecimal(draws, 3)}",
                     f"a{_hexadecimal(draws, 3)}", _hexadecimal(draws, 12)])  # fmt: skip


_FORMATS: dict[str, Callable[[Draws], str]] = {
    "date": _date,
    "time": _time,
    "date-time": lambda draws: f"{_date(draws)}T{_time(draws)}",
    "duration": lambda draws: f"PT{draws.between(1, 59)}M",
    "email": lambda draws: f"{word(draws)}@example.org",
    "hostname": lambda draws: f"{word(draws)}.example.org",
    "ipv4": lambda draws: f"192.0.2.{draws.between(1, 254)}",
    "ipv6": lambda draws: f"2001:db8::{_hexadecimal(draws, 3)}",
    "uri": lambda draws: f"https://example.org/{word(draws)}",
    "uri-reference": lambda draws: f"/{word(draws)}",
    "uuid": _uuid,
    "json-pointer": lambda draws: f"/{word(draws)}",
    "regex": word,
}
