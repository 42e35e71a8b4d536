"""Text for people: what came from outside made inert, and the forms of money, counts and time."""

from __future__ import annotations

import re
from typing import Literal

Newlines = Literal["keep", "escape"]

# Format and control characters, separators that are not a blank, surrogates, letters that are
# drawn as nothing, and the tag block. Joiners and emoji selectors stand between or behind what
# they belong to: people need them there, and anywhere else they only hide something.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b"
    "\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufe00-\ufe0d\ufeff\uffa0"
    "\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
    "|(?<![^\x00-\xa0\u2000-\u206f])[\u200c\u200d]"
    "|[\u200c\u200d](?![^\x00-\xa0\u2000-\u206f])"
    "|(?<![#*0-9\u00a9-\ufdff\U00010000-\U0001ffff])[\ufe0e\ufe0f]"
)
_LINE_PARTS = re.compile("[\t\n]")
_NAMED = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}
_STEPS_S = (("d", 86_400), ("h", 3_600), ("min", 60))


def inert(text: str, newlines: Newlines = "escape") -> str:
    r"""Show what could steer a terminal or hide from a reader as `\u202e`; foreign text only.

    `keep` leaves line ends and tabs for text that is printed as a block.
    """
    safe = _UNSAFE.sub(_escape, text)
    return safe if newlines == "keep" else _LINE_PARTS.sub(_escape, safe)


def _escape(found: re.Match[str]) -> str:
    character = found[0]
    code = ord(character)
    if code > 0xFF:  # noqa: PLR2004 (the widths of Python's own escapes)
        return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004
    return _NAMED.get(character, f"\\x{code:02x}")


def money(micros: int | None) -> str:
    """Show millionths of a dollar: cents, and below one cent as much as is needed."""
    if micros is None:
        return "price unknown"
    if 0 < micros < 100:  # noqa: PLR2004 (what four digits cannot show)
        return "<$0.0001"
    digits = 2 if micros == 0 or micros >= 10_000 else 4  # noqa: PLR2004
    unit = 10 ** (6 - digits)
    whole, part = divmod((micros + unit // 2) // unit, 10**digits)
    return f"${whole:,}.{part:0{digits}}"


def tokens(count: int) -> str:
    """Show a count with its thousands set apart."""
    return f"{count:,}"


def duration(seconds: float) -> str:
    """Show a time in its two largest units: `6 min 12 s`, `1 h 5 min`; tenths below ten seconds."""
    if round(seconds, 1) < 10:  # noqa: PLR2004
        return f"{seconds:.1f} s"
    left = round(seconds)
    for position, (unit, size) in enumerate(_STEPS_S):
        if left >= size:
            return _two_units(left, unit, size, (*_STEPS_S, ("s", 1))[position + 1])
    return f"{left} s"


def _two_units(left: int, unit: str, size: int, smaller: tuple[str, int]) -> str:
    rest = left % size // smaller[1]
    return f"{left // size} {unit} {rest} {smaller[0]}" if rest else f"{left // size} {unit}"
