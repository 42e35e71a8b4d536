"""Worlds with a known truth, and scripted agents who err on order: for figures without a judge."""

from __future__ import annotations
