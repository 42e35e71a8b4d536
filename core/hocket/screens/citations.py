"""Whether the sentences of a text are carried by what they cite."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.screens.dates import missing_dates
from hocket.screens.numbers import missing_numbers
from hocket.screens.quotes import field, quote_in_source
from hocket.screens.sentences import cited, says_something, sentences, unmarked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import JsonValue

    from hocket.screens.quotes import TextOf

    Quotes = Mapping[int, str | None]
    """What is cited by its number; None where the quote is not in its source."""


def citations(item: JsonValue, text_of: TextOf) -> JsonValue:
    """Judge each sentence of `text` by the entries `{n, quote, source}` of `cite`.

    Gives `sentences` (how many), `wrong` (`{sentence, start, end, why}` with the first reason of
    `unknown`, `quote`, `numbers`, `dates`) and `uncited` (their numbers). Sentences count from 1;
    `start` and `end` say where one stands, so that it can be cut.
    """
    quotes = _quotes(item, text_of)
    told = sentences(field(item, "text"))
    wrong: list[JsonValue] = []
    uncited: list[JsonValue] = []
    end = 0
    for at, sentence in enumerate(told, 1):
        start, end = end, end + len(sentence)
        if not says_something(sentence):
            continue
        if not cited(sentence):
            uncited.append(at)
        elif why := _fault(sentence, quotes):
            wrong.append({"sentence": at, "start": start, "end": end, "why": why})
    return {"sentences": len(told), "wrong": wrong, "uncited": uncited}


def _quotes(item: JsonValue, text_of: TextOf) -> Quotes:
    entries = item.get("cite") if isinstance(item, dict) else None
    quotes: dict[int, str | None] = {}
    for entry in entries if isinstance(entries, list) else []:
        number = entry.get("n") if isinstance(entry, dict) else None
        if isinstance(number, int | str) and str(number).isdecimal():
            stands = quote_in_source(entry, text_of) != "absent"
            quotes[int(number)] = field(entry, "quote") if stands else None
    return quotes


def _fault(sentence: str, quotes: Quotes) -> str | None:
    numbers = cited(sentence)
    if any(number not in quotes for number in numbers):
        return "unknown"
    offered = [quote for number in numbers if (quote := quotes[number]) is not None]
    if len(offered) < len(numbers):
        return "quote"
    bare = unmarked(sentence)
    if missing_numbers(bare, offered):
        return "numbers"
    return "dates" if missing_dates(bare, offered) else None
