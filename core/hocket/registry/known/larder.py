"""The last good copy of each registry, for `--offline` and for an hour without asking again."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from hocket.registry.forms import names
from hocket.registry.known import durable
from hocket.registry.sources.served import Served

if TYPE_CHECKING:
    from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Copy:
    """What a registry served, and when."""

    served: Served
    at: datetime
    committed: datetime | None = None
    """When its commit was made; None for what needs no such time."""

    def is_older(self, age: timedelta, now: datetime) -> bool:
        """Whether it has to be fetched again; a copy from the future is no copy."""
        return not self.at <= now < self.at + age


def load(path: Path, url: str) -> Copy | None:
    """Read a copy; what is damaged or of another registry can be fetched again, so it is none."""
    try:
        told = cast("dict[str, object]", json.loads(path.read_bytes()))
        files = cast("dict[str, str]", told["files"])
        folder = told["folder"]
        served = Served(
            url=str(told["url"]),
            rev=str(told["rev"]),
            files={name: b64decode(text, validate=True) for name, text in files.items()},
            folder=Path(str(folder)) if folder else None,
        )
        committed = names.time(told["committed"]) if told["committed"] else None
        copy = Copy(served, names.time(told["at"]), committed)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return copy if served.url == url else None


def keep(path: Path, copy: Copy) -> None:
    """Keep a copy in the place of the one before."""
    one = copy.served
    told = {
        "url": one.url,
        "rev": one.rev,
        "folder": str(one.folder) if one.folder else "",
        "at": names.written(copy.at),
        "committed": names.written(copy.committed) if copy.committed else "",
        "files": {name: b64encode(content).decode() for name, content in one.files.items()},
    }
    durable.put(path, json.dumps(told).encode())
