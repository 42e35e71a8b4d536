"""Advice about the text of a package: what a person should see before they agree."""

from __future__ import annotations
