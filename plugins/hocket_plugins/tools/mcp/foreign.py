"""Words of a server: made harmless for a model, made visible for a person, and bounded."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

FIRST, LAST = 4_000, 12_000
"""So many characters of a long output are shown."""
_WINDOW = 16
"""Characters looked at for one that is shown: the others may be escapes."""
_SEQUENCE = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[\]P^_X][^\x07\x1b\n]*(?:\x07|\x1b\\)|\x1b[@-_]|\r+(?=\n)"
)
_HIDDEN = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
"""Categories of characters that steer a terminal or that nobody sees."""
_KEPT = frozenset("\n\t\u200c\u200d")
"""Line ends, and the joiners that scripts and emoji need."""
_BLANK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0d\uffa0\U000e0100-\U000e01ef]"
    "|(?<![^\x00-\xa0\u2000-\u206f])[\u200c\u200d]"
    "|[\u200c\u200d](?![^\x00-\xa0\u2000-\u206f])"
    "|(?<![#*0-9\u00a9-\ufdff\U00010000-\U0001ffff])[\ufe0e\ufe0f]"
)
"""Letters drawn as nothing; joiners that join nothing, and selectors that select nothing: a text
could be written with them that a person does not see."""


def plain(text: str) -> str:
    """Take out what a reader would not see: terminal sequences, control and hidden characters."""
    seen = _SEQUENCE.sub("", text).replace("\r", "\n").translate(_TAKEN_OUT)
    while (once := _BLANK.sub("", seen)) != seen:
        seen = once
    return seen


def visible(text: str) -> str:
    r"""Show what would hide from a person as `\u202e`."""
    return _BLANK.sub(_escape, text.translate(_ESCAPED))


def line(text: str, most: int = 200) -> str:
    """Make one short line of it."""
    words = " ".join(plain(text[: 8 * most]).split())
    return words if len(words) <= most else f"{words[: most - 1]}…"


def bounded(text: str, keep: Callable[[bytes], str]) -> str:
    """Give both ends of a long text and say where all of it is kept."""
    if len(text) <= _WINDOW * (FIRST + LAST):
        first = last = plain(text)
        if len(first) <= FIRST + LAST:
            return first
    else:
        first, last = plain(text[: _WINDOW * FIRST]), plain(text[-_WINDOW * LAST :])
    raw = text.encode("utf-8", "replace")
    whole = f"all {len(raw):,} bytes are kept as {keep(raw)}"
    return f"{first[:FIRST]}\n[… the middle is not shown; {whole} …]\n{last[-LAST:]}"


def _escape(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


class _Hiding(dict[int, str | None]):
    """Says what becomes of each character; it is filled as they come."""

    def __init__(self, *, shown: bool) -> None:
        super().__init__()
        self._shown = shown

    def __missing__(self, code: int) -> str | None:
        """Decide about a character that was not seen before."""
        one = chr(code)
        is_seen = one in _KEPT or unicodedata.category(one) not in _HIDDEN
        instead = f"\\u{code:04x}" if self._shown else None
        self[code] = one if is_seen else instead
        return self[code]


_TAKEN_OUT, _ESCAPED = _Hiding(shown=False), _Hiding(shown=True)
