"""The check of one call: a command that its answer must survive, in the tree it worked in."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from hocket.api.approval import Use, Verdict
from hocket.api.calls import Call
from hocket.api.events import Logged
from hocket.api.tools import Effect
from hocket.engine import ceilings
from hocket.engine.uses import judgements

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator

    from hocket.answers.submissions import Submissions
    from hocket.api.calls import Check, Submission
    from hocket.api.events import Event
    from hocket.api.tools import Workspace
    from hocket.engine.grounds import Ran
    from hocket.engine.lending import Lending
    from hocket.engine.requests import Surroundings

    RunCheck = Callable[[Check], Awaitable[Ran]]

SHELL = "Bash"
SHARED = "calls with checks share one tree, and their checks see each other's edits"


class Examination:
    """Runs the check on every answer that fits, until one passes."""

    def __init__(self, check: Check | None, submissions: Submissions, run: RunCheck) -> None:
        self._check = check
        self._submissions = submissions
        self._run = run

    async def of(self, said: Submission) -> Submission:
        """Take an accepted answer back if it does not survive."""
        check = self._check
        if check is None or not said.accepted:
            return said
        try:
            ran = await self._run(check)
        except BaseException:
            # Nobody knows whether it would have passed, so the answer does not stand.
            self._submissions.accepted = False
            raise
        if ran.code:
            return self._submissions.failed_check(check, ran.code, ran.output)
        self._check = None
        return said


class Neighbours:
    """Tells once that calls with checks work in one tree at the same time."""

    def __init__(self, tell: Callable[[Event], None]) -> None:
        self._tell = tell
        self._there = 0
        self._told = False

    @contextmanager
    def beside(self, call: Call, workspace: Workspace) -> Generator[None]:
        """Count a call as long as it works."""
        counts = call.options.check is not None and workspace.kind == "shared"
        self._there += counts
        if self._there > 1 and not self._told:
            self._told = True
            self._tell(Logged(SHARED, "note"))
        try:
            yield
        finally:
            self._there -= counts


async def refusal(call: Call, check: Check, lending: Lending) -> str | None:
    """Say why a call's check may not run, before anything is spent on the call.

    The card showed the command and a person agreed to it, so nobody is asked again; what a
    rule denies stays denied, and without a sandbox a rule has to name it.
    """
    shown, arguments = f"{SHELL}({check.typed})", {"command": check.typed}
    use = Use(SHELL, shown, frozenset({Effect.EXECUTE}), arguments)
    asked, ceiling = _as_person(call), call.options.ceiling
    reason = ceilings.against_check(ceiling, check)
    if reason is None and not call.key and ceiling is not None and not ceiling.is_declared:
        reason = ceilings.UNDECLARED
    if reason is not None:
        return f'check "{check.name}": {reason}'
    for judged in judgements(lending.policies, asked, use):
        if judged.verdict is Verdict.DENY:
            return f'check "{check.name}": {judged.reason or "a policy denies it"}'
    reason = await lending.grounds.obstacle(check, partial(lending.uses.granted, asked))
    return None if reason is None else f'check "{check.name}": {reason}'


def asker(who: str, check: Check, around: Surroundings) -> Call:
    """Give the call in whose name a pattern runs a check; about it nobody can be asked."""
    return Call(0, "", 0, "", who, options=replace(around.defaults, check=check))


def _as_person(call: Call) -> Call:
    """Give the call without what narrows its agent: a check is the script's, not the agent's."""
    plain = replace(call.options, tools=None, disallowed_tools=(), inputs=(), untrusted=False)
    return replace(call, prompt="", options=plain)
