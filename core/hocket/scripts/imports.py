"""Serves `from hocket.script import …`: the sandbox has no such module, only prepared names."""

from __future__ import annotations

import ast

from hocket.scripts.parsing import parsed

MODULE = "hocket.script"


def served(source: str) -> str:
    """Turn the script's imports of hocket into assignments, every line kept where it was."""
    lines = source.split("\n")
    for node in reversed(parsed(source).body):
        if isinstance(node, ast.ImportFrom) and node.module == MODULE:
            _replace(lines, node)
    return "\n".join(lines)


def _replace(lines: list[str], node: ast.ImportFrom) -> None:
    first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
    head = lines[first].encode()[: node.col_offset].decode()
    tail = lines[last].encode()[node.end_col_offset or 0 :].decode()
    names = "; ".join(f"{a.asname or a.name} = _api_{a.name}" for a in node.names)
    # A statement may follow on the last line, so the lines in between become continuations.
    lines[first : last + 1] = (
        [head + names]
        if first == last
        else [
            f"{head}{names} \\",
            *["\\"] * (last - first - 1),
            tail,
        ]
    )
    if first == last:
        lines[first] += tail
