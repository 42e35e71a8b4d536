"""What a person approved of a server, kept in their own folder."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from secrets import token_hex
from typing import TYPE_CHECKING, NamedTuple

from hocket_plugins.tools.mcp.offer import Offer, digest
from hocket_plugins.tools.mcp.section import is_name

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pydantic import JsonValue

    from hocket_plugins.tools.mcp.server import Server

SCHEMA = 1


class Pin(NamedTuple):
    """The tools of a server as they were approved."""

    offers: tuple[Offer, ...]

    @property
    def digest(self) -> str:
        """Their digest."""
        return digest(self.offers)


@dataclass(frozen=True, slots=True)
class Pins:
    """The pins of all servers: a file for each name, in it a pin for each way to be reached.

    Two projects may call different servers by one name.
    """

    folder: Path | None
    """None: nothing is kept, so nothing is approved."""

    def of(self, server: Server) -> Pin | None:
        """Give what is approved; a file that was damaged or edited approves nothing."""
        try:
            kept = self._read(server.name).get(server.source)
        except (OSError, ValueError):
            return None
        tools = kept.get("tools") if isinstance(kept, dict) else None
        if not isinstance(kept, dict) or not isinstance(tools, list):
            return None
        offers = [Offer.read(one) for one in tools]
        pin = Pin(tuple(one for one in offers if one is not None))
        return pin if kept.get("digest") == pin.digest else None

    def keep(self, server: Server, offers: Iterable[Offer]) -> Pin:
        """Approve these tools of this server; raises OSError."""
        pin = Pin(tuple(offers))
        tools: list[JsonValue] = [{**one.pinned, "claims": dict(one.claims)} for one in pin.offers]
        try:
            kept = self._read(server.name)
        except (OSError, ValueError):
            kept = {}
        self._write(server.name, {**kept, server.source: {"digest": pin.digest, "tools": tools}})
        return pin

    def forget(self, name: str) -> bool:
        """Take back what was approved under a name; False when there was nothing."""
        path = self._path(name)
        if path is None or not path.exists():
            return False
        path.unlink()
        return True

    def names(self) -> list[str]:
        """List the names under which something is approved."""
        if self.folder is None:
            return []
        names = (path.stem for path in (self.folder / "mcp").glob("*.json"))
        return sorted(filter(is_name, names))

    def _path(self, name: str) -> Path | None:
        return None if self.folder is None else self.folder / "mcp" / f"{name}.json"

    def _read(self, name: str) -> dict[str, JsonValue]:
        path = self._path(name)
        if path is None or not path.exists():
            return {}
        told: JsonValue = json.loads(path.read_bytes())
        pins = told.get("pins") if isinstance(told, dict) else None
        return pins if isinstance(pins, dict) else {}

    def _write(self, name: str, pins: dict[str, JsonValue]) -> None:
        path = self._path(name)
        if path is None:
            raise FileNotFoundError
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(f".{token_hex(4)}")
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump({"schema": SCHEMA, "pins": pins}, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
