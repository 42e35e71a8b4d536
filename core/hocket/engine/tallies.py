"""Counts what each script of a run asks for: a bundle's cap holds for all that it starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hocket.api.scripts import Script


class Tally:
    """One for a start of a script; its calls count for whoever started it as well."""

    __slots__ = ("_above", "asked", "most", "who")

    def __init__(self, most: int | None = None, who: str = "", above: Tally | None = None) -> None:
        self.most, self.who, self._above = most, who, above
        self.asked = 0

    @classmethod
    def of(cls, script: Script, above: Tally | None) -> Tally:
        """Make the one of a script: its bundle's cap, and no cap where nothing is declared."""
        ceiling = script.ceiling
        most = ceiling.agents if ceiling is not None and ceiling.is_declared else None
        return cls(most, script.bundle or script.manifest.name, above)

    def count(self) -> Tally | None:
        """Count a call here and above; gives the one whose cap is used up by now."""
        full = self._above.count() if self._above is not None else None
        self.asked += 1
        is_full = self.most is not None and self.asked > self.most
        return self if is_full else full

    def __str__(self) -> str:
        """Say whose cap is used up."""
        return f"{self.most} of {self.most} agents that {self.who} may ask for are used"


UNCOUNTED = Tally()
"""For calls that no script asked for."""
