"""Branches for patterns: their checks are the script's own, under the same rules as a call's."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from hocket.api.branches import Examined, Put
from hocket.engine import examination
from hocket.engine.verdicts import Verdicts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractAsyncContextManager

    from hocket.api.branches import Branch
    from hocket.api.calls import Call, Check
    from hocket.api.tools import Workspace
    from hocket.engine.lending import Lending
    from hocket.engine.requests import Surroundings
    from hocket.engine.services import Services

WHO = "integrate"


class Branching:
    """Opens the branches of a run."""

    def __init__(self, services: Services, lending: Lending) -> None:
        self._services = services
        self._lending = lending
        self._verdicts = Verdicts(services.held, services.redactor)

    def open(
        self, around: Surroundings, base: str, name: str | None
    ) -> AbstractAsyncContextManager[Branch]:
        """Open a branch; where agents have no files, one that is only imagined."""
        if not self._services.backend.has_workspace:
            return nullcontext(Imagined())
        return self._lending.grounds.branch(base, name, partial(self._examine, around))

    async def _examine(
        self, around: Surroundings, name: str, workspace: Workspace, tree: str
    ) -> Examined:
        """Run a check by its name; raises TypeError for a name that the script does not declare."""
        check = around.checks.get(name)
        if check is None:
            known = ", ".join(sorted(around.checks)) or "none"
            raise TypeError(f'agent(check): "{name}" is not in meta.checks; known: {known}')
        if self._services.backend.checks_pass:
            return Examined(passed=True)
        asker = examination.asker(WHO, check, around)
        refusal = await examination.refusal(asker, check, self._lending)
        if refusal is not None:
            return Examined(passed=False, refusal=refusal)
        said = None if self._services.policies.fresh else self._verdicts.find(check, tree)
        return said or await self._ran(check, asker, workspace, tree)

    async def _ran(self, check: Check, asker: Call, workspace: Workspace, tree: str) -> Examined:
        grounds, uses = self._lending.grounds, self._lending.uses
        mark = f"{grounds.mark}/{workspace.branch}/check"
        workspace = replace(workspace, ceiling=asker.options.ceiling)
        ran = await grounds.check(check, workspace, mark, partial(uses.granted, asker))
        return self._verdicts.keep(check, tree, Examined(ran.code == 0, ran.output))


class Imagined:
    """A branch of a dry run: nothing is made, everything fits and passes."""

    obstacle: str | None = None
    name = base = head = ""

    async def files(self, _patch: str) -> tuple[str, ...]:
        """Touch nothing."""
        return ()

    async def put(self, _patch: str) -> Put:
        """Take it."""
        return Put(clean=True)

    async def commit(self, messages: Sequence[str]) -> tuple[str, ...]:
        """Take them."""
        return tuple(self.head for _ in messages)

    async def undo(self) -> None:
        """Do nothing."""

    async def back_to(self, _commit: str) -> None:
        """Do nothing."""

    async def check(self, _name: str) -> Examined:
        """Pass."""
        return Examined(passed=True)
