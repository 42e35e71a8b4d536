"""Keeps what agents read from steering agents with rights: readers, actors, handles."""

from __future__ import annotations
