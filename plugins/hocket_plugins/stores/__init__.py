"""Stores: where runs are kept."""

from __future__ import annotations
