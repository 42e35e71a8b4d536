"""The arguments as their script gets them: handles for words from outside, where these are sealed.

Made anew in each life of the script; the same words have the same handles.
"""

from __future__ import annotations

from copy import deepcopy
from functools import partial
from typing import TYPE_CHECKING

from hocket.api.tools import Label

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pydantic import JsonValue

    from hocket.api.sealing import Sealing

    Seal = Callable[[str], str]
    Held = dict[str, JsonValue] | list[JsonValue]

EVERY = "*"
"""Stands in a pointer for every item of a list, and every field of an object."""


def handed(args: JsonValue, outside: Mapping[str, tuple[str, ...]], seals: Sealing) -> JsonValue:
    """Seal every text at or beneath the pointers; one that points at nothing is passed over."""
    if not outside:
        return args
    whole: dict[str, JsonValue] = {"": deepcopy(args)}
    for pointer, sources in outside.items():
        label = Label(outside=True, sources=frozenset(sources))
        steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")]
        _replace(whole, steps, partial(seals.withheld, label=label))
    return whole[""]


def _replace(held: Held, steps: Sequence[str], seal: Seal) -> None:
    step, *rest = steps
    for key, value in _meant(held, step):
        if rest and isinstance(value, (dict, list)):
            _replace(value, rest, seal)
        elif not rest:
            held[key] = _sealed(value, seal)  # type: ignore[index]  # its own key


def _meant(held: Held, step: str) -> Iterator[tuple[str | int, JsonValue]]:
    if step == EVERY:
        yield from [*(held.items() if isinstance(held, dict) else enumerate(held))]
    elif isinstance(held, dict):
        if step in held:
            yield step, held[step]
    elif step.isdecimal() and int(step) < len(held):
        yield int(step), held[int(step)]


def _sealed(value: JsonValue, seal: Seal) -> JsonValue:
    if isinstance(value, str):
        return seal(value)
    if isinstance(value, dict):
        return {key: _sealed(one, seal) for key, one in value.items()}
    return [_sealed(one, seal) for one in value] if isinstance(value, list) else value
