"""Which command is meant: `/name`, `/bundle:command`, or `/registry/bundle:command`."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from hocket.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hocket.launch.commands import Command

NEAREST = 3


@dataclass(frozen=True, slots=True)
class Names:
    """All commands here, by every form that names them."""

    found: Sequence[Command]
    """The strongest first."""
    registry: Callable[[Command], str]
    """Where a bundle came from; empty for what a person wrote by hand."""

    def meant(self, text: str) -> Command | None:
        """Give the command of a form; raises UsageError where two registries share it."""
        typed = text.removeprefix("/")
        bundle, colon, _ = typed.rpartition(":")
        if not colon:
            return next((one for one in self.found if one.answers == typed), None)
        if "/" in bundle:
            return next((one for one in self.found if self._qualified(one) == typed), None)
        exact = [one for one in self.found if one.exact == typed]
        if len({self.registry(one) for one in exact} - {""}) > 1 and self.registry(exact[0]):
            raise self._ambiguous(text, exact)
        return next(iter(exact), None)

    def first(self, command: Command) -> Command:
        """Give the command that has its short name: itself, or who shadows it."""
        return next((one for one in self.found if one.answers == command.answers), command)

    def form(self, command: Command) -> str:
        """Give the shortest form that means this command here; empty: only its path does."""
        forms = (command.answers, command.exact, self._qualified(command))
        return next((f"/{form}" for form in forms if form and self._means(form, command)), "")

    def nearest(self, text: str) -> list[str]:
        """Give the three names that are most like what was typed."""
        typed = text.removeprefix("/")
        known = {one.exact if ":" in typed else one.answers for one in self.found}
        return get_close_matches(typed, sorted(known - {""}), NEAREST, 0.0)

    def _means(self, form: str, command: Command) -> bool:
        try:
            return self.meant(form) is command
        except UsageError:
            return False

    def _qualified(self, command: Command) -> str:
        registry = self.registry(command)
        return f"{registry}/{command.exact}" if registry and command.exact else ""

    def _ambiguous(self, text: str, exact: Sequence[Command]) -> UsageError:
        forms = [f"/{form}" for one in exact if (form := self._qualified(one))]
        return UsageError(
            f"workflow '{text}'",
            found="two registries have a bundle of this name here",
            expected=f"one of {', '.join(dict.fromkeys(forms))}",
            hint="Nothing was started.",
        )
