"""Size budgets: where no machine measures it, size rots."""

from __future__ import annotations

import ast
import io
import tokenize
from collections import Counter
from statistics import median

SMALL = 60
"""Lines of code in a room that is one file."""
ROOMS = {
    "errors": 95,
    "api": 2520,
    "engine": 4650,
    "journal": 1150,
    "answers": 850,
    "screens": 460,
    "trust": 520,
    "workspaces": 1650,
    "scripts": 2600,
    "host": 450,
    "config": 830,
    "registry": 12200,
    "launch": 4350,
    "launch/expansion": 1250,
    "launch/reports": 2150,
    "estimate": 1650,
    "rehearsal": 400,
    "cli": 4450,
    "testing": 6000,
}
"""Lines of code without blanks, comments and docstrings; core/README.md says why so many."""
DOCUMENTED = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
LONGEST = {
    "core/hocket/api/hookspecs.py": 200,
    "core/hocket/cli/": 120,
    "plugins/hocket_plugins/patterns/": 120,
    "plugins/hocket_plugins/policies/": 150,
    "plugins/hocket_plugins/routers/": 150,
}


def lines(checkout, *folders):
    return {path: len(text.splitlines()) for path, (text, _) in checkout.python(*folders).items()}


def functions(checkout):
    """Measure every function with its docstring, without its decorators."""
    return {
        f"{path}:{node.lineno} {node.name}": node.end_lineno - node.lineno + 1
        for path, (_, tree) in checkout.python("core", "plugins").items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def over(measured, budget):
    return {name: count for name, count in measured.items() if count > budget}


def test_no_file_is_over_300_lines(checkout):
    assert over(lines(checkout, "core", "plugins"), 300) == {}


def test_files_of_a_kind_keep_its_budget(checkout):
    measured = lines(checkout, "core", "plugins")
    too_long = {
        path: count
        for start, budget in LONGEST.items()
        for path, count in over(measured, budget).items()
        if path.startswith(start) and not path.rpartition("/")[2].startswith("_")
    }
    assert too_long == {}


def test_the_median_file_has_at_most_100_lines(checkout):
    assert median(lines(checkout, "core", "plugins").values()) <= 100


def test_no_function_is_over_40_lines(checkout):
    assert over(functions(checkout), 40) == {}


def test_the_median_function_has_at_most_8_lines(checkout):
    assert median(functions(checkout).values()) <= 8


def code_lines(text, tree):
    """Count the lines that are code: no blanks, no comments, no docstrings."""
    quiet = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}
    lines = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in quiet and token.type != tokenize.ENDMARKER:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(tree):
        for child in getattr(node, "body", None) if isinstance(node, DOCUMENTED) else ():
            if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
                lines -= set(range(child.lineno, child.end_lineno + 1))
    return len(lines)


def rooms(checkout):
    counted = Counter()
    for path, (text, tree) in checkout.python("core").items():
        room, inner = path.split("/")[2].removesuffix(".py"), "/".join(path.split("/")[2:4])
        counted[inner if inner in ROOMS else room] += code_lines(text, tree)
    return counted


def test_a_room_of_the_core_keeps_its_budget(checkout):
    measured = rooms(checkout)
    assert over({room: measured[room] for room in ROOMS}, 0).keys() == ROOMS.keys()
    assert {room: n for room, n in measured.items() if n > ROOMS.get(room, SMALL)} == {}


def test_there_is_enough_test_for_a_line_of_source(checkout):
    """Aim at one and a half; doubles of `testing` are test material themselves."""
    counted = lines(checkout, "core", "plugins")
    source = sum(n for path, n in counted.items() if "/testing/" not in path)
    measured = lines(checkout, "tests")
    tests = sum(count for path, count in measured.items() if not path.startswith("tests/bench/"))
    assert tests >= 1.2 * source


def test_a_readme_has_at_most_250_lines(checkout):
    for name in checkout.docs.READMES:
        assert len((checkout.root / name).read_text("utf-8").splitlines()) <= 250, name


def test_no_module_is_called_by_what_it_is_not(checkout):
    vague = {"utils", "util", "helpers", "common", "manager", "base", "misc"}
    for path in checkout.python("core", "plugins"):
        assert not vague & set(path.removesuffix(".py").split("/")), path
