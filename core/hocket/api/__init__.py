"""The contract: all that a plugin may import, beside `hocket.errors`."""

from __future__ import annotations
