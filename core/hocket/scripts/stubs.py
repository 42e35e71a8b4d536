"""The script API as typed stubs: for editors, for the type check before a run, and for authors."""

from __future__ import annotations

import itertools
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import JsonValue

    from hocket.api.patterns.context import Pattern

    Schema = dict[str, JsonValue]

STUB = Path(__file__).parent.parent / "script.pyi"

OPTIONS = {
    "label": "str",
    "phase": "str",
    "schema": "Mapping[str, Any]",
    "model": "str",
    "effort": "str",
    "agent_type": "str",
    "tools": "list[str] | tuple[str, ...]",
    "disallowed_tools": "list[str] | tuple[str, ...]",
    "isolation": 'Literal["worktree"]',
    "inputs": "Sequence[str | Mapping[str, Any]]",
    "untrusted": "bool",
    "check": "str",
    "max_tokens": "int",
    "timeout": "float",
    "stall_ms": "float",
}
"""The options of `agent()` and `attempt()` (SCRIPT-API §2.2); each may be None, its default."""

_KINDS = {
    "boolean": "bool",
    "integer": "int",
    "null": "None",
    "number": "float",
    "object": "Mapping[str, Any]",
    "string": "str",
}

_HEAD = """\
# Written by `python -m hocket.scripts.stubs`.
# mypy: allow-any-explicit
# ruff: noqa: ANN401
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from typing import Any, Literal

AgentError = RuntimeError
args: Any

class _Dollars:
    @property
    def total(self) -> float | None: ...
    def spent(self) -> float: ...
    def remaining(self) -> float: ...

class _Budget:
    @property
    def total(self) -> int | None: ...
    def spent(self) -> int: ...
    def remaining(self) -> float: ...
    @property
    def usd(self) -> _Dollars: ...

budget: _Budget

def parallel(
    calls: Iterable[Callable[..., Any] | Awaitable[Any]],
) -> Coroutine[Any, Any, list[Any]]: ...
def pipeline(
    items: Iterable[Any], *stages: Callable[..., Any]
) -> Coroutine[Any, Any, list[Any]]: ...
def workflow(ref: str | Mapping[str, str], args: Any = None) -> Coroutine[Any, Any, Any]: ...
def ask(
    question: str,
    options: list[str] | tuple[str, ...] | None = None,
    default: str | None = None,
) -> Coroutine[Any, Any, str]: ...
def reveal(handle: str) -> Coroutine[Any, Any, str]: ...
def phase(title: object) -> None: ...
def log(message: object) -> None: ...
"""


def render(patterns: Sequence[Pattern]) -> str:
    """Write the stub of `hocket.script` for the installed patterns."""
    options = [f"{name}: {kind} | None = None" for name, kind in OPTIONS.items()]
    functions = [
        _function("agent", ["prompt: str", "*", *options], "Any"),
        _function("attempt", ["prompt: str", "*", *options], "dict[str, Any]"),
        *(_pattern(each) for each in sorted(patterns, key=lambda each: each.name)),
    ]
    return _HEAD + "".join(functions)


def _function(name: str, parameters: list[str], result: str) -> str:
    lines = "".join(f"    {each},\n" for each in parameters)
    return f"def {name}(\n{lines}) -> Coroutine[Any, Any, {result}]: ...\n"


def _pattern(pattern: Pattern) -> str:
    """Give the arguments up to the first optional one by position, the others by name."""
    schema: Schema = pattern.arguments.model_json_schema(by_alias=False)
    fields = _mapping(schema.get("properties"))
    required = _list(schema.get("required"))
    positional = list(itertools.takewhile(required.__contains__, fields))
    options = {name: f"{kind} | None = None" for name, kind in OPTIONS.items()}
    open_ended = pattern.arguments.model_config.get("extra") == "allow"
    parameters = {
        name: _annotation(field, schema) + ("" if name in required else " = ...")
        for name, field in fields.items()
    }
    named = {**(options if open_ended else {}), **parameters}
    return _function(
        pattern.name,
        [
            *(f"{name}: {parameters[name]}" for name in positional),
            *(["*"] if len(named) > len(positional) else []),
            *(f"{name}: {kind}" for name, kind in named.items() if name not in positional),
        ],
        "Any",
    )


def _annotation(schema: JsonValue, root: Schema) -> str:
    """Write a JSON Schema as a type, wide rather than wrong: the host validates the rest."""
    given = _mapping(schema)
    if "$ref" in given:
        name = str(given["$ref"]).rpartition("/")[2]
        return _annotation(_mapping(root["$defs"])[name], root)
    if "enum" in given or "const" in given:
        return _choice(_list(given.get("enum")) or [given.get("const")])
    if "anyOf" in given or "oneOf" in given:
        kinds = _list(given.get("anyOf")) or _list(given.get("oneOf"))
        return " | ".join(dict.fromkeys(_annotation(each, root) for each in kinds))
    return _plain(given, root)


def _plain(given: Schema, root: Schema) -> str:
    if given.get("type") == "array":
        return f"Sequence[{_annotation(given.get('items'), root)}]"
    return _KINDS.get(str(given.get("type")), "Any")


def _choice(values: list[JsonValue]) -> str:
    plain = all(value is None or isinstance(value, (str, int)) for value in values)
    shown = ", ".join(json.dumps(v) if isinstance(v, str) else repr(v) for v in values)
    return f"Literal[{shown}]" if plain else "Any"


def _mapping(value: JsonValue) -> Schema:
    return value if isinstance(value, dict) else {}


def _list(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []


def main(path: Path = STUB) -> None:
    """Write the stub for a plain installation, by default where editors find it."""
    path.write_text(render(()), encoding="utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
