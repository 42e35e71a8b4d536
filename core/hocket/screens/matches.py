"""Whether a statement says no number and no date that its evidence does not say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.screens.dates import missing_dates
from hocket.screens.numbers import missing_numbers
from hocket.screens.quotes import field, stored_texts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pydantic import JsonValue

    from hocket.screens.quotes import TextOf, Verdict


def numbers_match(item: JsonValue, text_of: TextOf) -> Verdict:
    """Compare the numbers of `claim` (or `text`) with those of `quote`, else of its source.

    Separators, words, scales (k, M, bn), signs, fractions and ranges count by value; 5 and 5 %
    are two. What has two readings (1.234) matches by either. Units are not compared.
    `ok`: all stand there, or there are none. `differs`: one does not, as it is read here.
    `absent`: there is neither a quote nor a text.
    """
    return _match(item, text_of, missing_numbers)


def dates_match(item: JsonValue, text_of: TextOf) -> Verdict:
    """Compare the dates of `claim` (or `text`) with those of `quote`, else of its source.

    A date is told by one that is as exact or more so; one that may be two days (3.4.2024) only
    by itself. Names of months are English; a year alone is a number.
    `ok`, `differs` and `absent` as for numbers.
    """
    return _match(item, text_of, missing_dates)


def _match(
    item: JsonValue, text_of: TextOf, is_missing: Callable[[str, Sequence[str]], bool]
) -> Verdict:
    claim, quote = field(item, "claim", "text"), field(item, "quote")
    offered = [quote] if quote.strip() else stored_texts(item, text_of)
    if not is_missing(claim, offered):
        return "ok"
    return "differs" if offered else "absent"
