"""Which of a server's models a short name means, as far as their names and ages tell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hocket_plugins.models.openai_compatible.fields import count, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hocket_plugins.models.openai_compatible.fields import JsonObject

_SIZES = {
    **dict.fromkeys(("small", "haiku"), ("nano", "mini")),
    **dict.fromkeys(("medium", "sonnet"), ("mini", "")),
    **dict.fromkeys(("large", "opus"), ("",)),
}
"""The size in a name that is looked for first, and the one that will do."""
SHORT = frozenset(_SIZES)
_FAMILY = re.compile(r"gpt-\d+(?:\.\d+)?(?:-(mini|nano))?")
"""Names without a date or a purpose: they mean the newest model of their size."""
_NO_CHAT = re.compile(r"embed|rerank|whisper|tts|moderation", re.IGNORECASE)


def pick(alias: str, entries: Sequence[JsonObject], *, lonely: bool) -> str | None:
    """Pick the only model, or the newest of the size; a `lonely` server's first will do."""
    names = [text(entry.get("id")) for entry in entries]
    if len(names) == 1:
        return names[0]
    chat = [name for name in names if not _NO_CHAT.search(name)]
    if lonely and chat:
        return chat[0]
    for size in _SIZES[alias]:
        found = [entry for entry in entries if _is_of(size, text(entry.get("id")))]
        if found:
            return text(max(found, key=_age).get("id"))
    return None


def _is_of(size: str, name: str) -> bool:
    known = _FAMILY.fullmatch(name)
    return known is not None and (known[1] or "") == size


def _age(entry: JsonObject) -> tuple[int, str]:
    return count(entry.get("created")), text(entry.get("id"))
