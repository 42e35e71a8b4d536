"""Plugin packages: trusted Python code, installed by pip or uv into the running environment."""

from __future__ import annotations
