"""Reads shell lines as strictly as an allow rule does."""

from __future__ import annotations
