"""One file, read as an agent type."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hocket.api.documents import Unfit, front_matter, printable
from hocket.api.tools import AgentType

if TYPE_CHECKING:
    from pydantic import JsonValue

KNOWN = frozenset({"name", "description", "tools", "disallowedTools", "model"})
MOST_INSTRUCTIONS = 64 << 10
"""Every agent of the type reads them in every turn."""

_OF_ITS_OWN = {"": None, "inherit": None}
"""What says that a type has no model of its own; the second is other programs' word for it."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}")
_BETWEEN = re.compile(r",(?![^(]*\))")
"""A comma that is not in brackets: `Bash(a, b)` is one rule."""


def agent_type(text: str, stem: str) -> tuple[AgentType, list[str]]:
    """Read an agent type, and what of it is not used; `stem` is its name where it has none."""
    fields, instructions = front_matter(text)
    name = _text(fields, "name") or stem
    if not _NAME.fullmatch(name):
        raise Unfit(f"'{printable(name)[:80]}' is no name for an agent type")
    description = _text(fields, "description")
    if not description:
        raise Unfit("it has no description")
    if not instructions:
        raise Unfit("it has no instructions after the front matter")
    if len(instructions.encode()) > MOST_INSTRUCTIONS:
        raise Unfit(f"its instructions are longer than {MOST_INSTRUCTIONS >> 10} KiB")
    model, rules = _text(fields, "model"), _tools(fields)
    # Nothing holds a type to a rule like `Bash(git diff:*)` yet: rather no shell than all of it.
    tools = None if rules is None else tuple(rule for rule in rules if "(" not in rule)
    kind = AgentType(name, description, instructions, tools, _OF_ITS_OWN.get(model, model))
    unused = {*(fields.keys() - KNOWN), *(rules or ())} - {*(tools or ())}
    return kind, sorted(map(printable, unused))


def _text(fields: dict[str, JsonValue], key: str) -> str:
    value = fields.get(key)
    if value is None:
        return ""
    if isinstance(value, (dict, list)):
        raise Unfit(f"its {key} is no text")
    return " ".join(str(value).split())


def _tools(fields: dict[str, JsonValue]) -> tuple[str, ...] | None:
    named, without = _rules(fields, "tools"), _rules(fields, "disallowedTools")
    if without is None:
        return named
    if named is None:
        # Dropping it would give the agent more than its author wanted it to have.
        raise Unfit("it takes tools away (disallowedTools) without naming those it has (tools)")
    taken = {rule.partition("(")[0] for rule in without}
    return tuple(rule for rule in named if rule.partition("(")[0] not in taken)


def _rules(fields: dict[str, JsonValue], key: str) -> tuple[str, ...] | None:
    """Read tools as a list, or as a text with commas; None where there are none named."""
    value = fields.get(key)
    if value is None:
        return None
    rules = _BETWEEN.split(value) if isinstance(value, str) else value
    if rules == [""]:
        return ()
    if not isinstance(rules, list):
        raise Unfit(f"its {key} are no list of names")
    named = [rule.strip() if isinstance(rule, str) else "" for rule in rules]
    if not all(named):
        raise Unfit(f"its {key} are no list of names")
    return tuple(named)
