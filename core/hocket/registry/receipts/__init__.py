"""What was installed, and what was agreed to."""

from __future__ import annotations
