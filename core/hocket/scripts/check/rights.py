"""S21: a call that names tools to read outside together with tools that act.

Only the tools that come along are known here; the quarantine, which refuses such a call, and the
card know the installed ones.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from hocket.scripts.check.tree import Breach

if TYPE_CHECKING:
    from collections.abc import Iterator

READING = frozenset({"WebFetch", "WebSearch"})
ACTING = frozenset({"Bash", "Edit", "Write"})
_HINT = "let one agent read, and hand what it found to another"


def rights(call: ast.Call, name: str) -> Iterator[Breach]:
    """Look at the tools that a call of the host or of a pattern names."""
    for given in [each.value for each in call.keywords if each.arg == "tools"]:
        named = _named(given)
        reads = [tool for tool in named if tool in READING]
        acts = [tool for tool in named if tool in ACTING]
        if reads and acts:
            message = (
                f"{name}() names {reads[0]}, which reads outside, and {acts[0]}, which acts: "
                "the quarantine refuses that"
            )
            yield Breach(given, "S21", message, _HINT, warning=True)


def _named(node: ast.expr) -> list[str]:
    match node:
        case ast.List(elts=items) | ast.Tuple(elts=items):
            values = [item.value for item in items if isinstance(item, ast.Constant)]
            return [text.partition("(")[0].strip() for text in values if isinstance(text, str)]
        case _:
            return []
