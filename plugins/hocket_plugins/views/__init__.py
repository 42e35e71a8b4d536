"""Views: what a person sees of a run."""

from __future__ import annotations
