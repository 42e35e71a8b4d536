"""Screens: pure functions that see texts and tell bounded values about them, at no cost."""

from __future__ import annotations
