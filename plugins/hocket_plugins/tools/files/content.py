"""What the bytes of a file are: text, a picture, or nothing a model can read."""

from __future__ import annotations

import re

from hocket_plugins.tools.files.trouble import Trouble

HEAD = 8192
"""So many bytes tell what a file is."""
_MAGIC = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "image/webp"),
    (re.compile(rb"%PDF-"), "application/pdf"),
)
_SEQUENCE = r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[\]P^_X][^\x07\x1b\n]*(?:\x07|\x1b\\)"
_CONTROL = re.compile(_SEQUENCE + r"|\r\n|[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def media_type(head: bytes) -> str | None:
    """Name the kind of picture or document that begins like this, if it is one."""
    return next((kind for magic, kind in _MAGIC if magic.match(head)), None)


def binary(head: bytes) -> str | None:
    """Say why a file that begins like this is no text, if it is none."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16 text; convert it to UTF-8 first"
    return "a binary file" if b"\0" in head else None


def mended(raw: bytes) -> tuple[str, bool]:
    """Decode text, and say whether all of it was UTF-8; other bytes become U+FFFD."""
    try:
        return raw.decode("utf-8"), True
    except UnicodeDecodeError:
        return raw.decode("utf-8", "replace"), False


def harmless(text: str) -> str:
    """Take out terminal sequences and control characters; CRLF becomes a line end."""
    return _CONTROL.sub(lambda found: "\n" if found[0] == "\r\n" else "", text)


def encoded(text: str) -> bytes:
    """Give the bytes of a text; raises Trouble for what no UTF-8 file can hold."""
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as cause:
        raise Trouble("the new text is not valid Unicode") from cause
