"""Characters that steer a terminal or that nobody sees: shown as escapes, or taken out."""

from __future__ import annotations

import re
from typing import Literal

Newlines = Literal["escape", "keep"]

# A fixed list: what Python's own tables call unassigned or unprintable changes with its version.
# Unsafe members of a range are left out of it, so that no neighbour of a joiner can vanish.
_EMOJI = (
    "\u00a9\u00ae\u203c\u2049\u2100-\u214f\u2190-\u23ff\u2460-\u24ff\u25a0-\u27bf\u2900-\u297f"
    "\u2b00-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
)
_MARKS = "\u0300-\u034e\u0350-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_JOINED = (
    "\u0590-\u061b\u061d-\u115e\u1161-\u17b3\u17b6-\u180a\u1810-\u1aaf\u1b00-\u1cff"
    "\ua800-\uaaff\uabc0-\uabff\ufb1d-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc\U00010a00-\U00011fff"
) + _EMOJI
_PLANES = "".join(f"\\U{plane:04x}fffe\\U{plane:04x}ffff" for plane in range(1, 15))

_UNSAFE = re.compile(
    # Controls and formats, separators that are not a blank, surrogates, letters drawn as nothing,
    # tags, private characters.
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b"
    "\u200e\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ud800-\uf8ff\ufdd0-\ufdef\ufe00-\ufe0d"
    "\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d159"
    f"\U0001d173-\U0001d17a\U000e0000-\U0010ffff{_PLANES}]"
    # Joiners and emoji selectors belong between or behind something; elsewhere they only hide.
    f"|(?<![{_JOINED}])(?<![{_EMOJI}]\ufe0f)[\u200c\u200d]|[\u200c\u200d](?![{_JOINED}])"
    f"|(?<![#*0-9{_EMOJI}])[\ufe0e\ufe0f]|(?<=[#*0-9])[\ufe0e\ufe0f](?!\u20e3)"
    # Marks on marks grow over the lines around them.
    f"|(?<=[{_MARKS}]{{8}})[{_MARKS}]"
)
_STRING = r"(?:\x1b[\]P^_Xk]|[\x90\x98\x9d-\x9f])[^\x07\x18\x1a\x1b\x80-\x9f]*"
_SEQUENCE = re.compile(
    rf"{_STRING}(?:[\x07\x18\x1a\x9c]|\x1b\\)"  # titles, links, clipboard, pictures
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # colours, cursor
    # A string without its end is not taken for one: all that follows would be gone.
    r"|\x1b[ -/]*[0-~]"
)
_RETURN = re.compile(r"\r\n?")
_LINE_PARTS = re.compile("[\t\n]")
_NAMED = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}


def visible(text: str, newlines: Newlines = "escape") -> str:
    r"""Show what could steer a terminal or hide from a reader as `\u202e`; foreign text only.

    `keep` leaves line ends and tabs for text that is printed as a block.
    """
    if text.isascii() and text.isprintable():
        return text
    safe = _UNSAFE.sub(_escape, text)
    return safe if newlines == "keep" else _LINE_PARTS.sub(_escape, safe)


def stripped(text: str) -> str:
    r"""Take the same out, escape sequences as a whole; every line end becomes `\n`."""
    if text.isascii() and text.isprintable():
        return text
    seen = _RETURN.sub("\n", _SEQUENCE.sub("", text))
    # What was apart may meet: it settles after a few turns, whatever the text is.
    while (once := _UNSAFE.sub("", seen)) != seen:
        seen = once
    return seen


def _escape(found: re.Match[str]) -> str:
    character = found[0]
    code = ord(character)
    if code > 0xFF:  # noqa: PLR2004 (the widths of Python's own escapes)
        return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004
    return _NAMED.get(character, f"\\x{code:02x}")
