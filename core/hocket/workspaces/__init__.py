"""Workspaces: the tree a call works in, what it changed there, and the commands run in it."""

from __future__ import annotations
