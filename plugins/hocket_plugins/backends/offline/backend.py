"""The backend that needs no model: it goes by the role and the item of a call, never by prose."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from hocket.api.calls import Bound, EndState, Outcome, Usage
from hocket.api.tools import Label
from hocket_plugins.backends.offline import extracting, grouping, holding, research, voting, writing
from hocket_plugins.backends.offline.desk import Desk
from hocket_plugins.backends.offline.fitting import fitted
from hocket_plugins.backends.offline.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic import JsonValue

    from hocket.api.calls import Call
    from hocket.api.protocols import CallContext
    from hocket.api.tools import Workspace

CANNOT = "offline cannot do this"
MISFIT = "offline: its answer does not fit the schema of the call"
ANSWERS: Mapping[str, Callable[[Desk], JsonValue]] = {
    "angles": research.angles,
    "search": research.search,
    "read": research.read,
    "search-read": research.search_read,
    "critic": research.critic,
    "statements": extracting.statements,
    "evidence": holding.evidence,
    "vote": voting.vote,
    "synthesize": writing.synthesize,
    "same": grouping.same,
    "relation": grouping.relation,
}


class OfflineBackend:
    """Quotes sentences of the files a call may read; what it says depends on these and its item.

    Nothing about earlier calls is needed, so a resume goes on as if nothing had been.
    """

    name = "offline"
    has_workspace = False
    checks_pass = False
    extractive = True
    """Its answers are quotes: reports have to say so."""
    roles = frozenset(ANSWERS)
    """What it can answer; a call of any other role ends as an error."""

    def __init__(self) -> None:
        self._shelf = Shelf()

    def bound(self, call: Call) -> Bound:  # noqa: ARG002  (no call costs anything)
        """Cost nothing."""
        return Bound(0)

    async def run(self, call: Call, context: CallContext) -> Outcome:
        """Answer by the rules of the call's role."""
        context.spend(Usage())
        answer = ANSWERS.get(call.options.role or "")
        if answer is None:
            return Outcome(EndState.ERROR, cause=CANNOT)
        workspace = context.tools.workspace
        context.progress("reading files")
        value, label = await asyncio.to_thread(self._answered, answer, call, workspace)
        context.reads(label)
        said = await context.submit(value)
        if not said.accepted:
            return Outcome(EndState.INVALID, cause=MISFIT, label=label)
        return Outcome(EndState.OK, value, label=label)

    async def aclose(self) -> None:
        """Nothing is held open."""

    def _answered(
        self, answer: Callable[[Desk], JsonValue], call: Call, workspace: Workspace
    ) -> tuple[JsonValue, Label]:
        """Answer in a thread: a folder may be large. Words of files are words from outside."""
        desk = Desk(call.options.item, self._shelf.library(workspace), workspace.path)
        value = fitted(answer(desk), call.options.schema)
        return value, Label(outside=True, sources=frozenset(desk.used))
