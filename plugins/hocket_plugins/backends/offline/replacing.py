"""Which of two values is the newer one, so that it has taken the place of the other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from hocket_plugins.backends.offline.quantities import DATES

if TYPE_CHECKING:
    from hocket_plugins.backends.offline.document import Document
    from hocket_plugins.backends.offline.meaning import Meaning

LONG_AFTER = 365
_SINCE = re.compile(r"\bsince\b", re.IGNORECASE)
_OVER = re.compile(r"\b(?:was|were|had|cost)\b", re.IGNORECASE)
"""What a sentence tells of the past has not changed since."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A sentence, with the day and the kind of the file that says it."""

    told: Meaning
    quote: str
    document: Document

    def replaces(self, other: Stated) -> bool:
        """Whether it has a newer value: one with a `since`, or a year later and as good a file."""
        days = days_between(self.document.date, other.document.date)
        if days is None or days <= 0 or not self._has_other_value(other):
            return False
        if _SINCE.search(self.quote):
            return True
        is_as_good = self.document.kind == "primary" or other.document.kind != "primary"
        return days > LONG_AFTER and is_as_good and not _OVER.search(self.quote)

    def _has_other_value(self, other: Stated) -> bool:
        """Whether they differ in a number that may change; the day of something past may not."""
        return any(
            one.differs(two) and one.unit not in DATES
            for one in other.told.quantities
            for two in self.told.quantities
        )


def days_between(later: str | None, earlier: str | None) -> int | None:
    """Count the days from one day to another; None where one of them is not known."""
    if not later or not earlier:
        return None
    return (date.fromisoformat(later) - date.fromisoformat(earlier)).days
