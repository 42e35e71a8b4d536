"""Server-sent events, read from bytes as they come."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterable

    from pydantic import JsonValue

    from hocket_plugins.models.anthropic.fields import JsonObject


async def events(chunks: AsyncIterable[bytes]) -> AsyncGenerator[JsonObject]:
    r"""Give the data of every event; a comment, which keeps connections alive, is a ping.

    Lines end at `\n` alone: U+2028 and its like are no line ends, whatever str says. An event
    without its empty line is not given. Raises ValueError for data that is no object.
    """
    held: list[bytes] = []
    data: list[bytes] = []
    async for chunk in chunks:
        first, *more = chunk.split(b"\n")
        held.append(first)
        for rest in more:
            line = b"".join(held).removesuffix(b"\r")
            held = [rest]
            if line.startswith(b"data:"):
                data.append(line[5:])
            elif line.startswith(b":"):
                yield {"type": "ping"}
            elif not line and data:
                yield decoded(json.loads(b"\n".join(data)))
                data.clear()


def decoded(event: JsonValue) -> JsonObject:
    """Give an event's data, which is an object in every event of the Messages API."""
    if not isinstance(event, dict):
        raise ValueError("the data of an event is no object")  # noqa: TRY004  like broken JSON
    return event
