"""Server-sent events, read from bytes as they come."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterable

    from pydantic import JsonValue


async def lines(chunks: AsyncIterable[bytes]) -> AsyncGenerator[bytes]:
    r"""Part bytes at `\n` alone: U+2028 and its like are no line ends, whatever str says."""
    held: list[bytes] = []
    async for chunk in chunks:
        first, *more = chunk.split(b"\n")
        held.append(first)
        for line in more:
            yield b"".join(held).removesuffix(b"\r")
            held = [line]


async def events(chunks: AsyncIterable[bytes]) -> AsyncGenerator[JsonValue]:
    """Give the data of every event, and None for a comment that keeps the connection alive.

    Raises ValueError for data that is no JSON. An event without its empty line is not given.
    """
    data: list[bytes] = []
    async for line in lines(chunks):
        if line.startswith(b"data:"):
            data.append(line[5:])
        elif line.startswith(b":"):
            yield None
        elif not line and data:
            yield json.loads(b"\n".join(data))
            data.clear()
