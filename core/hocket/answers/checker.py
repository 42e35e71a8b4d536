"""A JSON Schema validator that cannot explode: linear patterns, bounded references."""

from __future__ import annotations

import json
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from hocket.answers.keywords import DIALECT, is_number
from hocket.answers.misfits import Problem
from hocket.answers.regexes import finds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pydantic import JsonValue

    from hocket.answers.keywords import Schema

    Keyword = Callable[["Library", JsonValue, JsonValue, Schema], Iterator["Raw"]]

MOST_STEPS = 50_000
"""References followed for one answer: recursion that branches would else take for ever."""


MOST_FRAMES = 500
"""Of the 1,000 there are; between two references no schema needs 200."""


class TooComplex(Exception):
    """Checking one answer took too many steps."""


class Raw(Protocol):
    """The library's error, as far as it is used here."""

    @property
    def absolute_path(self) -> Sequence[str | int]:
        """The way from the root of the answer."""
        ...

    validator: str | None
    validator_value: JsonValue
    instance: JsonValue
    context: list[Raw]


class Library(Protocol):
    """The library's validator, as far as it is used here."""

    def iter_errors(self, instance: JsonValue) -> Iterator[Raw]:
        """Check a value."""
        ...

    def descend(
        self, instance: JsonValue, schema: JsonValue, path: str | int | None = None
    ) -> Iterator[Raw]:
        """Check a part of a value."""
        ...


class Checker:
    """Checks values in the schema's own dialect and never looks outside of the schema."""

    def __init__(self, schema: Schema) -> None:
        validators = import_module("jsonschema.validators")  # 0.1 s, and not every run needs it
        base = validators.validator_for({"$schema": schema.get("$schema", DIALECT)})
        known = cast("dict[str, Keyword]", base.VALIDATORS)
        ours = OURS | {name: self._counted(known[name]) for name in FOLLOWING if name in known}
        # A schema that names its dialect would, where it is referred to, get that dialect's class.
        bare = {key: schema[key] for key in schema if key != "$schema"}
        registry = import_module("referencing").Registry()
        self._library = cast("Library", validators.extend(base, ours)(bare, registry=registry))
        self._left = MOST_STEPS

    def problems(self, value: JsonValue) -> Iterator[Problem]:
        """Give what is wrong, one by one; raises TooComplex."""
        self._left = MOST_STEPS
        return map(_problem, self._library.iter_errors(value))

    def _counted(self, follow: Keyword) -> Keyword:
        def count(
            library: Library, value: JsonValue, instance: JsonValue, schema: Schema
        ) -> Iterator[Raw]:
            self._left -= 1
            if self._left < 0 or _is_deep():
                raise TooComplex
            yield from follow(library, value, instance, schema)

        return count


def _is_deep() -> bool:
    """Whether the stack is so high that native parts of the library may meet its end: a panic."""
    try:
        # One frame is asked for: walking all of them is slow.
        sys._getframe(MOST_FRAMES)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    except ValueError:
        return False
    return True


def _problem(raw: Raw) -> Problem:
    inner = tuple(map(_problem, raw.context))
    return Problem(
        tuple(raw.absolute_path), raw.validator, raw.validator_value, raw.instance, inner
    )


def _raw(**known: JsonValue) -> Raw:
    exceptions = import_module("jsonschema.exceptions")
    return cast("Raw", exceptions.ValidationError("", **known))


def _pattern(_: Library, pattern: JsonValue, instance: JsonValue, __: Schema) -> Iterator[Raw]:
    if isinstance(instance, str) and not finds(str(pattern), instance):
        yield _raw()


def _properties(
    library: Library, declared: JsonValue, instance: JsonValue, _: Schema
) -> Iterator[Raw]:
    if isinstance(instance, dict) and isinstance(declared, dict):
        for name in [name for name in declared if name in instance]:
            yield from _below(library, instance[name], declared[name], name)


def _pattern_properties(
    library: Library, patterns: JsonValue, instance: JsonValue, _: Schema
) -> Iterator[Raw]:
    if isinstance(instance, dict) and isinstance(patterns, dict):
        for pattern, below in patterns.items():
            for name in [name for name in instance if finds(pattern, name)]:
                yield from _below(library, instance[name], below, name)


def _below(library: Library, value: JsonValue, schema: JsonValue, name: str) -> Iterator[Raw]:
    """Check a property; the library forgets where it was when the schema is `false`."""
    if schema is False:
        yield _raw(path=[name], validator=None, validator_value=None, instance=value)
    else:
        yield from library.descend(value, schema, path=name)


def _additional_properties(
    library: Library, below: JsonValue, instance: JsonValue, schema: Schema
) -> Iterator[Raw]:
    """Go by the order of the answer: the library's is another one in every process."""
    declared, patterns = schema.get("properties"), schema.get("patternProperties")
    known = declared if isinstance(declared, dict) else {}
    matched = patterns if isinstance(patterns, dict) else {}
    for name, value in instance.items() if isinstance(instance, dict) else ():
        if name in known or any(finds(pattern, name) for pattern in matched):
            continue
        if below is False:
            yield _raw(instance=name)
        else:
            yield from library.descend(value, below, path=name)


def _required(_: Library, names: JsonValue, instance: JsonValue, __: Schema) -> Iterator[Raw]:
    if isinstance(instance, dict) and isinstance(names, list):
        for name in names:
            if name not in instance:
                yield _raw(validator_value=name)


def _unique_items(_: Library, wanted: JsonValue, instance: JsonValue, __: Schema) -> Iterator[Raw]:
    """Compare items by their text: comparing each with each takes minutes for a long list."""
    if wanted is True and isinstance(instance, list):
        texts = {json.dumps(_plain(item), sort_keys=True) for item in instance}
        if len(texts) < len(instance):
            yield _raw()


def _plain(value: JsonValue) -> JsonValue:
    """Write equal numbers alike."""
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    whole = is_number(value) and isinstance(value, float) and value.is_integer()
    return int(value) if whole and isinstance(value, float) else value


FOLLOWING = ("$ref", "$dynamicRef", "$recursiveRef")
OURS: dict[str, Keyword] = {
    "pattern": _pattern,
    "properties": _properties,
    "patternProperties": _pattern_properties,
    "additionalProperties": _additional_properties,
    "required": _required,
    "uniqueItems": _unique_items,
}
