"""Names that could be taken for others."""

from __future__ import annotations
