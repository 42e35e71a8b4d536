"""Bundles and registries: read, checked, resolved, locked, kept."""

from __future__ import annotations
