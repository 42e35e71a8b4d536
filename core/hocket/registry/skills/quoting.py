"""Quotes values of front matter that a person meant as plain text and YAML does not take so."""

from __future__ import annotations

import re

_ENTRY = re.compile(r"^([A-Za-z_][\w-]*):[ \t]+(\S.*(?:\n[ \t]+\S.*)*)$", re.ASCII | re.MULTILINE)
_MISTAKEN = re.compile(r":[ \t\n]|[ \t]#|:$")
_MEANT = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'|[{|>].*|\[[^\]]*\]?", re.DOTALL)
"""Quoted as a whole, in braces or brackets, or a block: written by somebody who knew."""


def quoted_values(front: str) -> str:
    """Quote every top-level value that holds `: ` or ` #` or ends with a colon."""
    return _ENTRY.sub(_quoted, front)


def _quoted(entry: re.Match[str]) -> str:
    key, value = entry[1], entry[2].rstrip()
    if _MEANT.fullmatch(value) or not _MISTAKEN.search(value):
        return entry[0]
    doubled = value.replace("'", "''")
    return f"{key}: '{doubled}'"
