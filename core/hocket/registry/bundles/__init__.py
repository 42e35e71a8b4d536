"""A bundle: its manifest, and whether all that is said of it agrees."""

from __future__ import annotations
