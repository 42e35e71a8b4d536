"""Where a server is started, and what it gets to see."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hocket_plugins.tools.mcp.child import Order
from hocket_plugins.tools.mcp.server import filled

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from hocket_plugins.tools.mcp.server import Server

VISIBLE = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TERM", "TZ", "HOME", "TMPDIR")
"""The variables of a server that is started by a command and not in a run."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A folder, variables, and the mark of whom the process belongs to."""

    folder: Path
    environment: Mapping[str, str]
    mark: str
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    """Where the variables are taken from that a person named for the server."""

    @classmethod
    def of_a_command(cls, folder: Path, server: str) -> Surroundings:
        """Give what there is outside of a run."""
        seen = {name: os.environ[name] for name in VISIBLE if name in os.environ}
        return cls(folder, seen, f"command/{os.getpid()}/mcp/{server}")

    def order(self, server: Server) -> Order:
        """Make the order that starts a server; raises Down when a variable is not set."""
        command = tuple(filled(word, self.environ) for word in server.command)
        return Order(
            command, self.folder, {**self.environment, **self.filled(server.variables)}, self.mark
        )

    def filled(self, texts: Mapping[str, str]) -> dict[str, str]:
        """Fill variables in; raises Down when one is not set."""
        return {name: filled(text, self.environ) for name, text in texts.items()}
