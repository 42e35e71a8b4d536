"""Old names of what was renamed: `update` writes them down, and for a while they give a hint."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from hocket.registry.scopes import Scope

FILE = "renamed.json"


def place(scope: Scope) -> Path:
    """Say where a scope keeps `{old name: new name}`: beside its receipts."""
    return scope.receipts / FILE


def now(scopes: Iterable[Scope], text: str) -> str:
    """Give the name that an old one has now; empty: nothing was renamed."""
    typed = text.removeprefix("/")
    for scope in scopes:
        # The file is a courtesy: without it, the name is unknown like any other.
        with suppress(OSError, ValueError, AttributeError):
            new = json.loads(place(scope).read_bytes()).get(typed)
            if isinstance(new, str) and new:
                return new
    return ""
