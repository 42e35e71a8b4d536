"""YAML of texts, lists and mappings, where nothing stands for something that is not there."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, cast

import yaml

from hocket.registry.forms.texts import misfits

if TYPE_CHECKING:
    from pydantic import JsonValue

MOST_DEPTH = 16
_TAG = "tag:yaml.org,2002:"
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,30})?")


class Forbidden(Exception):
    """What no plain file has; its text says what it is."""


class Scalar(str):
    """A bare word that YAML takes for a number or a truth value, kept as it was written."""

    __slots__ = ()


Value = str | None | list["Value"] | dict[str, "Value"]


class Flow(dict[str, Value]):
    """A mapping in braces: its author wrote JSON and knew it."""


def load(text: str) -> Value:
    """Read one document; raises Forbidden, and yaml.YAMLError for what is broken."""
    try:
        loader = _Loader(text)
        return cast("Value", loader.get_single_data())
    except (ValueError, OverflowError) as cause:
        raise yaml.YAMLError("no character") from cause


def as_json(value: Value) -> str:
    """Write a value that is no text as the JSON it stands for; numbers stay as written."""
    if isinstance(value, Scalar):
        plain = _plain(value)
        return json.dumps(plain) if isinstance(plain, bool) else str(value)
    return json.dumps(_plain(value), ensure_ascii=False)


def _plain(value: Value) -> JsonValue:
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if not isinstance(value, Scalar):
        return value
    if _NUMBER.fullmatch(value):
        number: JsonValue = json.loads(value)
        return number
    word = value.lower()
    return word in {"yes", "true", "on"} if word in _WORDS else str(value)


_WORDS = frozenset({"yes", "no", "true", "false", "on", "off"})


class _Loader(yaml.SafeLoader):
    yaml_implicit_resolvers = {  # noqa: RUF012  (yaml's own way)
        first: [
            (tag, form)
            for tag, form in rules
            if tag.removeprefix(_TAG) in {"bool", "float", "int", "null"}
        ]
        for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = cast("yaml.Event", self.peek_event())  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise Forbidden("an alias")
        if getattr(event, "tag", None) is not None:
            raise Forbidden("a tag")
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise Forbidden(f"more than {MOST_DEPTH} levels")
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[str, Value]:
    found: dict[str, Value] = Flow() if node.flow_style else {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise yaml.constructor.ConstructorError(problem_mark=key.start_mark)
        name = _whole(key.value)
        if name in found:
            raise Forbidden("a key that stands twice")
        found[name] = _value(loader, value)
    return found


def _list(loader: _Loader, node: yaml.SequenceNode) -> list[Value]:
    return [_value(loader, one) for one in node.value]


def _value(loader: _Loader, node: yaml.Node) -> Value:
    read = loader.construct_object(node, deep=True)  # pyright: ignore[reportUnknownMemberType]
    return cast("Value", read)


def _text(_loader: _Loader, node: yaml.ScalarNode) -> str:
    return _whole(node.value)


def _bare(_loader: _Loader, node: yaml.ScalarNode) -> Scalar:
    return Scalar(node.value)


def _nothing(_loader: _Loader, _node: yaml.ScalarNode) -> None:
    return None


def _whole(text: str) -> str:
    # JSON writes an emoji as two halves, and YAML leaves them apart.
    joined = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    # An escape gets past the rules of the text that it stands in.
    if next(misfits("", joined.encode()), None):
        raise Forbidden("a control or bidi character")
    return joined


_Loader.add_constructor(f"{_TAG}map", _mapping)
_Loader.add_constructor(f"{_TAG}seq", _list)
_Loader.add_constructor(f"{_TAG}str", _text)
_Loader.add_constructor(f"{_TAG}null", _nothing)
for _each in ("bool", "int", "float"):
    _Loader.add_constructor(f"{_TAG}{_each}", _bare)
