"""The static checks of Python scripts: S01 to S20 but S19, nothing is run."""

from __future__ import annotations

from hocket.scripts.check.inspection import check

__all__ = ["check"]
