"""The forms that values take in every file of a registry."""

from __future__ import annotations
