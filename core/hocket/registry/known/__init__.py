"""The registries a person agreed to: pinned, refreshed, judged by what they showed before."""

from __future__ import annotations
