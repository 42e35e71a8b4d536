"""Repositories that were made for other programs, seen as registries that are only read."""

from __future__ import annotations
