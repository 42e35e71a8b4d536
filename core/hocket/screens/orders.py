"""Whether an answer is an order of given things."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import JsonValue

    from hocket.screens.quotes import TextOf, Verdict


def same_order(item: JsonValue, text_of: TextOf) -> Verdict:
    """Judge whether `order` holds every entry of `of` once, and nothing else.

    `ok`: it does. `differs`: it does not. `absent`: there is no order. Letters in one text
    (`CAB`, `C > A > B`) are no order: a schema asks for a list.
    """
    del text_of
    order, given = (item.get("order"), item.get("of")) if isinstance(item, dict) else (None, None)
    if not isinstance(order, list) or not isinstance(given, list):
        return "absent"
    return "ok" if sorted(map(repr, order)) == sorted(map(repr, given)) else "differs"
