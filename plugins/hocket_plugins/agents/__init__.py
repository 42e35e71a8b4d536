"""Agent types that nobody wrote a plugin for."""

from __future__ import annotations
