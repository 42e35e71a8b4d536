"""What an install has decided to do, written down before it does any of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, TypedDict, cast

from hocket.registry.receipts.receipt import Place

if TYPE_CHECKING:
    from hocket.registry.installing.looking import Listing

FILE = "intent.json"


@dataclass(frozen=True, slots=True)
class Move:
    """A target with what it is to become, and what hocket put there before."""

    place: Place
    path: str
    new: Listing | None
    """None: it is removed."""
    digest: str
    """Of the tree in the store that it is copied from; empty where it is removed."""
    old: Listing
    """By the receipt; empty: nothing was there."""
    version: str
    """The one that was there, for the name of what a person had edited."""

    @property
    def is_removal(self) -> bool:
        """Whether nothing comes in its place."""
        return self.new is None


@dataclass(frozen=True, slots=True)
class Intent:
    """All moves, the lock they lead to, and the receipts by file name; None: it is deleted."""

    moves: tuple[Move, ...]
    lock: str
    receipts: dict[str, str | None]


class _Move(TypedDict):
    place: str
    path: str
    new: dict[str, list[str]] | None
    digest: str
    old: dict[str, list[str]]
    version: str


class _Intent(TypedDict):
    moves: list[_Move]
    lock: str
    receipts: dict[str, str | None]


def dump(intent: Intent) -> bytes:
    """Write it; equal intents give equal bytes."""
    moves = [
        {
            "place": one.place.value,
            "path": one.path,
            "new": one.new,
            "digest": one.digest,
            "old": one.old,
            "version": one.version,
        }
        for one in intent.moves
    ]
    told = {"moves": moves, "lock": intent.lock, "receipts": intent.receipts}
    return json.dumps(told, sort_keys=True).encode()


def read(content: bytes) -> Intent:
    """Read what `dump` wrote; whoever calls knows by its seal that it did."""
    told = cast("_Intent", json.loads(content))
    return Intent(tuple(map(_move, told["moves"])), told["lock"], told["receipts"])


def seal(content: bytes) -> str:
    """Give the hash by which the person's own folder knows an intent again."""
    return f"sha256:{sha256(content).hexdigest()}"


def _move(one: _Move) -> Move:
    new, old = one["new"], one["old"]
    return Move(
        place=Place(one["place"]),
        path=one["path"],
        new=None if new is None else _listing(new),
        digest=one["digest"],
        old=_listing(old),
        version=one["version"],
    )


def _listing(told: dict[str, list[str]]) -> Listing:
    return {path: (kind, hashed) for path, (kind, hashed) in told.items()}
