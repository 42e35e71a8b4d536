"""S19: the type check, in a worker of the sandbox that also runs the module without `main()`."""

from __future__ import annotations

import ast
import json
import re
from typing import TYPE_CHECKING, TypedDict

from hocket.api.scripts import Finding, ScriptLimits
from hocket.scripts.check.arguments import needs_a_run
from hocket.scripts.check.diagnosis import Diagnosis
from hocket.scripts.check.known import known
from hocket.scripts.check.tree import Tree, parse
from hocket.scripts.parsing import parsed

if TYPE_CHECKING:
    from pydantic_monty import ExternalModule, MontyRuntimeError, MontySession, MontySyntaxError

    from hocket.api.scripts import Script

_VALUES = ("args", "budget")
_SHOWN = 200
_UNSUPPORTED = re.compile(r"The monty syntax parser does not yet support (.*)")
_LIMIT = re.compile(r"\w+Error: ([\w ]+) limit exceeded.*")


class _Place(TypedDict):
    row: int
    column: int


class _Said(TypedDict):
    """One finding of the type checker, as it writes them in JSON."""

    code: str
    location: _Place
    message: str


def check(script: Script, stub: str) -> list[Finding]:
    """Type-check a script against the stub and run its module level, sorted by place."""
    from pydantic_monty import Monty, MontyCrashedError

    tree = parse(script.source)
    if isinstance(tree, Finding):
        return [tree]
    limits = ScriptLimits()
    try:
        with (
            Monty(max_processes=1) as pool,
            pool.checkout(
                type_check=True,
                type_check_format="json",
                external_modules={"hocket": _hocket(stub)},
                limits={
                    "max_turn_duration_secs": limits.turn_s,
                    "max_memory": limits.memory,
                    "max_recursion_depth": limits.recursion,
                },
                os_policy={
                    "datetime": "call_host",
                    "sleep": "call_host",
                    "random_start": "call_host",
                },
            ) as session,
        ):
            return sorted(_fed(session, tree, stub))
    except MontyCrashedError as crash:
        what = "took too long over" if crash.timed_out else "crashed on"
        return [Finding(1, 1, "S19", f"the sandbox {what} this script", "make it simpler")]


def _hocket(stub: str) -> ExternalModule:
    from pydantic_monty import ExternalModule

    named = {
        each.id if isinstance(each, ast.Name) else each.name
        for each in ast.walk(parsed(stub))
        if isinstance(each, (ast.AsyncFunctionDef, ast.FunctionDef))
        or (isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store))
    }
    members = {name: None if name in _VALUES else _too_early for name in named}
    return ExternalModule({"script": ExternalModule(members, stubs=stub)}, stubs="")


def _too_early(*_args: object, **_options: object) -> None:
    raise RuntimeError("host functions may only be called while main() runs")


def _ignored(_stream: str, _text: str) -> None:
    return None


def _fed(session: MontySession, tree: Tree, stub: str) -> list[Finding]:
    from pydantic_monty import MontyTypingError

    source = _without_future(tree)
    try:
        return _run(session, source, tree, checked=True)
    except MontyTypingError as error:
        names = known(tree.module, parsed(stub))
        said: list[_Said] = json.loads(error.display())
    found = [_diagnosis(each).finding(names) for each in said]
    findings = [each for each in found if each is not None]
    if all(each.warning for each in findings):  # then only the checker kept the module from running
        findings += _run(session, source, tree, checked=False)
    return findings


def _diagnosis(said: _Said) -> Diagnosis:
    place = said["location"]
    return Diagnosis(place["row"], place["column"], said["code"], said["message"])


def _run(session: MontySession, source: str, tree: Tree, *, checked: bool) -> list[Finding]:
    from pydantic_monty import MontyRuntimeError, MontySyntaxError

    try:
        session.feed_run(source, print_callback=_ignored, skip_type_check=not checked)
    except (MontySyntaxError, MontyRuntimeError) as error:
        return [_failure(error, tree)]
    return []


def _failure(error: MontyRuntimeError | MontySyntaxError, tree: Tree) -> Finding:
    """Say why the module level does not run: what the sandbox cannot read, or what was raised."""
    from pydantic_monty import MontySyntaxError

    frames = error.traceback()
    line, column = (frames[-1].line, frames[-1].column) if frames else (1, 1)
    text = str(error).split("\n", 1)[0][:_SHOWN]
    unsupported = _UNSUPPORTED.search(text)
    if unsupported is not None:
        return Finding(line, column, "S13", f"not available: {unsupported[1]}")
    if isinstance(error, MontySyntaxError):
        return Finding(line, column, "S01", text.removeprefix("SyntaxError: "))
    message = _LIMIT.sub(r"limit \1", text)
    # Without its arguments the module level may well fail; with them it may not.
    warning = needs_a_run(tree.module)
    return Finding(line, column, "S19", f"fails before main() runs: {message}", warning=warning)


def _without_future(tree: Tree) -> str:
    """Put a number for `from __future__ import …`, which the checker cannot resolve."""
    text = "\n".join(tree.lines)
    for node in tree.module.body:
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            start, end = tree.span(node)
            blank = re.sub(r"[^\n]", " ", text[start + 2 : end - 1])  # places stay as they are
            text = f"{text[:start]}(0{blank}){text[end:]}"
    return text
