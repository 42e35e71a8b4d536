"""Policies: what a call and its tools may do."""

from __future__ import annotations
