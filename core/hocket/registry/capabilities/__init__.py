"""What a bundle may do at most: read, compared, wished for."""

from __future__ import annotations
