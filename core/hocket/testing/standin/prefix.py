"""A request as the cache sees it: parts in the order tools, system, messages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hocket.testing.standin import tokens
from hocket.testing.standin.forms import blocks, objects, table, written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hocket.api.calls import JsonObject

FIVE_MINUTES, ONE_HOUR = 300, 3_600


@dataclass(frozen=True, slots=True)
class Part:
    """A tool or a block: what is compared, what it costs, and whether a breakpoint follows."""

    raw: str
    tokens: int
    ttl_s: int = 0
    """0: no breakpoint here."""


def parts(body: JsonObject) -> list[Part]:
    """Take a Messages request apart; `cache_control` of the whole request marks the last part."""
    found = [*_tools(body), *_answer_format(body), *_system(body), *_messages(body)]
    if found and (ttl_s := _ttl(body)):
        found[-1] = replace(found[-1], ttl_s=found[-1].ttl_s or ttl_s)
    return found


def _ttl(holder: JsonObject) -> int:
    control = holder.get("cache_control")
    if not isinstance(control, dict):
        return 0
    return ONE_HOUR if control.get("ttl") == "1h" else FIVE_MINUTES


def _bare(holder: JsonObject) -> str:
    """Write a block without its mark: moving a breakpoint does not change the prefix."""
    if "cache_control" not in holder:
        return written(holder)
    return written({key: value for key, value in holder.items() if key != "cache_control"})


def _tools(body: JsonObject) -> Iterator[Part]:
    for tool in objects(body.get("tools")):
        raw = _bare(tool)
        yield Part(raw, tokens.count(raw), _ttl(tool))


def _answer_format(body: JsonObject) -> Iterator[Part]:
    """Put the answer's schema before the system prompt, so that a new one breaks the prefix."""
    shape = table(body.get("output_config")).get("format")
    if isinstance(shape, dict):
        raw = written(shape)
        yield Part(raw, tokens.count(raw))


def _system(body: JsonObject) -> Iterator[Part]:
    for block in blocks(body.get("system")):
        yield Part("s" + _bare(block), tokens.of_block(block), _ttl(block))


def _messages(body: JsonObject) -> Iterator[Part]:
    """Thinking and tool choice belong to the first message: they leave tools and system whole."""
    salt = written([body.get("thinking"), body.get("tool_choice")])
    for message in objects(body.get("messages")):
        role = written(message.get("role"))
        for block in blocks(message.get("content")):
            yield Part(salt + role + _bare(block), tokens.of_block(block), _ttl(block))
            salt = ""
