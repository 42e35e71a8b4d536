"""Archives by their hash: what is kept is looked at again each time it is used."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

from hocket.api.inert import visible
from hocket.registry.sources.downloads import download
from hocket.registry.sources.failing import offline, on_disk, refused

if TYPE_CHECKING:
    import httpx2

    from hocket.registry.sources.limits import Limits


@dataclass(frozen=True, slots=True)
class Archives:
    """The archives of a cache, and the way to those that are not there."""

    folder: Path
    limits: Limits
    offline: bool
    transport: httpx2.BaseTransport | None = None

    def get(self, url: str, sha256: str) -> bytes:
        """Give the archive with that hash; raises PackageRefused if the address has another."""
        with suppress(FileNotFoundError):
            kept = (self.folder / sha256).read_bytes()
            if _hash(kept) == sha256:
                return kept
        if self.offline:
            raise offline(visible(url), "it")
        raw = download(url, self.limits, self.transport)
        if (found := _hash(raw)) != sha256:
            raise refused(visible(url), f"has sha256:{found}, not sha256:{sha256}")
        self._keep(url, sha256, raw)
        return raw

    def newest(self, url: str) -> tuple[str, bytes]:
        """Fetch what an address has now, with its hash; offline what it had last."""
        note = self.folder / f"at-{_hash(url.encode())}"
        if self.offline:
            try:
                known = note.read_text("ascii")
            except FileNotFoundError as cause:
                raise offline(visible(url), "it") from cause
            return known, self.get(url, known)
        raw = download(url, self.limits, self.transport)
        found = _hash(raw)
        self._keep(url, found, raw)
        self._keep(url, note.name, found.encode())
        return found, raw

    def _keep(self, url: str, name: str, content: bytes) -> None:
        with on_disk(url):
            self.folder.mkdir(parents=True, exist_ok=True)
            with NamedTemporaryFile(dir=self.folder, prefix=".new-", delete=False) as file:
                file.write(content)
            Path(file.name).replace(self.folder / name)


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
