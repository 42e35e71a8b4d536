"""A call in its tree: made before its agent begins, brought home after it, whatever happened."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from hocket.api.calls import EndState, Outcome
from hocket.api.events import Logged
from hocket.errors import HocketError, StorageLost

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from hocket.api.calls import Call
    from hocket.api.events import Event
    from hocket.api.tools import Workspace
    from hocket.engine.grounds import Opening

    Work = Callable[[Workspace], Awaitable[Outcome]]

LEFT = "workspace: what the agent changed could not be brought home; its tree stays"
_NO_TREE = "isolation"
"""Who says that a call can have no tree of its own here."""


class Housing:
    """One call's stay in its tree."""

    def __init__(self, call: Call, opening: Opening, tell: Callable[[Event], None]) -> None:
        self._call = call
        self._opening = opening
        self._tell = tell

    async def stay(self, work: Work) -> Outcome:
        """Do the work in the tree; what goes wrong with a tree is an end of the call."""
        outcome = None
        try:
            async with self._opening as workspace:
                outcome = await work(workspace)
        except StorageLost:
            raise
        except (HocketError, OSError) as trouble:
            return self._troubled(trouble, outcome)
        except asyncio.CancelledError:
            self._tell_kept()
            raise
        changes = self._opening.changes
        return outcome if changes is None else replace(outcome, changes=changes)

    def _troubled(self, trouble: HocketError | OSError, outcome: Outcome | None) -> Outcome:
        if isinstance(trouble, OSError):
            trouble = HocketError("workspace", found=trouble.strerror or type(trouble).__name__)
        self._say(" ".join(filter(None, (trouble.message, trouble.hint))))
        if outcome is None:
            state = EndState.REFUSED if trouble.who == _NO_TREE else EndState.ERROR
            return Outcome(state, cause=f"{trouble.who}: {trouble.found}")
        if outcome.state is not EndState.OK:
            return replace(outcome, notes=(*outcome.notes, LEFT))
        # Without its changes the answer says that something was done which is nowhere.
        return replace(outcome, state=EndState.ERROR, value=None, cause=LEFT, partial=outcome.value)

    def _tell_kept(self) -> None:
        changes = self._opening.changes
        if changes is not None:
            place = changes.get("branch") or f"artifact {changes.get('patch')}"
            self._say(f"it was cut off; what it had changed is kept: {place}")

    def _say(self, text: str) -> None:
        self._tell(Logged(f"{self._call.label}: {text}", "warn"))
