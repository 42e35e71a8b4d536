"""From what was typed to a running run: wires scripts, plugins, settings and the engine."""

from __future__ import annotations
