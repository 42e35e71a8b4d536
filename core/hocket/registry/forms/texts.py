"""What no text may hold: characters that steer a terminal or hide words from a reader."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_SCRIPTS = (".py", ".js")
_MANIFEST, _SKILL = "bundle.toml", "skill.md"

_RULES = {
    "\u202a-\u202e\u2066-\u2069": "turns the direction of text",
    "\U000e0000-\U000e007f": "is a tag that nobody sees",
    "\x1b": "steers a terminal",
    "\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x80-\x9f": "is a control character",
}
_PLAIN = bytes({*b"\t\n\r", *range(0x20, 0x80)})
_EACH = [(re.compile(f"[{some}]"), why) for some, why in _RULES.items()]
_ANY = re.compile(f"[{''.join(_RULES)}]")
_FLAG = re.compile(
    "\U0001f3f4[\U000e0061-\U000e007a]{2}[\U000e0061-\U000e007a\U000e0030-\U000e0039]{1,3}\U000e007f"
)
"""A black flag, then country and part of it in tags: the flags of Scotland, Texas, Wales."""


def misfits(path: str, content: bytes) -> Iterator[str]:
    """Give every rule that one text breaks."""
    if not content.translate(None, _PLAIN):
        return
    try:
        text = content.decode()
    except UnicodeDecodeError as cause:
        if _must_be_read(path):
            yield f"is not UTF-8 (byte {cause.start + 1})"
        text = content.decode("utf-8", "replace")
    if _ANY.search(text):
        yield from _found(_FLAG.sub("", text))


def _found(text: str) -> Iterator[str]:
    for form, why in _EACH:
        if found := form.search(text):
            line = text.count("\n", 0, found.start()) + 1
            yield f"line {line} holds U+{ord(found[0]):04X}, which {why}"


def _must_be_read(path: str) -> bool:
    """Whether hocket itself reads it, so that it has to be UTF-8."""
    name = path.rpartition("/")[2].lower()
    return path == _MANIFEST or name == _SKILL or name.endswith(_SCRIPTS)
