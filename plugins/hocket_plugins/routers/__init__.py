"""Routers: which model a call gets."""

from __future__ import annotations
