"""What the real server refuses, as far as it is documented: each refusal is a 400."""

from __future__ import annotations
