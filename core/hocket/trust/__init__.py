"""What a person trusts of what comes with a folder: pinned to what they were shown."""

from __future__ import annotations
