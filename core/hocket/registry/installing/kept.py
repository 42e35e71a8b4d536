"""The receipts of a scope, as they are on the disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.errors import HocketError, StructureError
from hocket.registry.receipts import reading
from hocket.registry.receipts.receipt import file_name

if TYPE_CHECKING:
    from pathlib import Path

    from hocket.registry.receipts.receipt import Receipt
    from hocket.registry.scopes import Scope


class Kept:
    """Reads at every call; a damaged receipt does not hide the others."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self.problems: tuple[str, ...] = ()
        """What the last reading of all found damaged, a sentence each."""

    def all(self) -> dict[str, Receipt]:
        """Give all that can be read, by REGISTRY/NAME; the others are in `problems`."""
        receipts: dict[str, Receipt] = {}
        problems: list[str] = []
        for path in sorted(self._scope.receipts.glob("[!.]*.toml")):
            try:
                receipt = _read(path)
            except HocketError as error:
                problems.append(error.message)
            else:
                receipts[receipt.name] = receipt
        self.problems = tuple(problems)
        return receipts

    def get(self, key: str) -> Receipt | None:
        """Give one; None: there is none. Raises StructureError if it is damaged."""
        path = self._scope.receipt(key)
        return _read(path) if path.exists() else None


def _read(path: Path) -> Receipt:
    who = f"the receipt {path.name}"
    try:
        receipt = reading.read(path.read_bytes(), who)
    except OSError as cause:
        raise HocketError(who, found=f"it cannot be read: {cause.strerror}") from cause
    if file_name(receipt.name) != path.name:
        found = f"it is of {receipt.name}"
        raise StructureError(who, found=found, hint="Install it again: hocket install --frozen")
    return receipt
