"""Signatures by ssh keys: files of signers, what was signed, and whether it holds."""

from __future__ import annotations
