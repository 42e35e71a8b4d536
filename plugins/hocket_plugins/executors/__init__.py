"""Executors: where calls run."""

from __future__ import annotations
