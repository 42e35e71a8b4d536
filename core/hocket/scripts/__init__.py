"""Reading, checking and hosting scripts."""

from __future__ import annotations
