"""Which reply belongs to which request: rules in order, a function, or the orders in the prompt."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from hocket.errors import UsageError
from hocket.testing.standin.directives import read
from hocket.testing.standin.forms import objects, strings, text
from hocket.testing.standin.replies import Reply, Said

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from pydantic import JsonValue

    from hocket.api.calls import JsonObject
    from hocket.testing.standin.asked import Asked

Function: TypeAlias = "Callable[[Asked], Reply | str | None]"
Rules: TypeAlias = "Sequence[Rule] | Function"

_KEYS = frozenset({"text", "pattern", "tools", "schema", "occurrence", "reply", "do"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A reply and when it fits; a string is the text of the answer."""

    reply: Reply | str | Function
    text: str | re.Pattern[str] | None = None
    """Looked for within the last text of a user."""
    tools: tuple[str, ...] = ()
    """All of them are offered."""
    schema: bool | JsonObject | None = None
    """Whether an answer format is asked for, or which."""
    occurrence: int | None = None
    """Fits only the n-th request, from 0 on, that fits all else of the rule."""

    def fits(self, asked: Asked) -> bool:
        """Tell whether all but the occurrence fits."""
        return (
            self._fits_text(asked.text)
            and all(name in asked.tools for name in self.tools)
            and self._fits_schema(asked.schema)
        )

    def _fits_text(self, said: str) -> bool:
        if isinstance(self.text, re.Pattern):
            return self.text.search(said) is not None
        return self.text is None or self.text in said

    def _fits_schema(self, schema: JsonObject | None) -> bool:
        if isinstance(self.schema, bool):
            return self.schema == (schema is not None)
        return self.schema is None or self.schema == schema


class Rulebook:
    """Finds the reply; counts how often each rule fitted."""

    def __init__(self, rules: Rules = ()) -> None:
        self._rules: Sequence[Rule] = (Rule(reply=rules),) if callable(rules) else rules
        self._fitted: Counter[int] = Counter()

    def reply(self, asked: Asked) -> Reply:
        """Give the reply of the first rule that fits and has one, else what the prompt orders."""
        for number, rule in enumerate(self._rules):
            if not rule.fits(asked):
                continue
            occurrence = self._fitted[number]
            self._fitted[number] += 1
            if rule.occurrence in {None, occurrence}:
                reply = _given(rule, asked)
                if reply is not None:
                    return reply
        return asked.orders.reply(asked.turn)


def _given(rule: Rule, asked: Asked) -> Reply | None:
    reply = rule.reply(asked) if callable(rule.reply) else rule.reply
    return Reply(blocks=(Said(reply),)) if isinstance(reply, str) else reply


def rules_of(path: Path) -> list[Rule]:
    """Read a file of rules: a JSON array of objects with the fields of a rule, `do` for orders.

    Raises UsageError that names the file, the rule and what is wrong with it.
    """
    try:
        found: JsonValue = json.loads(path.read_bytes())
    except (OSError, ValueError) as cause:
        raise UsageError(str(path), found=str(cause), expected="a JSON array of rules") from cause
    if not isinstance(found, list) or len(objects(found)) != len(found):
        raise UsageError(str(path), found="no array of objects", expected="a JSON array of rules")
    return [_rule(f"{path}: rule {n}", given) for n, given in enumerate(objects(found), 1)]


def _rule(who: str, given: JsonObject) -> Rule:
    unknown = sorted(given.keys() - _KEYS)
    if unknown or len(given.keys() & {"reply", "do"}) != 1:
        found = f"the key {unknown[0]!r} is unknown" if unknown else "not one of 'reply' and 'do'"
        raise UsageError(who, found=found, expected=f"keys out of {', '.join(sorted(_KEYS))}")
    schema, occurrence = given.get("schema"), given.get("occurrence")
    orders = read(text(given.get("do")))
    return Rule(
        reply=(lambda asked: orders.reply(asked.turn)) if orders else text(given.get("reply")),
        text=re.compile(text(given["pattern"])) if "pattern" in given else text(given.get("text")),
        tools=tuple(strings(given.get("tools"))),
        schema=schema if isinstance(schema, bool | dict) else None,
        occurrence=occurrence if isinstance(occurrence, int) else None,
    )
