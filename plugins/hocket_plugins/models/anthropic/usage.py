"""What a turn used, as disjoint counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.calls import Usage
from hocket_plugins.models.anthropic.fields import count, rows, table

if TYPE_CHECKING:
    from hocket_plugins.models.anthropic.fields import JsonObject


def merged(before: JsonObject, after: JsonObject) -> JsonObject:
    """Join two reports of one turn: counts are cumulative, and a null takes nothing back."""
    return {**before, **{key: value for key, value in after.items() if value is not None}}


def usage(report: JsonObject) -> Usage:
    """Map a report; one without output is an estimate, which whoever settles replaces.

    Even an empty reply has output: a 0 comes from services that do not count.
    """
    output = count(report.get("output_tokens"))
    written = count(report.get("cache_creation_input_tokens"))
    split = table(report.get("cache_creation"))
    # The split by time to live comes with the start only, the total grows until the end.
    hour = count(split.get("ephemeral_1h_input_tokens"))
    written = max(written, hour + count(split.get("ephemeral_5m_input_tokens")))
    whole = Usage(
        input=count(report.get("input_tokens")),
        cache_read=count(report.get("cache_read_input_tokens")),
        cache_write=written - hour,
        cache_write_1h=hour,
        output=output,
        reasoning=count(table(report.get("output_tokens_details")).get("thinking_tokens")),
        searches=count(table(report.get("server_tool_use")).get("web_search_requests")),
        cost_micros=None,
        estimated=not output,
    )
    for step in rows(report.get("iterations")):
        # What a compaction used is in no other count.
        if step.get("type") == "compaction":
            whole += usage(step)
    return whole
