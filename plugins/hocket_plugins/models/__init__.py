"""Model providers: one turn of a model, streamed."""

from __future__ import annotations
