"""Whether the module level of a script depends on what only a run knows."""

from __future__ import annotations

import ast

from hocket.scripts.check.allowed import HOST
from hocket.scripts.check.walk import Facts, walk

VALUES = frozenset({f"{HOST}.args", f"{HOST}.budget"})


def needs_a_run(module: ast.Module) -> bool:
    """Whether `args` or `budget` is read before `main()` runs, as far as can be seen."""
    early = late = calls_own = False
    for node, site in walk(module, Facts(frozenset(), frozenset())):
        if isinstance(node, ast.Name) and site.dotted(node) in VALUES:
            early, late = early or not site.in_function, late or site.in_function
        elif isinstance(node, ast.Call) and not site.in_function:
            calls_own = calls_own or site.dotted(node.func) is None
    return early or (late and calls_own)
