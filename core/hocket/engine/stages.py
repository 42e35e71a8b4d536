"""The onion around every call: its order is decided here, and nowhere else."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hocket.api.approval import Judgement, Question, Verdict
from hocket.api.calls import EndState, Outcome, Usage
from hocket.api.tools import TRUSTED
from hocket.engine import keys
from hocket.engine.decisions import NOBODY, PERSON, POLICY

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from hocket.api.approval import Policy
    from hocket.api.calls import Call
    from hocket.api.ceiling import Ceiling
    from hocket.api.protocols import Proceed, Router, Stage
    from hocket.api.tools import Label
    from hocket.engine.decisions import Decisions

    Ask = Callable[[Question], Awaitable[str | None]]

POLICIES, APPROVAL, ROUTING, CACHE = 100, 200, 300, 400
"""Positions of the core's own stages; a plugin's stage takes any number between or around."""


NOTHING = Usage()


@dataclass(slots=True)
class Tries:
    """How often the stages let one call run, and what all of that used."""

    count: int = 0
    turns: int = 0
    usage: Usage = NOTHING
    effects: bool = False
    """Whether any of them may have had effects: a later one without does not undo that."""
    label: Label = TRUSTED
    """Where all comes from that any of them read: a stage may hand on what an earlier one said."""
    ceiling: Ceiling | None = None
    """What the call was asked under; no stage can change that."""

    def held(self, call: Call) -> Call:
        """Give a call as stages left it, under the ceiling it was asked under."""
        if call.options.ceiling == self.ceiling:
            return call
        return replace(call, options=replace(call.options, ceiling=self.ceiling))

    def labelled(self, outcome: Outcome) -> Outcome:
        """Let an outcome carry the labels of all tries."""
        label = outcome.label | self.label
        return outcome if label == outcome.label else replace(outcome, label=label)

    def summed(self, outcome: Outcome) -> Outcome:
        """Let an outcome carry what every try used, whichever of them it came from."""
        if self.count == 0 or (self.count == 1 and outcome.usage == self.usage):
            return outcome
        return replace(outcome, usage=self.usage, tries=max(self.turns, self.count))


_TRIES: ContextVar[Tries] = ContextVar("tries")
"""Set anew wherever a call enters the onion, and shared by all tasks that its stages start."""


def tries() -> Tries:
    """Give the tries of the call that runs in this task."""
    return _TRIES.get()


def compose(stages: Sequence[Stage], innermost: Proceed) -> Proceed:
    """Wrap `innermost` so that the stage with the lowest position is entered first.

    A stage may proceed more than once: what the call came to then counts the usage of all.
    """
    proceed = innermost
    for stage in sorted(stages, key=lambda stage: (stage.position, stage.name), reverse=True):
        proceed = _wrapped(stage, proceed)

    async def begin(call: Call) -> Outcome:
        begun = Tries(ceiling=call.options.ceiling)
        _TRIES.set(begun)
        return begun.summed(await proceed(call))

    return begin


def _wrapped(stage: Stage, proceed: Proceed) -> Proceed:
    async def enter(call: Call) -> Outcome:
        return tries().labelled(await stage(call, proceed))

    return enter


class PolicyStage:
    """Lets all policies judge a call; the strictest verdict holds, and `ask` needs a person."""

    name = "policies"
    position = POLICIES

    def __init__(self, policies: Sequence[Policy], ask: Ask, decisions: Decisions) -> None:
        self._policies = policies
        self._ask = ask
        self._decisions = decisions

    async def __call__(self, call: Call, proceed: Proceed) -> Outcome:
        """Refuse, ask or proceed."""
        judged = self._strictest(call)
        if judged is None or judged.verdict is Verdict.ALLOW:
            return await proceed(call)
        decided, by = judged, POLICY
        if judged.verdict is Verdict.ASK:
            decided, by = await self._asked(call, judged)
        self._decisions.of_call(call, decided, by)
        if decided.verdict is Verdict.ALLOW:
            return await proceed(call)
        return Outcome(EndState.REFUSED, cause=decided.reason)

    def _strictest(self, call: Call) -> Judgement | None:
        verdicts = [policy.judge(call) for policy in self._policies]
        return max(verdicts, key=lambda judgement: judgement.verdict, default=None)

    async def _asked(self, call: Call, judged: Judgement) -> tuple[Judgement, str]:
        """Ask a person, who sees all that the answer is about."""
        text = f"{call.label}: {judged.reason}" + (f"\n\n{judged.shown}" if judged.shown else "")
        pin = keys.digest(f"{call.key}\n{judged.reason}\n{judged.shown}")
        question = Question(kind="call", text=text, digest=pin, options=("allow", "deny"))
        answer = await self._ask(question)
        verdict = Verdict.ALLOW if answer == "allow" else Verdict.DENY
        why = _WHY.get(answer or "", "nobody is here to allow it")
        return Judgement(verdict, f"{judged.reason}; {why}"), PERSON if answer else NOBODY


_WHY = {"allow": "a person allowed it", "deny": "a person said no"}


class RouteStage:
    """Asks the router for a model and effort; what the script named itself wins."""

    name = "routing"
    position = ROUTING

    def __init__(self, router: Router) -> None:
        self._router = router

    async def __call__(self, call: Call, proceed: Proceed) -> Outcome:
        """Fill in what the script left open; key and occurrence stay as requested."""
        options = call.options
        if options.model is not None and options.effort is not None:
            return await proceed(call)
        route = await self._router.route(call)
        if route.model is None and route.effort is None:
            return await proceed(call)
        routed = replace(
            options,
            model=options.model or route.model,
            effort=options.effort or route.effort,
        )
        return await proceed(replace(call, options=routed))
