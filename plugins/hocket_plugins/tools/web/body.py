"""The bytes of a reply, up to a limit, unpacked up to another."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING

from hocket_plugins.tools.web.refusal import Refusal

if TYPE_CHECKING:
    from httpx2 import Response

RECEIVED, UNPACKED = 5_000_000, 20_000_000
_GZIP = zlib.MAX_WBITS | 16
_PIECE = 1_000_000
_MAGIC = b"\x1f\x8b"
_LENGTH = re.compile(r"[0-9]{1,18}")


async def received(response: Response) -> bytes:
    """Read all of it, still packed; raises Refusal, and nothing more is then read."""
    if _announced(response) > RECEIVED:
        raise _too_long()
    raw = bytearray()
    async for chunk in response.aiter_raw():
        raw += chunk
        if len(raw) > RECEIVED:
            raise _too_long()
    return bytes(raw)


def unpacked(raw: bytes, coding: str) -> bytes:
    """Unpack what came, piece by piece; raises Refusal."""
    match coding.strip().lower():
        case "" | "identity":
            return raw
        case "gzip" | "x-gzip":
            return _gunzipped(raw)
        case _:
            raise Refusal("the page is packed in a way that was not asked for")


def _gunzipped(raw: bytes) -> bytes:
    member, whole = zlib.decompressobj(_GZIP), bytearray()
    while not member.eof:
        try:
            piece = member.decompress(raw, _PIECE)
        except zlib.error as cause:
            raise Refusal("what it sent cannot be unpacked") from cause
        raw = member.unconsumed_tail
        whole += piece
        if len(whole) > UNPACKED:
            raise Refusal(f"the page has more than {UNPACKED:,} bytes when it is unpacked")
        if not piece and not raw and not member.eof:
            raise Refusal("the page breaks off in the middle")
    if member.unused_data.startswith(_MAGIC):
        # Each member costs a copy of the rest: thousands of empty ones would take for ever.
        raise Refusal("what it sent was packed in several pieces")
    return bytes(whole)


def _announced(response: Response) -> int:
    length = response.headers.get("content-length", "")
    return int(length) if _LENGTH.fullmatch(length) else 0


def _too_long() -> Refusal:
    return Refusal(f"the page has more than {RECEIVED:,} bytes")
