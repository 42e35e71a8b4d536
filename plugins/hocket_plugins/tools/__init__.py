"""Tools: what an agent can do to files, in a shell, and beyond."""

from __future__ import annotations
