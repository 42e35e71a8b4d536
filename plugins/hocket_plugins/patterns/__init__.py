"""Patterns: named ways to combine calls, each of which states its own error."""

from __future__ import annotations
