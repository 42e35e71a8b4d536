"""Signs rows and the index with a key that the registry names as a signer's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.registry.indexes.rows import Signature
from hocket.registry.indexes.statement import INDEX_NAMESPACE, NAMESPACE, statement

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from hocket.registry.indexes.rows import Row


@dataclass(frozen=True, slots=True)
class Pen:
    """A key, and the file of signers that says whose it is."""

    key: Path
    signers: bytes
    revoked: bytes | None
    now: datetime

    def row(self, registry: str, row: Row) -> Signature:
        """Sign the statement of a row; raises PackageRefused for a key of no signer."""
        return self._signed(NAMESPACE, statement(registry, row))

    def index(self, content: bytes) -> bytes:
        """Sign an index."""
        return self._signed(INDEX_NAMESPACE, content).value.encode()

    def _signed(self, namespace: str, message: bytes) -> Signature:
        from hocket.registry.signatures.signing import sign  # noqa: PLC0415
        from hocket.registry.signatures.verifying import find_principal  # noqa: PLC0415

        value = sign(self.key, namespace, message)
        # As strictly as who installs it: a key that expired or was revoked signs nothing.
        who = find_principal(message, value, self.signers, namespace, at=self.now, krl=self.revoked)
        return Signature(who, value)
