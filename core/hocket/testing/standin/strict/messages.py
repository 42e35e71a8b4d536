"""The messages of a request: roles in order, every tool use with its result, thoughts unchanged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.testing.standin.forms import blocks, objects, text
from hocket.testing.standin.refusals import invalid

if TYPE_CHECKING:
    from hocket.api.calls import JsonObject
    from hocket.testing.standin.models import Model
    from hocket.testing.standin.signatures import Signer

_ROLES = ("user", "assistant", "system")


def check(body: JsonObject, model: Model, signer: Signer) -> None:
    """Raise Refusal for a conversation that the real server does not take."""
    messages = objects(body.get("messages"))
    if not messages:
        raise invalid("messages: at least one message is required")
    for place, message in enumerate(messages):
        _check_role(place, message)
        _check_content(f"messages.{place}", message, last=place == len(messages) - 1)
        for number, block in enumerate(blocks(message["content"])):
            _check_block(f"messages.{place}.content.{number}", block, signer)
    _check_end(messages[-1], model)
    _check_pairs(messages)
    for number, block in enumerate(blocks(body.get("system"))):
        _check_block(f"system.{number}", block, signer)


def _check_role(place: int, message: JsonObject) -> None:
    role = message.get("role")
    if role not in _ROLES:
        raise invalid(f"messages.{place}.role: Input should be 'user' or 'assistant'")
    if place == 0 and role != "user":
        raise invalid('messages: first message must use the "user" role')


def _check_content(where: str, message: JsonObject, *, last: bool) -> None:
    """Only the last message of the assistant may be empty: it is a prefill of nothing."""
    content = message.get("content")
    if not isinstance(content, str | list):
        raise invalid(f"{where}.content: Field required")
    if not content and not (last and message["role"] == "assistant"):
        raise invalid(f"{where}: all messages must have non-empty content")


def _check_block(where: str, block: JsonObject, signer: Signer) -> None:
    kind = block.get("type")
    if not isinstance(kind, str):
        raise invalid(f"{where}: Input should have a 'type'")
    if kind == "text" and not text(block.get("text")).strip():
        raise invalid(f"{where}: text content blocks must contain non-whitespace text")
    if kind == "thinking":
        _check_thought(where, block, signer)
    if kind == "redacted_thinking" and not signer.opens(text(block.get("data"))):
        raise invalid(f"{where}: Invalid `data` in `redacted_thinking` block")
    if kind == "tool_use" and not isinstance(block.get("input"), dict):
        raise invalid(f"{where}.tool_use.input: Input should be a valid dictionary")


def _check_thought(where: str, block: JsonObject, signer: Signer) -> None:
    if "cache_control" in block:
        raise invalid(f"{where}.thinking.cache_control: Extra inputs are not permitted")
    if not signer.holds(text(block.get("thinking")), text(block.get("signature"))):
        raise invalid(f"{where}: Invalid `signature` in `thinking` block")


def _check_end(message: JsonObject, model: Model) -> None:
    """Let a paused turn go on; other last words of the assistant are a prefill."""
    if message["role"] != "assistant":
        return
    paused = any(
        b.get("type") in {"server_tool_use", "compaction"} for b in blocks(message["content"])
    )
    if not paused and not model.plain:
        must = "The conversation must end with a user message."
        raise invalid(f"This model does not support assistant message prefill. {must}")


def _check_pairs(messages: list[JsonObject]) -> None:
    """Every tool use is answered in the next message, before any text, and nothing else is."""
    seen: set[str] = set()
    waiting: list[str] = []
    for place, message in enumerate(messages):
        where = f"messages.{place}"
        content = blocks(message["content"])
        results = _results(content)
        _check_results(where, results, waiting)
        if missing := [use for use in waiting if use not in results]:
            without = "`tool_use` ids were found without `tool_result` blocks immediately after"
            raise invalid(f"messages.{place - 1}: {without}: {', '.join(missing)}")
        waiting = [text(b.get("id")) for b in content if b.get("type") == "tool_use"]
        if len({*waiting}) < len(waiting) or seen & {*waiting}:
            raise invalid(f"{where}: `tool_use` ids must be unique")
        seen |= {*waiting}
    if waiting:
        raise invalid(f"messages.{len(messages) - 1}: `tool_use` ids without `tool_result` blocks")


def _results(content: list[JsonObject]) -> list[str]:
    """Give the ids of results; raises Refusal for one that comes after other blocks."""
    ids: list[str] = []
    for place, block in enumerate(content):
        if block.get("type") != "tool_result":
            continue
        if len(ids) < place:
            raise invalid("`tool_result` blocks must come first in the content of a message")
        ids.append(text(block.get("tool_use_id")))
    return ids


def _check_results(where: str, results: list[str], waiting: list[str]) -> None:
    for number, use in enumerate(results):
        if use not in waiting:
            orphan = "unexpected `tool_use_id` found in `tool_result` blocks"
            must = "Each `tool_result` block must have a corresponding `tool_use` block before it."
            raise invalid(f"{where}.content.{number}: {orphan}: {use}. {must}")
        if use in results[:number]:
            raise invalid(f"{where}: each tool_use must have a single result. Found {use} twice")
