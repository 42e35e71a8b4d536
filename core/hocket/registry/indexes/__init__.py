"""What a registry offers, and what it showed before."""

from __future__ import annotations
