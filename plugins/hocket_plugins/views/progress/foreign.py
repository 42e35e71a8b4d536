"""Text of others, made harmless: what is not seen in it becomes visible."""

from __future__ import annotations

import unicodedata

_DRAWN_AS_NOTHING = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Characters that count as printable and show nothing."""


def visible(text: str) -> str:
    r"""Write control, bidi, zero-width and unassigned characters as their escapes, like `\u202e`.

    An escape sequence loses its meaning with its first character; every space is a plain one.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(sign) for sign in text)


def _shown(sign: str) -> str:
    if sign.isprintable() and sign not in _DRAWN_AS_NOTHING:
        return sign
    if unicodedata.category(sign) == "Zs":
        return " "
    return sign.encode("unicode_escape").decode()
