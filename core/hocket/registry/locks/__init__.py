"""`hocket.lock`."""

from __future__ import annotations
