"""The texts that screens compare with: what the run keeps, and files of the project."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

MOST_BYTES = 8 << 20
"""A longer file is no source: a screen reads it as a whole."""
_DIGEST = re.compile(r"(?:sha256:)?([0-9a-f]{64})")


class Sources:
    """Gives the text of a source by its digest or its path; None for anything else."""

    def __init__(
        self, root: Path, load: Callable[[str], bytes | None], roots: Sequence[Path] = ()
    ) -> None:
        self._root = root.resolve()
        self._load = load
        self._grounds = (self._root, *roots)

    def text_of(self, source: str) -> str | None:
        """Read it as it is now; bytes that are no text are replaced, so a quote can still match."""
        digest = _DIGEST.fullmatch(source)
        content = self._load(digest.group(1)) if digest else self._file(source)
        return None if content is None else content.decode("utf-8", "replace")

    def _file(self, source: str) -> bytes | None:
        """Read a file of the project or of a root; a link that leads out is followed first."""
        try:
            file = (self._root / source).resolve()
            inside = any(map(file.is_relative_to, self._grounds)) and file.is_file()
            return file.read_bytes() if inside and file.stat().st_size <= MOST_BYTES else None
        except (OSError, ValueError):
            return None
