"""One reply: events in, a turn out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.messages import Delta, Message, Opened, Ping, Stop, ToolUse, Turn
from hocket_plugins.models.anthropic import failures
from hocket_plugins.models.anthropic.blocks import Part
from hocket_plugins.models.anthropic.fields import rows, table, text
from hocket_plugins.models.anthropic.usage import merged, usage

if TYPE_CHECKING:
    from hocket.api.messages import RateLimits
    from hocket_plugins.models.anthropic.fields import JsonObject

_STOPS = {
    "end_turn": Stop.END,
    "tool_use": Stop.TOOLS,
    "max_tokens": Stop.MAX_TOKENS,
    "model_context_window_exceeded": Stop.CONTEXT_FULL,
    "pause_turn": Stop.PAUSE,
    "refusal": Stop.REFUSAL,
    "compaction": Stop.COMPACTED,
    "stop_sequence": Stop.STOP_SEQUENCE,
}


class Reply:
    """Collects the events of one stream; whole only with a stop reason and the end marker."""

    def __init__(self, provider: str) -> None:
        self.begun = False
        self.ended = False
        self._provider = provider
        self._parts: dict[int, Part] = {}
        self._report: JsonObject = {}
        self._model = ""
        self._reason = ""

    def take(self, event: JsonObject) -> Delta | Ping | None:
        """Add an event; raises ProviderFailure for an error event, ValueError for a broken one.

        Events nobody knows pass.
        """
        match event.get("type"):
            case "ping":
                return Ping()
            case "message_start":
                self._start(table(event.get("message")))
            case "content_block_start":
                self._parts[_place(event)] = Part(dict(table(event.get("content_block"))))
            case "content_block_delta":
                return self._delta(_place(event), table(event.get("delta")))
            case "message_delta":
                self._reason = text(table(event.get("delta")).get("stop_reason")) or self._reason
                self._report = merged(self._report, table(event.get("usage")))
            case "message_stop":
                self.ended = bool(self.begun and self._reason)
            case "error":
                raise failures.told(200, event)
            case _:
                pass
        return None

    def opened(self, request_id: str) -> Opened:
        """Say that the reply began, and what its input was."""
        return Opened(usage=usage(self._report), request_id=request_id)

    def turn(self, request_id: str, limits: RateLimits | None) -> Turn:
        """Give the whole turn; raises ValueError when its end never came."""
        if not self.ended:
            raise ValueError("the stream ended without a stop reason and the end marker")
        stop = _STOPS.get(self._reason)
        cut = stop in {Stop.MAX_TOKENS, Stop.CONTEXT_FULL}
        parts = [self._parts[at] for at in sorted(self._parts)]
        blocks = tuple(part.block(self._provider, cut=cut) for part in parts)
        # A reason nobody knows yet is an end; tools that were asked for are run all the same.
        other = Stop.TOOLS if any(isinstance(one, ToolUse) for one in blocks) else Stop.END
        return Turn(
            message=Message(role="assistant", blocks=blocks),
            stop=stop or other,
            raw_stop=self._reason,
            usage=usage(self._report),
            model_served=self._model,
            request_id=request_id,
            limits=limits,
        )

    def _start(self, message: JsonObject) -> None:
        if self.begun:
            raise ValueError("a second reply in one stream")
        self.begun = True
        self._model = text(message.get("model"))
        self._report = table(message.get("usage"))

    def _delta(self, place: int, delta: JsonObject) -> Delta | None:
        if place not in self._parts:
            raise ValueError("a piece of a block that never began")
        piece = self._parts[place].take(delta)
        return Delta(part=piece[0], index=place, text=piece[1]) if piece else None


def whole(message: JsonObject, provider: str) -> Turn:
    """Read a reply that came as one message; raises ValueError when it has no end."""
    reply = Reply(provider)
    reply.take({"type": "message_start", "message": message})
    for place, block in enumerate(rows(message.get("content"))):
        reply.take({"type": "content_block_start", "index": place, "content_block": block})
    reply.take({"type": "message_delta", "delta": {"stop_reason": message.get("stop_reason")}})
    reply.take({"type": "message_stop"})
    return reply.turn(text(message.get("id")), None)


def _place(event: JsonObject) -> int:
    place = event.get("index")
    if not isinstance(place, int):
        raise ValueError("a block without its index")  # noqa: TRY004  ends as `cut`, like bad JSON
    return place
