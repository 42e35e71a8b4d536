"""The durable log of a run: what is written, how it is found again, and what is mended."""

from __future__ import annotations
