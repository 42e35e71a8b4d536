"""Why a tool of a server cannot be used."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NoResult:
    """Why a use that reached the server gave nothing."""

    reason: str
    """In words for a model; a server's own may be among them."""
    status: str
    """In our words alone."""


class Down(Exception):
    """The server failed: it died, hung, or talked nonsense. The reason, in words for a model."""


class Refusal(Exception):
    """The server may not be used: nobody approved what it offers now, or it is off."""
