"""Trees of files: read from folders and archives within the rules, and digested."""

from __future__ import annotations
