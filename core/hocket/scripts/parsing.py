"""Parsing, one text at a time: CPython 3.11 confuses its depth when several threads parse."""

from __future__ import annotations

import ast
from threading import Lock

_ONE_AT_A_TIME = Lock()


def parsed(source: str) -> ast.Module:
    """Parse a module; raises as `ast.parse` does."""
    with _ONE_AT_A_TIME:
        return ast.parse(source)
