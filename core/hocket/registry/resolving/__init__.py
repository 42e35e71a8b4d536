"""Versions that go together."""

from __future__ import annotations
