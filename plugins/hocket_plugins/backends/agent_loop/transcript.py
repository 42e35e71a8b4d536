"""The lines of a call's transcript: what was said and done, each written before the next step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket_plugins.backends.agent_loop import weights

if TYPE_CHECKING:
    from pydantic import JsonValue

    from hocket.api.calls import Call, Outcome, Submission, Usage
    from hocket.api.messages import Message, ToolUse, TurnRequest
    from hocket.api.protocols import CallContext
    from hocket.api.tools import Label, Tool, ToolOutput
    from hocket_plugins.backends.agent_loop.assembly import Prefix
    from hocket_plugins.backends.agent_loop.routing import Chosen

LONGEST = 65_536
"""Longer texts are kept by their digest."""
LONGEST_SYSTEM = 4_096
"""The same for what every sibling is told."""


class Transcript:
    """Writes through the engine, which redacts and puts every line on disk."""

    def __init__(self, context: CallContext) -> None:
        self._context = context

    def call(self, call: Call, chosen: Chosen, prefix: Prefix) -> None:
        """Begin: which model answers, in which mode, with which tools and words around the task."""
        self._write(
            "call",
            number=call.number,
            key=call.key,
            provider=chosen.provider.name,
            model=chosen.model,
            answer=prefix.answer.kind if prefix.answer else None,
            tools=[tool.name for tool in prefix.tools],
            system=self._kept("\n\n".join(prefix.system), LONGEST_SYSTEM),
        )

    def turn(self, request: TurnRequest, prefix: Prefix) -> None:
        """Announce a turn: its parameters, and the digest of what is shared."""
        self._write(
            "turn",
            id=request.turn_id,
            prefix=prefix.digest,
            max_tokens=request.max_tokens,
            effort=request.effort,
            tool_choice=request.tool_choice,
            messages=len(request.messages),
        )

    def message(self, message: Message, usage: Usage | None = None, stop: str = "") -> None:
        """Keep a message as it was said; a reply with its stop and what it used."""
        fields: dict[str, JsonValue] = {"role": message.role}
        blocks: JsonValue = message.model_dump(mode="json")["blocks"]
        fields["blocks"] = self._slim(blocks) if weights.of_message(message) > LONGEST else blocks
        if usage is not None:
            fields["stop"] = stop
            fields["usage"] = _counts(usage)
        self._write("message", **fields)

    def start(self, use: ToolUse, tool: Tool) -> None:
        """Announce a tool: from here on its effects may have happened."""
        effects: list[JsonValue] = [effect.value for effect in sorted(tool.effects)]
        self._write("tool_start", id=use.id, tool=use.name, effects=effects)

    def end(self, use: ToolUse, output: ToolOutput) -> None:
        """Say how a tool ended; what it said is in the message that follows."""
        size = len(output.text)
        self._write(
            "tool_end", id=use.id, error=output.is_error, size=size, label=_sources(output.label)
        )

    def permission(self, use: ToolUse, shown: str, verdict: str, reason: str) -> None:
        """Keep a decision."""
        self._write("permission", id=use.id, shown=shown, verdict=verdict, reason=reason)

    def answer(self, said: Submission) -> None:
        """Keep what became of an offered answer; the answer itself is in the message before."""
        self._write("answer", accepted=said.accepted, complaint=said.complaint)

    def retry(self, kind: str, code: str, text: str) -> None:
        """Keep what a broken turn had said."""
        self._write("retry", failure=kind, code=code, text=self._kept(text, LONGEST))

    def stall(self, text: str, cause: str) -> None:
        """Keep what had come before a reply fell silent."""
        self._write("stall", cause=cause, text=self._kept(text, LONGEST))

    def nudge(self, text: str) -> None:
        """Keep what the model was told beside its task."""
        self._write("nudge", text=text)

    def compaction(self, how: str, freed: int, text: str = "") -> None:
        """Say that what is sent is shorter from here on."""
        self._write("compaction", how=how, freed=freed, text=text)

    def over(self, outcome: Outcome) -> None:
        """Close it."""
        self._write("end", state=outcome.state.value, cause=outcome.cause)

    def _write(self, kind: str, **fields: JsonValue) -> None:
        self._context.record(kind, fields)

    def _kept(self, text: str, longest: int) -> JsonValue:
        if len(text) <= longest:
            return text
        kept = self._context.tools.keep(text.encode("utf-8", "replace"))
        return {"artifact": kept, "size": len(text)}

    def _slim(self, value: JsonValue) -> JsonValue:
        """Keep long texts by their digest, so that a line stays short."""
        if isinstance(value, str):
            return self._kept(value, LONGEST)
        if isinstance(value, list):
            return [self._slim(one) for one in value]
        if isinstance(value, dict):
            return {name: self._slim(one) for name, one in value.items()}
        return value


def _counts(usage: Usage) -> dict[str, JsonValue]:
    counts: dict[str, JsonValue] = {
        "input": usage.input,
        "cache_read": usage.cache_read,
        "cache_write": usage.cache_write,
        "cache_write_1h": usage.cache_write_1h,
        "output": usage.output,
        "cost_micros": usage.cost_micros,
    }
    return {**counts, "estimated": True} if usage.estimated else counts


def _sources(label: Label) -> list[JsonValue]:
    return [*sorted(label.sources)] if label.outside else []
