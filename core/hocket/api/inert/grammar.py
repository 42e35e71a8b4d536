"""The forms of links and images in Markdown; each takes time in proportion to the text."""

from __future__ import annotations

import re

_LABEL = r"\[((?:\\.|[^\[\]\\])*+)\]"
_PLACE = r"<[^<>\n]*+>|[^\s()<]*+(?:\([^\s()]*+\)[^\s()]*+)*+"
_TITLE = r"""(?:\s++(?:"[^"]*+"|'[^']*+'|\([^()]*+\)))?\s*+"""
_TARGET = rf"\(\s*+({_PLACE}){_TITLE}\)"

LINK = re.compile(rf"(?<!\\){_LABEL}{_TARGET}", re.DOTALL)
"""`[label](place "title")`, innermost ones only: a label holds no bracket."""

REFERENCE = re.compile(rf"(?<!\\){_LABEL}(?:\[([^\[\]]*+)\])?+(?![(:\[])", re.DOTALL)
"""`[label][name]`, `[name][]` and `[name]`."""

DEFINITION = re.compile(
    r"^[ \t>*+\-0-9.)]*+\[((?:\\.|[^\[\]\\])++)\]:\s*+(<[^<>\n]*+>|[^\s<]\S*+)",
    re.DOTALL | re.MULTILINE,
)
"""`[name]: place`."""

IMAGE = re.compile(rf"!{_LABEL}(?:{_TARGET}|\[[^\[\]]*+\])?+", re.DOTALL)
"""`![alt](place "title")`, `![alt][name]` and `![name]`."""

AUTOLINK = re.compile(
    r"<((?:https?://|ftp://|mailto:)[^\s<>]*+|[^\s<>@:/]++@[^\s<>@]++)>", re.IGNORECASE
)
"""`<https://…>` and `<somebody@…>`."""

BARE = re.compile(r"(?:https?:[/\\]|ftp://|www\.)[^\s<>\[\]`\"]++", re.IGNORECASE)
"""An address in the running text."""

IMAGE_TAG = re.compile(r"<img\b([^<>]*+)>", re.IGNORECASE)
ALT = re.compile(r"""\balt\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++))""", re.IGNORECASE)
ANCHOR = re.compile(
    r"""<a\b[^<>]*?\bhref\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'<>]++))[^<>]*+>((?:[^<]|<(?!/?a\b))*+)</a\s*+>""",
    re.IGNORECASE,
)


def inside(written: str) -> str:
    """Give what a label or a target means: without brackets, backslashes and entities."""
    from html import unescape  # noqa: PLC0415  (its table is large, and rarely needed)

    bare = written[1:-1] if written.startswith("<") and written.endswith(">") else written
    return unescape(_ESCAPED.sub(r"\1", bare))


def dropped(address: str) -> str:
    """Take off what ends a sentence and not the address in it."""
    return address.rstrip(".,:;!?*_~'")


_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
