"""What a path inside a package may be, so that it means the same on every system."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from unicodedata import category, is_normalized, normalize

from hocket.registry.forms.names import is_device

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_PATH_BYTES, MOST_DEPTH = 240, 12
RESERVED_PARTS = frozenset(
    {".git", ".gitmodules", ".gitattributes", ".hocket", ".vscode"}
    | {".claude", ".agents", ".codex", ".cursor", ".gemini", ".opencode"}
)
"""What programs read as orders when it lies in a folder."""

_GIT_SHORT = re.compile(r"git~[0-9]+", re.ASCII)
"""What Windows may call `.git` as well."""
_DRIVE = re.compile(r"[A-Za-z]:")
_FORBIDDEN = re.compile(r'[\\:*?"<>|]')
_HIDDEN = {"Cc": "control", "Cf": "format"}


def misfits(path: str) -> Iterator[str]:
    """Give every rule that a path breaks; bytes that are not UTF-8 come as surrogates."""
    try:
        size = len(path.encode())
    except UnicodeEncodeError:
        yield "is not UTF-8"
        return
    if size > MOST_PATH_BYTES:
        # Of the rest of it nobody wants to know.
        yield f"has {size} bytes, {MOST_PATH_BYTES} allowed"
        return
    if not is_normalized("NFC", path):
        yield "is not in the normal form NFC"
    yield from _characters(path)
    yield from _parts(path)


def folded(path: str) -> str:
    """Give what a path is where neither case nor the way of writing an accent counts."""
    return normalize("NFC", normalize("NFC", path).casefold())


def _characters(path: str) -> Iterator[str]:
    if path.startswith("/"):
        yield "is absolute"
    if _DRIVE.match(path):
        yield "names a drive"
    if found := _FORBIDDEN.search(path):
        yield f"holds {found[0]}, which some systems do not allow"
    for one in path:
        if kind := _HIDDEN.get(category(one)):
            yield f"holds the {kind} character U+{ord(one):04X}"
            break


def _parts(path: str) -> Iterator[str]:
    parts = path.split("/")
    if len(parts) > MOST_DEPTH:
        yield f"is {len(parts)} levels deep, {MOST_DEPTH} allowed"
    for part in dict.fromkeys(parts):
        if what := _part(part):
            yield what


def _part(part: str) -> str | None:
    if part in {"", ".", ".."}:
        return f"has the part {part!r}" if part else "has an empty part"
    if part[-1] in " .":
        return f"has the part {part!r}, which ends in a {'space' if part[-1] == ' ' else 'dot'}"
    if is_device(part):
        return f"has the part {part!r}, a device of Windows"
    name = folded(part)
    if name in RESERVED_PARTS or _GIT_SHORT.fullmatch(name):
        return f"has the reserved part {part!r}"
    return None
