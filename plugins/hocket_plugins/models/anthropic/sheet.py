"""What is known about one model: what it can do, and how it wants to be told to think."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.api.messages import Capabilities
from hocket_plugins.models.anthropic.fields import count, table, text

if TYPE_CHECKING:
    from pydantic import JsonValue

    from hocket_plugins.models.anthropic.fields import JsonObject
    from hocket_plugins.models.anthropic.settings import ModelFacts

EFFORTS = ("low", "medium", "high", "xhigh", "max")
PREFIX_MINIMUM = 1_024
"""No service says how short a prefix may be; below the real one the miss costs nothing but hope."""
_SERVER_TOOLS = ("code_execution", "web_search")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A model's capabilities, and what only the encoder needs beside them."""

    capabilities: Capabilities
    thinking: frozenset[str] = frozenset()
    """The types of thinking it takes: `adaptive`, `enabled`, `disabled`."""
    line: str = ""
    retired: str = ""
    """Why it cannot be used any more."""


def unknown(model: str, *, prefix_cache: bool) -> Sheet:
    """Give the sheet of a model about which nobody says anything."""
    note = (
        f"nothing is known about {model}: a window of 32,768 tokens is assumed. "
        f'[anthropic.models."{model}"] can say more'
    )
    return Sheet(
        Capabilities(prefix_cache="explicit" if prefix_cache else "none", notes=(note,)),
    )


def configured(facts: ModelFacts, *, prefix_cache: bool) -> Sheet:
    """Give the sheet a person wrote."""
    types = {"none": (), "adaptive": ("adaptive", "disabled"), "budget": ("enabled", "disabled")}
    return Sheet(
        Capabilities(
            window=facts.window,
            max_output=facts.max_output,
            efforts=tuple(effort for effort in EFFORTS if effort in facts.efforts),
            thinking=facts.thinking != "none",
            answers=("grammar", "tool", "prompt") if facts.grammar else ("tool", "prompt"),
            prefix_cache="explicit" if prefix_cache else "none",
            prefix_minimum=facts.prefix_minimum,
        ),
        frozenset(types[facts.thinking]),
    )


def listed(entry: JsonObject, *, prefix_cache: bool) -> Sheet:
    """Read an entry of the service's list of models; what it does not say is not assumed."""
    can = table(entry.get("capabilities"))
    thinking = table(table(can.get("thinking")).get("types"))
    efforts = table(can.get("effort"))
    tools = table(can.get("server_tools"))
    grammar = _supported(can.get("structured_outputs"))
    fallback = Capabilities()
    return Sheet(
        Capabilities(
            window=count(entry.get("max_input_tokens")) or fallback.window,
            max_output=count(entry.get("max_tokens")) or fallback.max_output,
            efforts=tuple(effort for effort in EFFORTS if _supported(efforts.get(effort))),
            thinking=_supported(can.get("thinking")),
            answers=("grammar", "tool", "prompt") if grammar else ("tool", "prompt"),
            server_tools=tuple(tool for tool in _SERVER_TOOLS if _supported(tools.get(tool))),
            prefix_cache="explicit" if prefix_cache else "none",
            prefix_minimum=PREFIX_MINIMUM,
            batches=_supported(can.get("batch")),
            notes=_notes(entry),
        ),
        frozenset(kind for kind in thinking if _supported(thinking[kind])),
        text(entry.get("line")),
        "".join(_notes(entry)) if entry.get("lifecycle") == "retired" else "",
    )


def _notes(entry: JsonObject) -> tuple[str, ...]:
    state, line = text(entry.get("lifecycle")), text(entry.get("line"))
    if state not in {"deprecated", "retired"}:
        return ()
    when = text(entry.get("retires_at"))[:10]
    left = {"deprecated": f"retires on {when}" if when else "will retire", "retired": "is gone"}
    follow = f"; its successor is the newest of its line, `{line}`" if line else ""
    return (f"{text(entry.get('id'))} is {state} and {left[state]}{follow}",)


def _supported(value: JsonValue) -> bool:
    return table(value).get("supported") is True
