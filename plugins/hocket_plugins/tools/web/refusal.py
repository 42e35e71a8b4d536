"""Why a web tool does not do what it was asked."""

from __future__ import annotations


class Refusal(Exception):
    """The reason, in words for a model."""
