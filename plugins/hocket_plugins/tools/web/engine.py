"""What `WebSearch` searches with: one protocol, whoever stands behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Hit:
    """One result; its words are a stranger's."""

    title: str
    url: str
    snippet: str


@dataclass(frozen=True, slots=True)
class Found:
    """Results, best first, the hosts whose words they are, and what may be missing."""

    hits: tuple[Hit, ...]
    sources: frozenset[str]
    remark: str = ""


class Engine(Protocol):
    """Something that can be searched."""

    outside: bool
    """Whether its results may hold words that nobody vouches for."""
    source: str
    """Who is asked: the source of what it says beside results."""

    def lacks(self) -> str | None:
        """Say what is missing, as the end of a sentence, or None when it can work."""
        ...

    async def find(self, query: str, most: int) -> Found:
        """Search; raises Refusal."""
        ...
