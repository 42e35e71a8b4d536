"""Backends: each runs one whole call."""

from __future__ import annotations
