"""The prefix cache: what is read, what is written, and what is fresh adds up to the input."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from itertools import accumulate
from typing import TYPE_CHECKING

from hocket.testing.standin.prefix import ONE_HOUR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hocket.testing.standin.models import Model
    from hocket.testing.standin.prefix import Part

LOOK_BACK = 20
"""So many parts before a breakpoint are compared with what was written; not more."""


@dataclass(slots=True)
class _Entry:
    """A written prefix; reading it starts its time anew."""

    ttl_s: int
    used_s: float

    def lives(self, now_s: float) -> bool:
        return now_s < self.used_s + self.ttl_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Where the input of one request came from; the four counts are disjoint."""

    fresh: int
    read: int = 0
    write_5m: int = 0
    write_1h: int = 0
    writes: tuple[tuple[bytes, int], ...] = ()
    """Prefixes that become readable when the reply begins, each with its time to live."""

    @property
    def whole(self) -> int:
        """All input tokens."""
        return self.fresh + self.read + self.write_5m + self.write_1h


class PrefixCache:
    """Entries by the digest of model and prefix; time is told by the caller."""

    def __init__(self) -> None:
        self._entries: dict[bytes, _Entry] = {}

    def account(self, model: Model, parts: Sequence[Part], now_s: float) -> Account:
        """Look a request up as it arrives; what it reads lives on from now."""
        marks = [place for place, part in enumerate(parts) if part.ttl_s]
        ends = list(accumulate(part.tokens for part in parts))
        if not marks or ends[marks[-1]] < model.minimum:
            return Account(fresh=ends[-1] if ends else 0)
        keys = _chain(model.name, parts[: marks[-1] + 1])
        hit = self._longest(keys, marks, now_s)
        self._refresh([keys[mark] for mark in (*marks, hit) if 0 <= mark <= hit], now_s)
        new = [mark for mark in marks if mark > hit and ends[mark] >= model.minimum]
        read = ends[hit] if hit >= 0 else 0
        hour = max((ends[mark] for mark in new if parts[mark].ttl_s == ONE_HOUR), default=read)
        last = ends[new[-1]] if new else read
        return Account(
            fresh=ends[-1] - last,
            read=read,
            write_5m=last - hour,
            write_1h=hour - read,
            writes=tuple((keys[mark], parts[mark].ttl_s) for mark in new),
        )

    def begin(self, account: Account, now_s: float) -> None:
        """Make readable what the request wrote: its reply begins now."""
        for key, ttl_s in account.writes:
            entry = self._entries.get(key)
            if entry is not None and entry.lives(now_s):
                ttl_s = max(ttl_s, entry.ttl_s)  # noqa: PLW2901  a longer life is never cut short
            self._entries[key] = _Entry(ttl_s, now_s)

    def _longest(self, keys: Sequence[bytes], marks: Sequence[int], now_s: float) -> int:
        """Find the place of the longest readable prefix, or -1."""
        for mark in reversed(marks):
            for place in range(mark, max(mark - LOOK_BACK, -1), -1):
                entry = self._entries.get(keys[place])
                if entry is not None and entry.lives(now_s):
                    return place
        return -1

    def _refresh(self, keys: Sequence[bytes], now_s: float) -> None:
        for key in keys:
            entry = self._entries.get(key)
            if entry is not None and entry.lives(now_s):
                entry.used_s = now_s


def _chain(model: str, parts: Sequence[Part]) -> list[bytes]:
    """Give every prefix a digest that no other prefix has."""
    keys: list[bytes] = []
    key = model.encode("utf-8", "surrogatepass")
    for part in parts:
        text = part.raw.encode("utf-8", "surrogatepass")
        key = blake2b(key + b"\0" + text, digest_size=16).digest()
        keys.append(key)
    return keys
