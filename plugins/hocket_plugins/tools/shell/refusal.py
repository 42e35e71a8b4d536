"""Why a command is not run, and whether a person's rule names a use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from hocket.api.tools import ToolContext


class Refusal(Exception):
    """The reason, in words for a model."""


@runtime_checkable
class Grants(Protocol):
    """A context that knows a person's rules."""

    def granted(self, use: str) -> bool:
        """Say whether a person's rule or answer names this use."""
        ...


def is_granted(context: ToolContext, use: str) -> bool:
    """Say whether a person's rule or answer names this use; without rules nothing is."""
    return isinstance(context, Grants) and context.granted(use)
