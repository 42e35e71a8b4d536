"""Globs as ignore files write them, and as models write them, in linear time."""

from __future__ import annotations

import re
from functools import lru_cache

from hocket_plugins.tools.files.regex import Regex

_TOKEN = re.compile(
    r"(?P<up>\A\*\*/)|(?P<down>/\*\*\Z)|(?P<mid>/\*\*/)|(?P<star>\*+)|(?P<one>\?)"
    r"|(?P<set>\[[!^]?\]?[^\]/]*\])|(?P<open>\{)|(?P<comma>,)|(?P<close>\})|\\(?P<plain>.)|(?P<other>.)",
    re.DOTALL,
)
_AGAIN = re.compile(r"(?:\A|(?<=/))\*\*/(?=\*\*(?:/|\Z))")
"""`**/` before another `**` means nothing more."""
_MEANS = {
    "up": "(?:.*/)?",
    "down": "/.*",
    "mid": "/(?:.*/)?",
    "star": "[^/]*",
    "one": "[^/]",
}
_BRACES = {"open": "(?:", "comma": "|", "close": ")"}


@lru_cache(maxsize=1024)
def glob(pattern: str, *, braces: bool = True) -> Regex:
    """Compile a glob for whole paths; without a slash in front of its end it fits at any depth.

    Raises Trouble for what is no glob.
    """
    body = _AGAIN.sub("", pattern.strip("/"))
    anchored = "/" in pattern.rstrip("/")
    has_braces = braces and body.count("{") == body.count("}") > 0
    parts = [_meaning(found, braces=has_braces) for found in _TOKEN.finditer(body)]
    return Regex(f"(?s)\\A{'' if anchored else '(?:.*/)?'}{''.join(parts)}\\z")


def _meaning(found: re.Match[str], *, braces: bool) -> str:
    kind = found.lastgroup or "other"
    text = found[kind]
    if kind in _MEANS:
        return _MEANS[kind]
    if kind in _BRACES and braces:
        return _BRACES[kind]
    if kind == "set":
        return _set(text)
    return re.escape(text)


def _set(text: str) -> str:
    negated = text[1] in "!^"
    inside = text[2 if negated else 1 : -1]
    ranges = re.sub(r"[\[\]\\&~^]", r"\\\g<0>", inside)
    return f"[^/{ranges}]" if negated else f"[{ranges}]"
