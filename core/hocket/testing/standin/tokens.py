"""The stand-in's tokenizer: four bytes of UTF-8 are a token, and every block has at least one.

Usage, `count_tokens`, limits and the cache count with this and nothing else, so that a test can
say how long a prefix must be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.testing.standin.forms import blocks, text, written

if TYPE_CHECKING:
    from collections.abc import Callable

    from hocket.api.calls import JsonObject

BYTES = 4
MEDIA = 1_500
"""What an image or a document costs, however large it is."""


def count(text: str) -> int:
    """Count the tokens of a text."""
    size = len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
    return -(-size // BYTES)


def of_block(block: JsonObject) -> int:
    """Count the tokens of one block of a message."""
    counter = _COUNTERS.get(text(block.get("type")))
    return max(1, counter(block) if counter else count(written(block)))


def _of_result(block: JsonObject) -> int:
    return sum(of_block(part) for part in blocks(block.get("content")))


def _of_use(block: JsonObject) -> int:
    return count(text(block.get("name"))) + count(written(block.get("input")))


_COUNTERS: dict[str, Callable[[JsonObject], int]] = {
    "text": lambda block: count(text(block.get("text"))),
    "thinking": lambda block: count(text(block.get("thinking"))),
    "tool_use": _of_use,
    "tool_result": _of_result,
    "image": lambda _block: MEDIA,
    "document": lambda _block: MEDIA,
}
