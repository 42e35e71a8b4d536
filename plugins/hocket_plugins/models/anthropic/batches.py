"""Message batches: many requests at once, answered within a day for half the price."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast
from urllib.parse import quote

from hocket.api.messages import ProviderFailure
from hocket_plugins.models.anthropic import failures
from hocket_plugins.models.anthropic.fields import rows, table, text
from hocket_plugins.models.anthropic.reply import whole

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import JsonValue

    from hocket.api.messages import Turn
    from hocket_plugins.models.anthropic.clients import Client
    from hocket_plugins.models.anthropic.fields import JsonObject

_PATH = "/v1/messages/batches"


async def submit(client: Client, bodies: Mapping[str, JsonObject]) -> str:
    """Hand requests over under their names; gives the batch's id."""
    requests: list[JsonValue] = [
        {"custom_id": name, "params": body} for name, body in bodies.items()
    ]
    try:
        said = await client.post(_PATH, cast_to=object, body={"requests": requests})
    except Exception as cause:
        raise failures.of(cause) from cause
    batch = text(table(cast("JsonValue", said)).get("id"))
    if not batch:
        raise ProviderFailure("unknown", code="a batch without an id", raw=str(said)[:500])
    return batch


async def collect(
    client: Client, batch: str, provider: str
) -> Mapping[str, Turn | ProviderFailure] | None:
    """Give all replies by their names, or None while the batch is not done."""
    import httpx2

    try:
        said = await client.get(_at(batch), cast_to=object)
        if table(cast("JsonValue", said)).get("processing_status") != "ended":
            return None
        # The SDK would make objects of its own of every line.
        page = await client.get(f"{_at(batch)}/results", cast_to=httpx2.Response)
        lines = [cast("JsonValue", json.loads(line)) for line in page.text.split("\n") if line]
    except Exception as cause:
        raise failures.of(cause) from cause
    return {
        text(one.get("custom_id")): _outcome(table(one.get("result")), provider)
        for one in rows(lines)
    }


async def cancel(client: Client, batch: str) -> None:
    """Ask the service to answer no more of it."""
    try:
        await client.post(f"{_at(batch)}/cancel", cast_to=object)
    except Exception as cause:
        raise failures.of(cause) from cause


def _at(batch: str) -> str:
    return f"{_PATH}/{quote(batch, safe='')}"


def _outcome(result: JsonObject, provider: str) -> Turn | ProviderFailure:
    """Read one result; what is no whole message is a failure of its own."""
    kind = text(result.get("type"))
    if kind == "errored":
        # Without a status only the type of the error says what it is.
        return failures.told(200, result.get("error"))
    if kind != "succeeded":
        return ProviderFailure("server", code=kind or "no type")
    try:
        return whole(table(result.get("message")), provider)
    except (ValueError, ProviderFailure) as broken:
        return ProviderFailure("cut", code="broken result", raw=str(broken))
