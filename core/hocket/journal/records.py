"""The journal's lines: one record is one line of JSON that starts with its own checksum.

| kind | payload (`?` optional) |
|---|---|
| `header` | v, min_reader, kv, run, hocket, script (digest), name, args, has_args, budget {tokens, micros}, caps {cap, total}, durability, estimate? (as shown) |
| `opened` | pid, boot, host, hocket, script?, args?, cut?, salvaged? (both as in `Past.findings`) |
| `started` | call, key, occ, attempt, backend, model, reserved {output, micros}, effects, label, phase, canonical |
| `usage` | call, attempt, input, cache_read, cache_write, output, micros (null: unknown), estimated, reserved? (of the next turn) |
| `ended` | call, op, key, occ, state, value or artifact + size, partial?, usage {as above}, tries, cause, spent {tokens, micros}, label, phase, notes? |
| `answered` | digest, channel, answer |
| `changed` | what (`budget`, `caps`, `trust`, `tainted`), old, new, by |
| `closed` | state, cause, result digest, artifact or value, census, spent, reserved |
| `lost` | charged {tokens, micros}: a number whose record was damaged, written by salvage only |

Any kind may carry `spilled` {field: {artifact, size}}: fields too long for a line. A kind that
a reader does not know is skipped, unless it carries `"must": true`.
"""  # noqa: E501 - a row of the table is a line

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import JsonValue

FORMAT = 1
MIN_READER = 1
KEY_VERSION = 1
MAX_LINE = 65_536

_HEAD = b'{"crc":"'
_FRAMING = frozenset({"crc", "n", "e", "t", "at", "d"})


@dataclass(slots=True)
class Record:
    """One record of a journal."""

    n: int
    epoch: int
    kind: str
    at_ms: int
    durable: int
    payload: dict[str, JsonValue]


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


encode = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, check_circular=False, separators=(",", ":")
).encode
"""Write a value as the journal does: compact, UTF-8 text, ValueError for NaN and infinities."""

decode = json.JSONDecoder(parse_constant=_refuse_constant).decode
"""Read what `encode` wrote."""


def frame(
    n: int, epoch: int, kind: str, at_ms: int, durable: int, payload: Mapping[str, JsonValue]
) -> bytes:
    """Write a record as its line; ValueError for a payload that is not JSON.

    The length is the caller's affair: a line over MAX_LINE is valid for every reader here.
    """
    if not _FRAMING.isdisjoint(payload):
        raise ValueError(f"a payload may not carry {sorted(_FRAMING & payload.keys())}")
    text = encode(payload)
    tail = "," + text[1:] if payload else "}"
    body = f'"n":{n},"e":{epoch},"t":"{kind}","at":{at_ms},"d":{durable}{tail}'.encode()
    return b'%b%08x",%b\n' % (_HEAD, crc32(body), body)


def parse(line: bytes) -> Record | None:
    """Read a line, with or without its newline; None when it is not a whole, unharmed record."""
    body = line[18:-1] if line.endswith(b"\n") else line[18:]
    if line[:8] != _HEAD or line[16:18] != b'",' or line[8:16] != b"%08x" % crc32(body):
        return None
    try:
        return _record(decode("{" + body.decode()))
    except (ValueError, KeyError, RecursionError):
        return None


def _record(fields: dict[str, JsonValue]) -> Record:
    n, epoch, kind = fields.pop("n"), fields.pop("e"), fields.pop("t")
    at_ms, durable = fields.pop("at"), fields.pop("d")
    if not (isinstance(n, int) and isinstance(epoch, int) and isinstance(kind, str)):
        raise ValueError("number, epoch or type is of the wrong type")  # noqa: TRY004
    if not (isinstance(at_ms, int) and isinstance(durable, int)):
        raise ValueError("time or durable size is of the wrong type")  # noqa: TRY004
    return Record(n, epoch, kind, at_ms, durable, fields)
