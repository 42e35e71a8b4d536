"""Why a tool of a server cannot be used."""

from __future__ import annotations


class Down(Exception):
    """The server failed: it died, hung, or talked nonsense. The reason, in words for a model."""


class Refusal(Exception):
    """The server may not be used: nobody approved what it offers now, or it is off."""
