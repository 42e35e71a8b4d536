"""Whether an answer is one: schemas judged before a call, and what agents submit judged after."""

from __future__ import annotations
