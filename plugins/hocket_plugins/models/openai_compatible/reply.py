"""One reply: chunks in, a turn out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.calls import Usage
from hocket.api.messages import Delta, Message, Stop, Text, Thinking, Turn
from hocket_plugins.models.openai_compatible import failures
from hocket_plugins.models.openai_compatible.calls import Calls
from hocket_plugins.models.openai_compatible.fields import count, rows, table, text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Literal

    from pydantic import JsonValue

    from hocket.api.messages import Block, RateLimits
    from hocket_plugins.models.openai_compatible.fields import JsonObject

_STOPS = {
    "length": Stop.MAX_TOKENS,
    "max_tokens": Stop.MAX_TOKENS,
    "content_filter": Stop.REFUSAL,
    "model_length": Stop.CONTEXT_FULL,
}
_THINKING, _TEXT, _FIRST_CALL = 0, 1, 2
"""The places of the blocks, as deltas name them."""


class Reply:
    """Collects the chunks of one stream; whole only with a finish reason."""

    def __init__(self, prefix: str) -> None:
        self.finished = False
        self._prefix = prefix
        self._thoughts: list[str] = []
        self._texts: list[str] = []
        self._calls = Calls()
        self._report: JsonObject = {}
        self._model = ""
        self._reason = ""
        self._id = ""

    def take(self, chunk: JsonValue) -> Iterator[Delta]:
        """Add a chunk; raises ProviderFailure for an error in the stream, ValueError for no chunk.

        A whole answer, from a server that does not stream, is taken as one chunk.
        """
        if not isinstance(chunk, dict):
            raise ValueError("a chunk is no object")  # noqa: TRY004  ends as `cut`, like bad JSON
        if chunk.get("error"):
            raise failures.told(200, chunk)
        self._model = text(chunk.get("model")) or self._model
        self._id = text(chunk.get("id")) or self._id
        self._report = table(chunk.get("usage")) or self._report
        for choice in rows(chunk.get("choices"))[:1]:
            yield from self._delta(table(choice.get("delta")) or table(choice.get("message")))
            self._reason = text(choice.get("finish_reason")) or self._reason
            self.finished = bool(self._reason)

    def turn(self, request_id: str, limits: RateLimits | None) -> Turn:
        """Give the whole turn; raises ValueError when no reason said that it is whole."""
        if not self.finished:
            raise ValueError("the stream ended without a finish reason")
        # Some say `stop` although they ask for tools: the tools decide.
        stop = _STOPS.get(self._reason, Stop.TOOLS if self._calls else Stop.END)
        return Turn(
            message=Message(role="assistant", blocks=tuple(self._blocks(stop))),
            stop=stop,
            raw_stop=self._reason,
            usage=usage(self._report),
            model_served=self._model,
            request_id=request_id or self._id,
            limits=limits,
        )

    def _blocks(self, stop: Stop) -> Iterator[Block]:
        if any(self._thoughts):
            yield Thinking(text="".join(self._thoughts))
        if any(self._texts):
            yield Text(text="".join(self._texts))
        yield from self._calls.uses(self._prefix, cut=stop is not Stop.TOOLS)

    def _delta(self, delta: JsonObject) -> Iterator[Delta]:
        thought = text(delta.get("reasoning_content")) or text(delta.get("reasoning"))
        said = _content(delta.get("content"))
        self._thoughts.append(thought)
        self._texts.append(said)
        if thought:
            yield _piece("thinking", _THINKING, thought)
        if said:
            yield _piece("text", _TEXT, said)
        for row in rows(delta.get("tool_calls")):
            place, piece = self._calls.take(row)
            yield _piece("input", _FIRST_CALL + place, piece)


def usage(report: JsonObject) -> Usage:
    """Map a report: what was read from a cache is in the prompt's count, and is taken out.

    Even an empty reply has output: a 0 comes from servers that do not count.
    """
    output = count(report.get("completion_tokens"))
    prompt = count(report.get("prompt_tokens"))
    details = table(report.get("prompt_tokens_details"))
    read = count(details.get("cached_tokens")) or count(report.get("prompt_cache_hit_tokens"))
    thought = count(table(report.get("completion_tokens_details")).get("reasoning_tokens"))
    return Usage(
        input=max(0, prompt - read),
        cache_read=min(prompt, read),
        output=output,
        reasoning=thought,
        cost_micros=None,
        estimated=not output,
    )


def _content(value: JsonValue) -> str:
    """Give the text of a delta; some servers send it in parts."""
    if isinstance(value, list):
        return "".join(text(part.get("text")) for part in rows(value))
    return text(value)


def _piece(part: Literal["text", "thinking", "input"], place: int, said: str) -> Delta:
    return Delta(part=part, index=place, text=said)
