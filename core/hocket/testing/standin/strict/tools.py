"""The tools of a request, and the choice among them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hocket.testing.standin.forms import objects, table, text
from hocket.testing.standin.refusals import invalid

if TYPE_CHECKING:
    from hocket.api.calls import JsonObject

_NAME = re.compile(r"[a-zA-Z0-9_-]{1,128}")
_CHOICES = frozenset({"auto", "any", "none", "tool"})


def check(body: JsonObject) -> None:
    """Raise Refusal for a tool or a choice that is not as documented."""
    tools = objects(body.get("tools"))
    for place, tool in enumerate(tools):
        _check_tool(f"tools.{place}", tool)
    names = [text(tool.get("name")) for tool in tools]
    if len({*names}) < len(names):
        raise invalid("tools: Tool names must be unique.")
    _check_choice(body, names)


def _check_tool(where: str, tool: JsonObject) -> None:
    if _NAME.fullmatch(text(tool.get("name"))) is None:
        raise invalid(f"{where}.custom.name: String should match pattern '^{_NAME.pattern}$'")
    if tool.get("type", "custom") != "custom":
        return  # a tool of the server's own brings its schema along
    if "input_schema" not in tool:
        raise invalid(f"{where}.custom.input_schema: Field required")
    if table(tool["input_schema"]).get("type") != "object":
        raise invalid(f"{where}.custom.input_schema.type: Input should be 'object'")


def _check_choice(body: JsonObject, names: list[str]) -> None:
    choice = body.get("tool_choice")
    if choice is None:
        return
    kind, name = table(choice).get("type"), text(table(choice).get("name"))
    if kind not in _CHOICES:
        raise invalid(f"tool_choice: Input tag {kind!r} found using 'type' does not match")
    if not names and kind != "none":
        raise invalid("tool_choice may only be specified while providing tools.")
    if kind == "tool" and name not in names:
        raise invalid(f"Tool '{name}' not found in provided tools")
