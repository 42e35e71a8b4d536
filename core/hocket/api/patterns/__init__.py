"""What a pattern is, and what patterns are made of: arguments, templates, waves, envelopes."""

from __future__ import annotations
