"""Approvals a person gave for good: pinned to the digest of what was shown."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING

from hocket import paths

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import JsonValue


class Approvals:
    """The digests a person said "always" to; a changed script has another digest."""

    def __init__(self, folder: Path | None = None) -> None:
        self._file = (folder or paths.user_data()) / "approvals.json"

    def holds(self, digest: str) -> bool:
        """Whether this very script was approved for good."""
        return digest in self._read()

    def pin(self, digest: str, name: str) -> None:
        """Approve this very script for good; raises OSError where nothing can be kept."""
        self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = self._file.with_suffix(f".{os.getpid()}.new")
        with suppress(FileNotFoundError):
            draft.unlink()
        # Made anew and for nobody else: not through a link that somebody left there.
        made = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(made, "w", encoding="utf-8") as file:
            json.dump({**self._read(), digest: name}, file, indent=1)
        os.replace(draft, self._file)  # noqa: PTH105  (the rename is the point)

    def _read(self) -> dict[str, str]:
        """Read what was pinned; a file that is damaged approves nothing."""
        try:
            pinned: JsonValue = json.loads(self._file.read_text("utf-8"))
        except (OSError, ValueError, RecursionError):
            return {}
        return (
            {digest: str(name) for digest, name in pinned.items()}
            if isinstance(pinned, dict)
            else {}
        )
