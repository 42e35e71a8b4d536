"""Which calls are of one kind: the same line of a script, asked for different items.

The **stem** of a label is what is left without the item it names: an item that a pattern names
goes, texts from lists of the arguments go, quoted parts go, and so does every word with a digit in
it, with a slash, a bracket or one of `@ # = _ |`, or with a dot or colon inside; of the rest the
first six words stay. `audit src/api/users.py` and `audit billing/7` are both `audit`. Where labels
are plain names of items, the **shape** still tells: schema, agent type and tools, in one phase.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from typing import TYPE_CHECKING

from hocket.journal.records import encode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic import JsonValue

    from hocket.api.calls import Call, JsonObject

    Key = tuple[str, str, str]

_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'(?!\w)|`[^`]*`|“[^”]*”|„[^“”]*[“”]|«[^»]*»")
_ITEM = re.compile(r"[\d/\\@#=_{}\[\]()<>|]|\w[.:]\w")
_EDGE = ".,:;!?-–—…·*\"'`"  # noqa: RUF001  (dashes and an ellipsis that labels are written with)
_WORDS = 6
_ITEMS, _LONGEST = 1_000, 200


def stem(label: str) -> str:
    """Give what labels of one line of a script share; empty where a label only names an item."""
    plain = _QUOTED.sub(" ", label)
    words = (word.strip(_EDGE) for word in plain.split() if not _ITEM.search(word))
    return " ".join([word for word in words if word][:_WORDS])


@dataclass(frozen=True, slots=True)
class Kind:
    """Where in its script a call stands, as far as it can be told from the call."""

    phase: str
    stem: str
    shape: str
    agent_type: str
    model: str | None

    @property
    def keys(self) -> tuple[Key, Key]:
        """Give the names under which it is known, the closer one first."""
        return ("stem", self.phase, self.stem), ("shape", self.phase, self.shape)


class Kinds:
    """Tells the kinds of calls of one run; a schema that siblings share is digested once."""

    def __init__(self, args: JsonValue = None) -> None:
        self._shapes: dict[int, tuple[JsonObject, str]] = {}
        items = sorted({*islice(_texts(args), _ITEMS)}, key=len, reverse=True)
        words = "|".join(map(re.escape, items))
        self._named = re.compile(rf"(?<!\w)(?:{words})(?!\w)") if items else None

    def of(self, call: Call) -> Kind:
        """Tell the kind of a call that is asked for now."""
        options = call.options
        tools: JsonValue = None if options.tools is None else [*sorted(options.tools)]
        shape = self._shape(options.schema) + digest([options.agent_type, tools])
        kind = options.agent_type or ""
        item = options.item if isinstance(options.item, str) else ""
        label = call.label.replace(item, " ") if item else call.label
        return Kind(call.phase or "", self._stem(label), shape, kind, options.model)

    def told(self, started: Mapping[str, JsonValue]) -> Kind:
        """Tell the kind of a call by the record of its start."""
        canonical = started.get("canonical")
        asked = canonical if isinstance(canonical, dict) else {}
        schema, named = asked.get("schema"), asked.get("agent_type")
        kind = str(named[0]) if isinstance(named, list) and named else None
        shape = self._shape(schema if isinstance(schema, dict) else None)
        model, tools = started.get("model"), asked.get("tools")
        return Kind(
            str(started.get("phase") or ""),
            self._stem(str(started.get("label") or "")),
            shape + digest([kind, tools]),
            kind or "",
            model if isinstance(model, str) else None,
        )

    def _stem(self, label: str) -> str:
        return stem(label if self._named is None else self._named.sub(" ", label))

    def _shape(self, schema: JsonObject | None) -> str:
        if schema is None:
            return digest(None)
        known = self._shapes.get(id(schema))
        if known is None or known[0] is not schema:
            known = self._shapes[id(schema)] = (schema, digest(schema))
        return known[1]


def _texts(args: JsonValue, *, listed: bool = False) -> Iterator[str]:
    """Give the texts in lists of the arguments: items that labels are made of."""
    if isinstance(args, str):
        if listed and 0 < len(args) <= _LONGEST:
            yield args
    elif isinstance(args, list):
        for item in args:
            yield from _texts(item, listed=True)
    elif isinstance(args, dict):
        for item in args.values():
            yield from _texts(item, listed=listed)


def digest(value: JsonValue) -> str:
    """Digest a value, short; equal values have equal ones whatever the order of their names."""
    return sha256(encode(_sorted(value)).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _sorted(value: JsonValue) -> JsonValue:
    if isinstance(value, dict):
        return {name: _sorted(value[name]) for name in sorted(value)}
    return [_sorted(one) for one in value] if isinstance(value, list) else value
