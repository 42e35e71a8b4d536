"""The chat-completions wire, as local servers and gateways speak it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.testing.standin import tokens
from hocket.testing.standin.asked import Asked, Said
from hocket.testing.standin.forms import blocks, objects, sent, strings, table, text, whole, written
from hocket.testing.standin.frames import Frames
from hocket.testing.standin.prefix import FIVE_MINUTES, Part
from hocket.testing.standin.refusals import Refusal, invalid
from hocket.testing.standin.replies import Said as SaidText
from hocket.testing.standin.replies import Thought, Used

if TYPE_CHECKING:
    from pydantic import JsonValue

    from hocket.api.calls import JsonObject
    from hocket.testing.standin.answers import Turn
    from hocket.testing.standin.envelope import Envelope

LONGEST = 40
_FINISH = {
    "tool_use": "tool_calls",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "refusal": "content_filter",
}
_FORCED = {"required": "any", "none": "none"}
_ROLES = frozenset({"system", "developer", "user", "assistant", "tool"})


def check(body: JsonObject) -> None:
    """Raise what every server of this wire refuses."""
    if not text(body.get("model")):
        raise invalid("you must provide a model parameter")
    if not objects(body.get("messages")):
        raise invalid("'messages' must be a non-empty array")
    open_calls: set[str] = set()
    for place, message in enumerate(objects(body["messages"])):
        role = text(message.get("role"))
        if role not in _ROLES:
            raise invalid(f"messages.{place}.role: {role!r} is not one of {sorted(_ROLES)}")
        if role == "tool":
            if text(message.get("tool_call_id")) not in open_calls:
                raise invalid(f"messages.{place}: a 'tool' message must answer a tool call")
            open_calls.discard(text(message.get("tool_call_id")))
        elif open_calls:
            raise invalid(f"messages.{place}: tool_call_ids without response: {sorted(open_calls)}")
        open_calls |= {text(call.get("id")) for call in objects(message.get("tool_calls"))}


def read(body: JsonObject) -> Asked:
    """Read a checked body."""
    functions = [table(tool.get("function")) for tool in objects(body.get("tools"))]
    shape = table(body.get("response_format")).get("json_schema")
    limit = whole(body.get("max_completion_tokens")) or whole(body.get("max_tokens"))
    stop = body.get("stop")
    return Asked(
        wire="openai",
        body=body,
        model=text(body.get("model")),
        said=[_said(message) for message in objects(body.get("messages"))],
        tools={text(f.get("name")): table(f.get("parameters")) for f in functions},
        choice=_choice(body.get("tool_choice")),
        schema=table(table(shape).get("schema")) if shape else None,
        stream=body.get("stream") is True,
        max_tokens=limit or None,
        stop_sequences=[stop] if isinstance(stop, str) else strings(stop),
        parts=_parts(body),
    )


def _choice(choice: JsonValue) -> str:
    if isinstance(choice, dict):
        return f"={text(table(choice.get('function')).get('name'))}"
    return _FORCED.get(text(choice), "auto")


def _said(message: JsonObject) -> Said:
    role = text(message.get("role"))
    texts = [text(block.get("text")) for block in blocks(message.get("content"))]
    return Said(role, "" if role == "tool" else "\n".join(texts))


def _parts(body: JsonObject) -> list[Part]:
    """Cache automatically: a breakpoint after the last message."""
    raws = [written(one) for one in (*objects(body.get("tools")), *objects(body["messages"]))]
    parts = [Part(raw, tokens.count(raw)) for raw in raws]
    return [*parts[:-1], Part(parts[-1].raw, parts[-1].tokens, FIVE_MINUTES)]


def usage(turn: Turn, envelope: Envelope) -> JsonObject:
    """Give the true counts; the prompt *includes* what was cached."""
    account = envelope.account
    return {
        "prompt_tokens": account.whole,
        "completion_tokens": turn.output,
        "total_tokens": account.whole + turn.output,
        "prompt_tokens_details": {"cached_tokens": account.read},
        "completion_tokens_details": {"reasoning_tokens": turn.thinking},
    }


def message(turn: Turn, envelope: Envelope) -> JsonObject:
    """Make the whole completion of a reply that is not streamed."""
    said = "".join(part.text for part in turn.parts if isinstance(part, SaidText))
    thought = "".join(part.text for part in turn.parts if isinstance(part, Thought))
    calls = [_call(part, n, envelope) for n, part in enumerate(_uses(turn))]
    answer: JsonObject = {"role": "assistant", "content": said or None}
    answer |= {"reasoning_content": thought} if thought else {}
    answer |= {"tool_calls": [*calls]} if calls else {}
    choice: JsonObject = {"index": 0, "message": answer, "finish_reason": _finish(turn)}
    counts = envelope.counts(usage(turn, envelope))
    return {**_shell("chat.completion", envelope), "choices": [choice], "usage": counts}


def _finish(turn: Turn) -> str:
    return _FINISH.get(turn.stop, "stop")


def _uses(turn: Turn) -> list[Used]:
    return [part for part in turn.parts if isinstance(part, Used)]


def _call(part: Used, place: int, envelope: Envelope) -> JsonObject:
    function: JsonObject = {"name": part.name, "arguments": part.raw}
    return {"id": envelope.tool_id(place), "type": "function", "function": function}


def _shell(kind: str, envelope: Envelope) -> JsonObject:
    return {"id": envelope.message_id, "object": kind, "created": 0, "model": envelope.asked.model}


def frames(turn: Turn, envelope: Envelope) -> Frames:
    """Make the chunks of a streamed completion."""
    shell = _shell("chat.completion.chunk", envelope)

    def chunk(delta: JsonObject, finish: str | None = None) -> bytes:
        return event({**shell, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})

    closing = [chunk({}, _finish(turn))]
    counts = envelope.counts(usage(turn, envelope))
    if table(envelope.asked.body.get("stream_options")).get("include_usage") and counts:
        closing.append(event({**shell, "choices": [], "usage": counts}))
    return Frames(
        opening=[chunk({"role": "assistant", "content": ""})],
        middle=[chunk(delta) for delta in _deltas(turn, envelope)],
        closing=[*closing, b"data: [DONE]\n\n"],
        ping=b": ping\n\n",
        odd=event({**shell, "object": "chat.completion.novelty", "choices": []}),
        error=event({"error": {"type": "server_error", "message": "Overloaded", "code": None}}),
    )


def _deltas(turn: Turn, envelope: Envelope) -> list[JsonObject]:
    deltas: list[JsonObject] = []
    calls = 0
    for part in turn.parts:
        if isinstance(part, Used):
            deltas += _call_deltas(part, calls, envelope)
            calls += 1
        elif isinstance(part, SaidText | Thought):
            name = "content" if isinstance(part, SaidText) else "reasoning_content"
            pieces: list[JsonObject] = [
                {name: piece} for piece in envelope.draws.split(part.text, LONGEST)
            ]
            deltas += pieces
    return deltas


def _call_deltas(part: Used, place: int, envelope: Envelope) -> list[JsonObject]:
    """Name the call first, then send its arguments cut anywhere."""
    begun: JsonObject = {**_call(Used(part.name), place, envelope), "index": place}
    calls = [begun]
    for piece in envelope.draws.split(part.raw, LONGEST):
        calls.append({"index": place, "function": {"arguments": piece}})  # noqa: PERF401  typed so
    return [{"tool_calls": [call]} for call in calls]


def event(data: JsonObject) -> bytes:
    """Write one server-sent event, which has no name on this wire."""
    return b"data: %b\n\n" % sent(data)


def refused(refusal: Refusal, _request_id: str) -> JsonObject:
    """Make the body of an error; a spent account has a code of its own here."""
    code = "insufficient_quota" if "limit_reached" in refusal.code else refusal.code or None
    error: JsonObject = {"message": refusal.message, "type": refusal.kind, "code": code}
    return {"error": error}
