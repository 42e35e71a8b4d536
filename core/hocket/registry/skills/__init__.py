"""SKILL.md: read as people write it, written as the specification has it."""

from __future__ import annotations
