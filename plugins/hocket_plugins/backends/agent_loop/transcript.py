"""The lines of a call's transcript: what was said and done, each written before the next step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket_plugins.backends.agent_loop.counts import counts

if TYPE_CHECKING:
    from pydantic import JsonValue

    from hocket.api.calls import Outcome, Submission, Usage
    from hocket.api.messages import Message, ToolUse, TurnRequest
    from hocket.api.protocols import CallContext
    from hocket.api.tools import Label, Tool, ToolOutput
    from hocket_plugins.backends.agent_loop.assembly import Prefix
    from hocket_plugins.backends.agent_loop.desk import Desk


class Transcript:
    """Writes through the engine, which redacts and puts every line on disk."""

    def __init__(self, context: CallContext) -> None:
        self._context = context
        self.muted = False
        """While an earlier life is gone through again: it is written down already."""

    def call(self, desk: Desk) -> None:
        """Begin: which model answers, in which mode, with which tools and words around the task."""
        system = system_of(desk)
        again: dict[str, JsonValue] = {"again": desk.again} if desk.again else {}
        number, key = desk.call.number, desk.call.key
        self._write("call", number=number, key=key, **circumstances(desk), system=system, **again)

    def goes_on(self, turns: int) -> None:
        """Go on where an earlier life was cut off, after so many complete turns."""
        self._write("goes_on", turns=turns)

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
        fields["blocks"] = blocks
        if usage is not None:
            fields["stop"] = stop
            fields["usage"] = counts(usage)
        self._write("message", **fields)

    def start(self, use: ToolUse, tool: Tool) -> bool:
        """Announce a tool: from here on its effects may have happened; False when nobody could."""
        effects: list[JsonValue] = [effect.value for effect in sorted(tool.effects)]
        return self._write("tool_start", id=use.id, tool=use.name, effects=effects)

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
        self._write("retry", failure=kind, code=code, text=text)

    def stall(self, text: str, cause: str) -> None:
        """Keep what had come before a reply fell silent."""
        self._write("stall", cause=cause, text=text)

    def batch(self, batch: str, name: str) -> None:
        """Say where the reply will be, before it is waited for: a resume collects it there."""
        self._write("batch", id=batch, name=name)
        self._context.progress(f"waits in {batch}")

    def nudge(self, text: str) -> None:
        """Keep what the model was told beside its task."""
        self._write("nudge", text=text)

    def compaction(self, how: str, freed: int, text: str = "", *, forced: bool = False) -> None:
        """Say that what is sent is shorter from here on."""
        self._write("compaction", how=how, freed=freed, text=text, forced=forced)

    def over(self, outcome: Outcome) -> None:
        """Close it."""
        self._write("end", state=outcome.state.value, cause=outcome.cause)

    def _write(self, kind: str, **fields: JsonValue) -> bool:
        return self.muted or self._context.record(kind, fields)


def circumstances(desk: Desk) -> dict[str, JsonValue]:
    """Say under which conditions a conversation is led; it goes on under the same ones only."""
    prefix, chosen = desk.prefix, desk.chosen
    return {
        "provider": chosen.provider.name,
        "model": chosen.model,
        "answer": prefix.answer.kind if prefix.answer else None,
        "tools": [*(tool.name for tool in prefix.tools), *desk.tools.served],
    }


def system_of(desk: Desk) -> str:
    """Give the system text as one."""
    return "\n\n".join(desk.prefix.system)


def _sources(label: Label) -> list[JsonValue]:
    return [*sorted(label.sources)] if label.outside else []
