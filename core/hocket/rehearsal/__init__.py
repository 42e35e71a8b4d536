"""Rehearsals: a script played through in memory with agents on order, before anybody pays."""

from __future__ import annotations
