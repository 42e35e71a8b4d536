"""A server as a person configured it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from hashlib import sha256
from typing import TYPE_CHECKING

from hocket.api.tools import Effect
from hocket_plugins.tools.mcp.trouble import Down

if TYPE_CHECKING:
    from collections.abc import Mapping

UNKNOWN = frozenset({Effect.READ_OUTSIDE, Effect.OUTSIDE_EFFECT})
"""What a tool is taken to do that no person said anything about."""
_VARIABLE = re.compile(r"\$\{(?P<name>[A-Za-z_]\w*)(?::-(?P<default>[^}]*))?\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """How it is reached, which of its tools may be used, and what they do.

    Texts may name variables as `${NAME}`: they are filled in when the server is started, so that
    no secret is in a pin or a digest.
    """

    name: str
    origin: str
    """Where it is configured, for a person."""
    command: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict[str, str])
    url: str = ""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    tools: tuple[str, ...] | None = None
    labels: Mapping[str, frozenset[Effect]] = field(default_factory=dict[str, frozenset[Effect]])
    timeout_s: float = 60.0
    start_s: float = 30.0

    @property
    def reached(self) -> str:
        """How it is reached, for a person."""
        return self.url or " ".join(self.command)

    @property
    def source(self) -> str:
        """The digest of how it is reached: what is approved is approved for this alone."""
        parts = [[*self.command], dict(self.variables), self.url, dict(self.headers)]
        return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()

    @property
    def needs(self) -> frozenset[str]:
        """Name the variables that its process gets beside the usual ones."""
        texts = (*self.command, *self.variables.values())
        found = (name["name"] for text in texts for name in _VARIABLE.finditer(text))
        return frozenset((*self.variables, *found))

    def lets(self, tool: str) -> bool:
        """Say whether agents may use this tool of it at all."""
        return self.tools is None or any(fnmatchcase(tool, one) for one in self.tools)

    def effects(self, tool: str) -> frozenset[Effect]:
        """Give what the tool does, as a person said; a server's own hints do not count."""
        return self.labels.get(tool, UNKNOWN)


def filled(text: str, environ: Mapping[str, str]) -> str:
    """Put variables where `${NAME}` or `${NAME:-otherwise}` stands; raises Down without one."""

    def value(found: re.Match[str]) -> str:
        given = environ.get(found["name"]) or found["default"]
        if given is None:
            raise Down(f"the variable {found['name']} is not set")
        return given

    return _VARIABLE.sub(value, text)
