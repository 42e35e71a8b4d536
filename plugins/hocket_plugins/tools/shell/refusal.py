"""Why a command is not run."""

from __future__ import annotations


class Refusal(Exception):
    """The reason, in words for a model."""
