"""Where a script asks for agents, and with which rights, as far as its text says."""

from __future__ import annotations

import ast
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hocket.scripts.reading.naming import ASKING, literal
from hocket.scripts.reading.phasing import UNTOLD, Phasing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hocket.scripts.reading.naming import Named

_CHILD = "workflow"


@dataclass(frozen=True, slots=True)
class Site:
    """A place that asks for agents; one of a pattern may ask for many."""

    line: int
    phases: tuple[str, ...]
    tools: Named = None
    """None: it names none, and gets what its agent type has, or the default set."""
    without: tuple[str, ...] = ()
    """What it takes off again, `disallowed_tools`, if the text says so."""
    is_told: bool = True
    """Whether the text says which tools it names."""
    is_marked: bool = False
    """Whether it, or an input of it, is marked `untrusted`."""
    is_isolated: bool = False
    agent_type: str | None = None


def sites(module: ast.Module) -> list[Site]:
    """List the places in a script that ask for agents, in the order of its text."""
    phasing, words = Phasing(module), _Words(module)
    return [
        site
        for node, phases in phasing.asked()
        for site in _of(node, phases, phasing.host_name(node), words)
    ]


class _Words:
    """Reads lists of texts, written out or kept in a constant of the script."""

    def __init__(self, module: ast.Module) -> None:
        self._constants: dict[str, tuple[str, ...]] = {}
        bound = _stored(module)
        for node in module.body:
            match node:
                case (
                    ast.Assign(targets=[ast.Name(id=name)], value=value)
                    | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
                ) if bound[name] == 1:
                    found = literal(value)
                    self._constants |= {} if found is None else {name: found}
                case _:
                    continue

    def of(self, node: ast.expr) -> Named:
        match node:
            case ast.Name(id=name):
                return self._constants.get(name)
            case ast.List(elts=items) | ast.Tuple(elts=items):
                parts = [self._part(item) for item in items]
                known = [part for part in parts if part is not None]
                told = tuple(word for part in known for word in part)
                return told if len(known) == len(parts) else None
            case _:
                return None

    def _part(self, item: ast.expr) -> Named:
        match item:
            case ast.Starred(value=ast.Name(id=name)):
                return self._constants.get(name)
            case _:
                text = _text(item)
                return None if text is None else (text,)


def _stored(module: ast.Module) -> Counter[str]:
    names = [each for each in ast.walk(module) if isinstance(each, ast.Name)]
    return Counter(each.id for each in names if isinstance(each.ctx, ast.Store))


def _of(
    node: ast.Call | ast.Name, phases: tuple[str, ...], host: str, words: _Words
) -> Iterator[Site]:
    if host == _CHILD:
        yield Site(node.lineno, phases, is_told=False)
    elif isinstance(node, ast.Name):
        # Handed on as a function: `map(agent, prompts)` names no tools.
        yield Site(node.lineno, phases)
    else:
        site = _read(node, phases, words)
        yield site
        if host not in ASKING:
            roles = (words.of(value) for value in _tools_of_roles(node))
            for named in roles:
                if named is not None:
                    yield replace(site, tools=named, is_told=True)


def _read(call: ast.Call, phases: tuple[str, ...], words: _Words) -> Site:
    given = {each.arg: each.value for each in call.keywords if each.arg is not None}
    is_open = len(given) < len(call.keywords)
    wanted = given.get("tools")
    tools = None if wanted is None else words.of(wanted)
    if "phase" in given and not _is_nothing(given["phase"]):
        phases = (_text(given["phase"]) or UNTOLD,)
    return Site(
        line=call.lineno,
        phases=phases,
        tools=tools,
        without=(words.of(given["disallowed_tools"]) or ()) if "disallowed_tools" in given else (),
        is_told=not is_open if wanted is None else _is_nothing(wanted) or tools is not None,
        is_marked=_is_marked(given),
        is_isolated=_text(given.get("isolation")) is not None,
        agent_type=_text(given.get("agent_type")),
    )


def _is_marked(given: Mapping[str, ast.expr]) -> bool:
    """Say whether something may be marked: what is not plainly False counts as marked."""
    inputs = given.get("inputs")
    marks = [given["untrusted"]] if "untrusted" in given else []
    marks += [] if inputs is None else [*_entries(inputs, "untrusted")]
    return any(not (isinstance(mark, ast.Constant) and not mark.value) for mark in marks)


def _tools_of_roles(call: ast.Call) -> Iterator[ast.expr]:
    """Give the tools a pattern's roles are given: `judge={"tools": […]}`."""
    given = [*call.args, *(each.value for each in call.keywords if each.arg != "schema")]
    for value in given:
        yield from _entries(value, "tools")


def _entries(node: ast.expr, name: str) -> Iterator[ast.expr]:
    """Give what objects in a literal have under a name; calls in it speak for themselves."""
    todo: list[ast.AST] = [node]
    while todo:
        each = todo.pop()
        if isinstance(each, ast.Dict):
            pairs = zip(each.keys, each.values, strict=True)
            yield from (value for key, value in pairs if key is not None and _text(key) == name)
        if not isinstance(each, ast.Call):
            todo.extend(reversed([*ast.iter_child_nodes(each)]))


def _text(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _is_nothing(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
