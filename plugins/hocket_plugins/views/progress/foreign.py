"""Text of others, made harmless: what is not seen in it becomes visible."""

from __future__ import annotations

import unicodedata


def visible(text: str) -> str:
    r"""Write control, bidi, zero-width and unassigned characters as their escapes, like `\u202e`.

    Escape sequences lose their meaning with their first character; every space is a plain one.
    """
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else _shown(sign) for sign in text)


def _shown(sign: str) -> str:
    if unicodedata.category(sign) == "Zs":
        return " "
    return sign.encode("unicode_escape").decode()
