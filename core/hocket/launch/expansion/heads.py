"""What a text says of itself at its beginning: its date, and whether it is a first-hand source."""

from __future__ import annotations

import re
from datetime import date

PRIMARY, SECONDARY, UNKNOWN = "primary", "secondary", "unknown"
_HEAD_LINES = 20
_DATE = re.compile(r"(?i)\s*date\s*:\s*[\"']?(\d{4}-\d{2}-\d{2})\b")
_KIND = re.compile(rf"(?i)\s*(?:source|kind)\s*:(?:.*\s)?[\"']?({PRIMARY}|{SECONDARY})[\"']?\s*")


def said(text: str) -> tuple[str | None, str]:
    """Give the date and the kind that the first lines say."""
    found: str | None = None
    kind = UNKNOWN
    for line in text[: _HEAD_LINES * 200].splitlines()[:_HEAD_LINES]:
        if found is None and (dated := _DATE.match(line)):
            found = _real(dated[1])
        if kind == UNKNOWN and (told := _KIND.fullmatch(line)):
            kind = told[1].lower()
    return found, kind


def _real(written: str) -> str | None:
    try:
        return date.fromisoformat(written).isoformat()
    except ValueError:
        return None
