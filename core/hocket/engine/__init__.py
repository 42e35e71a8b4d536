"""The executor: calls, caps, journal, stages; knows no plugin, no SDK, no terminal."""

from __future__ import annotations
