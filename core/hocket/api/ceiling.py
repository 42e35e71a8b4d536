"""The capability table: the most that a run of a bundle's workflow may do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import JsonValue

LISTS = ("env", "mcp", "network", "read", "shell", "tools", "write")
FLAGS = ("hooks", "inline-exec", "python", "reveal")
AGENTS = "agents"
KEYS = tuple(sorted((AGENTS, *LISTS, *FLAGS)))
"""The closed vocabulary."""
MOST_AGENTS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling:
    """What was declared or consented to; what is absent is empty, 0 or false.

    Lists are sorted and hold nothing twice, however they were given.
    """

    agents: int = 0
    env: tuple[str, ...] = ()
    hooks: bool = False
    inline_exec: bool = False
    mcp: tuple[str, ...] = ()
    network: tuple[str, ...] = ()
    python: bool = False
    read: tuple[str, ...] = ()
    reveal: bool = False
    shell: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    write: tuple[str, ...] = ()
    is_declared: bool = True
    """False for imports that declare nothing: every effect is asked. No part of the table."""

    def __post_init__(self) -> None:
        """Sort every list and drop what is there twice."""
        for key in LISTS:
            object.__setattr__(self, key, tuple(sorted(set(self.items(key)))))

    def items(self, key: str) -> tuple[str, ...]:
        """Give a list of the table by its key."""
        found: tuple[str, ...] = getattr(self, key)
        return found

    def has(self, key: str) -> bool:
        """Say whether a flag of the table is set, by its key."""
        return bool(getattr(self, key.replace("-", "_")))

    def table(self) -> dict[str, JsonValue]:
        """Write all twelve keys as manifests, rows and receipts spell them."""
        lists: dict[str, JsonValue] = {key: list(self.items(key)) for key in LISTS}
        whole = lists | {key: self.has(key) for key in FLAGS} | {AGENTS: self.agents}
        return dict(sorted(whole.items()))
