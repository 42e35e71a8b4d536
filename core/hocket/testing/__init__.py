"""Public doubles: test a script or a plugin offline."""

from __future__ import annotations
