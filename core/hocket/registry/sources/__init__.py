"""Bytes in: folders, git repositories and archives, read without running anything of theirs."""

from __future__ import annotations
