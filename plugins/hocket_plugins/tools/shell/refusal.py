"""Why a command is not run."""

from __future__ import annotations


class Refusal(Exception):
    """The reason, in words for a model, and without any word of the command or the machine."""

    def __init__(self, reason: str, status: str) -> None:
        super().__init__(reason)
        self.status = f"not run: {status}"
