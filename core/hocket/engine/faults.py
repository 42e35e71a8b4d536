"""Errors that a script sees at the await of a host call."""

from __future__ import annotations

from hocket.api.scripts import Fault


class ScriptFault(Exception):
    """A host call ends with an error of this name and message in the script."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.fault = Fault(name, message)
