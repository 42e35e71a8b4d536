"""What checks said of whole trees, kept beside the journal: a resume goes by the same words."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from hocket.api.branches import Examined
from hocket.engine import keys
from hocket.errors import StorageLost

if TYPE_CHECKING:
    from hocket.api.calls import Check
    from hocket.api.storage import HeldRun
    from hocket.journal.redact import Redactor

FILE = "verdicts.jsonl"


class Verdicts:
    """Checks of trees by tree and command.

    Agents are asked with what a check said. Times and paths in that would be other ones in a
    second run of the check, and agents that were paid for already would be asked again.
    """

    def __init__(self, held: HeldRun, redactor: Redactor) -> None:
        self._held = held
        self._redactor = redactor
        self._known: dict[str, Examined] | None = None

    def find(self, check: Check, tree: str) -> Examined | None:
        """Give what a check said of a tree in this life of the run or an earlier one."""
        if self._known is None:
            self._known = _read(self._held.read(FILE) or b"")
        return self._known.get(_key(check, tree))

    def keep(self, check: Check, tree: str, examined: Examined) -> Examined:
        """Keep it, without secrets, and give it as it is kept; a full disk only forgets it."""
        kept = replace(examined, output=self._redactor.text(examined.output))
        key = _key(check, tree)
        self._known = {**(self._known or {}), key: kept}
        line = json.dumps({"key": key, "passed": kept.passed, "output": kept.output})
        with suppress(StorageLost):
            # A line of its own even where a kill has left half a line.
            self._held.note(FILE, f"\n{line}\n".encode())
        return kept


def _key(check: Check, tree: str) -> str:
    return keys.digest(f"{tree}\n{check.name}\n{check.typed}")


def _read(content: bytes) -> dict[str, Examined]:
    found: dict[str, Examined] = {}
    for line in content.splitlines():
        with suppress(ValueError, TypeError, KeyError):
            kept = json.loads(line)
            found[kept["key"]] = Examined(passed=kept["passed"] is True, output=str(kept["output"]))
    return found
