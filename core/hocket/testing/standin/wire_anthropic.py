"""The Messages wire: a body becomes a question, a turn becomes a message or its events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.testing.standin import tokens
from hocket.testing.standin.answers import COMPACTION
from hocket.testing.standin.asked import Asked, Said
from hocket.testing.standin.forms import blocks, objects, sent, strings, table, text, whole
from hocket.testing.standin.frames import Frames
from hocket.testing.standin.replies import Raw, Thought, Used
from hocket.testing.standin.replies import Said as SaidText
from hocket.testing.standin.spelling import loose

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hocket.api.calls import JsonObject
    from hocket.testing.standin.answers import Part, Turn
    from hocket.testing.standin.envelope import Envelope
    from hocket.testing.standin.prefix import Part as PromptPart
    from hocket.testing.standin.refusals import Refusal

LONGEST = 40
"""So many characters a delta has at most."""
_FORCED = {"any": "any", "none": "none"}


def read(body: JsonObject, parts: Sequence[PromptPart]) -> Asked:
    """Read a checked body, whose parts are known by now."""
    choice = table(body.get("tool_choice"))
    kind = text(choice.get("type"))
    shape = table(table(body.get("output_config")).get("format")).get("schema")
    return Asked(
        wire="anthropic",
        body=body,
        model=text(body.get("model")),
        said=[_said(message) for message in objects(body.get("messages"))],
        tools={
            text(t.get("name")): table(t.get("input_schema")) for t in objects(body.get("tools"))
        },
        choice=f"={text(choice.get('name'))}" if kind == "tool" else _FORCED.get(kind, "auto"),
        schema=shape if isinstance(shape, dict) else None,
        stream=body.get("stream") is True,
        max_tokens=whole(body.get("max_tokens")),
        stop_sequences=strings(body.get("stop_sequences")),
        thinks=table(body.get("thinking")).get("type") != "disabled",
        parts=parts,
    )


def _said(message: JsonObject) -> Said:
    texts = [text(b.get("text")) for b in blocks(message.get("content")) if b.get("type") == "text"]
    return Said(text(message.get("role")), "\n".join(texts))


def usage(turn: Turn, envelope: Envelope) -> JsonObject:
    """Give the true counts: four kinds of input that add up to the whole, and the output."""
    account = envelope.account
    counts: JsonObject = {
        "input_tokens": account.fresh,
        "cache_creation_input_tokens": account.write_5m + account.write_1h,
        "cache_read_input_tokens": account.read,
        "cache_creation": {
            "ephemeral_5m_input_tokens": account.write_5m,
            "ephemeral_1h_input_tokens": account.write_1h,
        },
        "output_tokens": turn.output,
        "service_tier": "standard",
    }
    if turn.thinking:
        counts["output_tokens_details"] = {"thinking_tokens": turn.thinking}
    if turn.stop == "compaction":
        counts |= {"output_tokens": 0, "iterations": [_compaction(counts)]}
    return counts


def _compaction(counts: JsonObject) -> JsonObject:
    """Count the summary as a step of its own: the counts above do not contain it."""
    names = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
    kept = {name: counts[name] for name in names}
    return {"type": "compaction", **kept, "output_tokens": tokens.of_block(COMPACTION)}


def message(turn: Turn, envelope: Envelope) -> JsonObject:
    """Make the whole message of a reply that is not streamed."""
    content = [_block(part, place, envelope) for place, part in enumerate(turn.parts)]
    begun = _begun(envelope, envelope.counts(usage(turn, envelope)))
    return {**begun, "content": [*content], **_ended(turn)}


def _begun(envelope: Envelope, counts: JsonObject | None) -> JsonObject:
    shell: JsonObject = {
        "id": envelope.message_id,
        "type": "message",
        "role": "assistant",
        "model": envelope.asked.model,
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
    }
    return shell if counts is None else {**shell, "usage": counts}


def _ended(turn: Turn) -> JsonObject:
    ended: JsonObject = {"stop_reason": turn.stop, "stop_sequence": turn.stop_sequence}
    if turn.stop == "refusal":
        words = "The stand-in was told to refuse."
        ended["stop_details"] = {"type": "refusal", "category": None, "explanation": words}
    return ended


def _block(part: Part, place: int, envelope: Envelope) -> JsonObject:
    if isinstance(part, SaidText):
        return {"type": "text", "text": part.text, "citations": None}
    if isinstance(part, Raw):
        return part.block
    if isinstance(part, Used):
        name = envelope.tool_id(place)
        return {"type": "tool_use", "id": name, "name": part.name, "input": loose(part.raw)}
    return _thought(part, envelope)


def _thought(part: Thought, envelope: Envelope) -> JsonObject:
    if part.redacted:
        return {"type": "redacted_thinking", "data": envelope.signer.seal(part.text)}
    hidden = table(envelope.asked.body.get("thinking")).get("display") == "omitted"
    shown = "" if hidden else part.text
    return {"type": "thinking", "thinking": shown, "signature": envelope.signer.sign(shown)}


def frames(turn: Turn, envelope: Envelope) -> Frames:
    """Make the events of a streamed reply."""
    counts = envelope.counts(usage(turn, envelope))
    begun = None if counts is None else {**counts, "output_tokens": min(1, turn.output)}
    middle = [
        frame for place, part in enumerate(turn.parts) for frame in _events(place, part, envelope)
    ]
    middle.insert(min(1, len(middle)), _PING)
    ended: JsonObject = {"type": "message_delta", "delta": _ended(turn)}
    if counts is not None:
        ended["usage"] = {k: v for k, v in counts.items() if k not in _ONLY_AT_START}
    return Frames(
        opening=[event({"type": "message_start", "message": _begun(envelope, begun)})],
        middle=middle,
        closing=[event(ended), event({"type": "message_stop"})],
        ping=_PING,
        odd=b"".join(map(event, _odd(len(turn.parts)))),
        error=event(_OVERLOADED),
    )


def _events(place: int, part: Part, envelope: Envelope) -> Iterator[bytes]:
    """Give start, deltas and stop of one block."""
    block = _block(part, place, envelope)
    shell, deltas = _unrolled(part, block, envelope)
    yield event({"type": "content_block_start", "index": place, "content_block": shell})
    for delta in deltas:
        yield event({"type": "content_block_delta", "index": place, "delta": delta})
    yield event({"type": "content_block_stop", "index": place})


def _unrolled(
    part: Part, block: JsonObject, envelope: Envelope
) -> tuple[JsonObject, list[JsonObject]]:
    """Split a block into what its start shows and the deltas that complete it."""
    split = envelope.draws.split
    if isinstance(part, SaidText):
        pieces = split(part.text, LONGEST)
        return {**block, "text": ""}, [{"type": "text_delta", "text": p} for p in pieces]
    if isinstance(part, Thought) and not part.redacted:
        pieces = split(text(block["thinking"]), LONGEST)
        deltas: list[JsonObject] = [{"type": "thinking_delta", "thinking": p} for p in pieces]
        deltas.append({"type": "signature_delta", "signature": block["signature"]})
        return {**block, "thinking": "", "signature": ""}, deltas
    if isinstance(part, Raw) and block.get("type") == "compaction":
        whole_text = block.get("content")
        return {**block, "content": None}, [{"type": "compaction_delta", "content": whole_text}]
    if "input" not in block:
        return block, []
    raw = part.raw if isinstance(part, Used) else sent(block["input"]).decode()
    pieces = ["", *split(raw, LONGEST)]
    return {**block, "input": {}}, [{"type": "input_json_delta", "partial_json": p} for p in pieces]


def _odd(place: int) -> list[JsonObject]:
    """Make what a later version of the API might send."""
    novelty: JsonObject = {"type": "standin_novelty", "novelty": True}
    return [
        novelty,
        {"type": "content_block_start", "index": place, "content_block": novelty},
        {"type": "content_block_stop", "index": place},
    ]


def event(data: JsonObject) -> bytes:
    """Write one server-sent event; its name is its type."""
    return b"event: %b\ndata: %b\n\n" % (text(data["type"]).encode(), sent(data))


def refused(refusal: Refusal, request_id: str) -> JsonObject:
    """Make the body of an error."""
    error: JsonObject = {"type": refusal.kind, "message": refusal.message}
    if refusal.code:
        error["details"] = {"error_code": refusal.code}
    return {"type": "error", "error": error, "request_id": request_id}


_PING = event({"type": "ping"})
_OVERLOADED: JsonObject = {
    "type": "error",
    "error": {"type": "overloaded_error", "message": "Overloaded"},
}
_ONLY_AT_START = frozenset({"cache_creation", "service_tier"})
