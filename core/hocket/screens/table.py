"""The screens by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.screens.citations import citations
from hocket.screens.folding import text_key
from hocket.screens.matches import dates_match, numbers_match
from hocket.screens.orders import same_order
from hocket.screens.quotes import quote_in_source

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic import JsonValue

    from hocket.screens.quotes import TextOf

    Screen = Callable[[JsonValue, TextOf], JsonValue]


def _key(data: JsonValue, text_of: TextOf) -> JsonValue:
    del text_of
    return text_key(data)


SCREENS: Mapping[str, Screen] = {
    "citations": citations,
    "dates_match": dates_match,
    "numbers_match": numbers_match,
    "quote_in_source": quote_in_source,
    "same_order": same_order,
    "text_key": _key,
}


def run(name: str, data: JsonValue, text_of: TextOf) -> JsonValue:
    """Run a built-in screen over an item; raises ValueError for a name that is none.

    `text_of(source)` gives the stored text of a source, or None where nothing is stored. The
    same data and texts always give the same bounded value, never a part of a text.
    """
    if name not in SCREENS:
        raise ValueError(f'screen: there is no "{name}"; known: {", ".join(sorted(SCREENS))}')
    return SCREENS[name](data, text_of)
