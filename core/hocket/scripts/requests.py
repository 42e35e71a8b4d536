"""From the arguments a script passed to what crosses to the engine."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

from hocket.scripts import stubs
from hocket.scripts.values import NotJson, to_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pydantic import JsonValue

    from hocket.api.scripts import Op

    Payload = dict[str, JsonValue]

_SIGNATURES: dict[str, tuple[str, ...]] = {
    "agent": ("prompt",),
    "attempt": ("prompt",),
    "workflow": ("ref", "args"),
    "ask": ("question", "options", "default"),
    "reveal": ("handle",),
}
_OPS: dict[str, Op] = {
    "agent": "agent",
    "attempt": "attempt",
    "workflow": "workflow",
    "ask": "ask",
    "reveal": "reveal",
}
OPTIONS = frozenset(stubs.OPTIONS)
"""The options of `agent` and `attempt` under their Python names."""


def asked(
    name: str,
    args: Sequence[object],
    kwargs: Mapping[str, object],
    fields: Sequence[str] | None,
) -> tuple[Op, Payload]:
    """Name the operation and its JSON payload; TypeError says what was wrong with the call."""
    if fields is not None:
        arguments = _bind(name, args, kwargs, fields)
        return "pattern", {"name": name, "arguments": _json(name, arguments)}
    arguments = _bind(name, args, kwargs, _SIGNATURES[name])
    if _SIGNATURES[name][0] not in arguments:
        raise TypeError(f"{name}() needs '{_SIGNATURES[name][0]}'")
    if name in ("agent", "attempt"):
        _known_options(name, kwargs)
    return _OPS[name], _json(name, arguments)


def told(name: str, args: Sequence[object], kwargs: Mapping[str, object]) -> str:
    """Give the text of `phase` or `log`; what is no text is shown as JSON."""
    if len(args) != 1 or kwargs:
        raise TypeError(f"{name}() takes one argument, {len(args) + len(kwargs)} given")
    if isinstance(args[0], str):
        return args[0]
    try:
        return json.dumps(to_json(args[0], "value", []), ensure_ascii=False)
    except NotJson:
        return str(args[0])


def barrier(futures: object) -> tuple[int, ...]:
    """Read the call ids out of the names of the futures a barrier waits for."""
    texts = cast("list[str]", futures)  # the prelude made it
    return tuple(int(text.rsplit("(", 1)[1].split(")", 1)[0]) for text in texts)


def _bind(
    name: str, args: Sequence[object], kwargs: Mapping[str, object], fields: Sequence[str]
) -> dict[str, object]:
    if len(args) > len(fields):
        raise TypeError(
            f"{name}() takes {len(fields)} positional arguments, {len(args)} were given"
        )
    bound = dict(zip(fields, args, strict=False))
    twice = next((key for key in kwargs if key in bound), None)
    if twice is not None:
        raise TypeError(f"{name}() got two values for '{twice}'")
    return {**bound, **kwargs}


def _known_options(name: str, kwargs: Mapping[str, object]) -> None:
    for key in kwargs:
        if key not in OPTIONS and key != "prompt":
            raise TypeError(f"{name}() has no option '{key}'; known: {', '.join(sorted(OPTIONS))}")


def _json(name: str, arguments: Mapping[str, object]) -> Payload:
    try:
        return {key: to_json(value, key, []) for key, value in arguments.items()}
    except NotJson as error:
        raise TypeError(f"{name}(): {error} is not JSON") from None
