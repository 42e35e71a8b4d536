"""The rule that would allow what was not allowed: what a person is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket_plugins.policies.permissions import commands, urls
from hocket_plugins.policies.permissions.rules import ADDRESSES, COMMANDS

if TYPE_CHECKING:
    from hocket_plugins.policies.permissions.matching import Wish


def suggestion(wish: Wish) -> str:
    """Say which rules would allow a use, or that there can be none."""
    whats = _whats(wish)
    if not whats:
        return "only a person can allow it"
    rules = " and ".join(f"{wish.tool}({what})" if what else wish.tool for what in whats)
    return f"allow it with {rules}"


def _whats(wish: Wish) -> list[str]:
    if wish.tool in COMMANDS:
        return commands.suggested(wish.what)
    if wish.tool in ADDRESSES:
        return [what for what in [urls.suggested(wish.what)] if what]
    return [wish.what if wish.is_on_files else ""]
