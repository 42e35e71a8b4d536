"""The log of one registry on disk: judged and written in one turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.registry.indexes import seen, verdicts
from hocket.registry.known import durable

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from hocket.registry.indexes.index import Index
    from hocket.registry.indexes.seen import Seen
    from hocket.registry.indexes.verdicts import Verdict


class SeenLog:
    """What a registry showed before; raises StructureError where somebody edited it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> Seen:
        """Read all that was written down."""
        return self._told(durable.read(self._path))

    def record(self, index: Index, now: datetime, *, require_fresh: bool) -> tuple[Verdict, ...]:
        """Judge an index that was fetched just now, and write it down unless it is refused."""
        with durable.turn(self._path.with_suffix(".lock")):
            content = durable.read(self._path)
            before = self._told(content)
            told = verdicts.judge(index, before, now, require_fresh=require_fresh)
            lines = verdicts.additions(index, before, now)
            if lines and not any(one.is_refused and one.row is None for one in told):
                durable.append(self._path, lines, seen.finished(content))
        return told

    def _told(self, content: bytes) -> Seen:
        return seen.read(content, f"seen/{self._path.name}")
