"""Decides about tool uses: all policies judge, the strictest verdict holds, a person may answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.approval import Granting, Judgement, Question, Verdict
from hocket.engine import keys

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hocket.api.approval import Policy, Use
    from hocket.api.calls import Call
    from hocket.engine.activity import Activity
    from hocket.engine.questions import Questions
    from hocket.engine.slots import Slots


class Uses:
    """One for a run; nobody there to answer means no."""

    def __init__(self, policies: Sequence[Policy], questions: Questions, slots: Slots) -> None:
        self._policies = policies
        self._questions = questions
        self._slots = slots
        self._said_yes: set[tuple[int, str]] = set()

    async def decide(self, call: Call, use: Use, activity: Activity) -> Judgement:
        """Give ALLOW or DENY, with the reason a person and the agent read."""
        judged = [policy.judge_use(call, use) for policy in self._policies]
        strictest = max(judged, key=lambda each: each.verdict, default=Judgement(Verdict.ASK))
        if strictest.verdict is not Verdict.ASK:
            return strictest
        return await self._asked(call, use, strictest, activity)

    def granted(self, call: Call, use: str) -> bool:
        """Say whether a person's own rule or answer names a use of this call."""
        if (call.number, use) in self._said_yes:
            return True
        knowing = [policy for policy in self._policies if isinstance(policy, Granting)]
        return bool(knowing) and all(policy.granted(use) for policy in knowing)

    async def ask(
        self, call: Call, text: str, options: tuple[str, ...], *, activity: Activity
    ) -> str | None:
        """Ask a person in a call's name, whose slot is free and whose time stands still."""
        digest = keys.digest(f"{call.key}\n{text}")
        question = Question(kind="use", text=text, digest=digest, options=options)
        if not self._questions.attended:
            return None
        with activity.paused():
            async with self._slots.away():
                return await self._questions.ask(question)

    async def _asked(
        self, call: Call, use: Use, judgement: Judgement, activity: Activity
    ) -> Judgement:
        if not self._questions.attended:
            why = judgement.reason or f"no rule allows {use.shown}, and nobody is here to ask"
            return Judgement(Verdict.DENY, f'{why}; it would be allowed by the rule "{use.shown}"')
        text = f"{call.label} wants {use.shown}: {judgement.reason or 'no rule decides it'}"
        answer = await self.ask(call, text, ("allow", "deny"), activity=activity)
        if answer == "allow":
            self._said_yes.add((call.number, use.shown))
            return Judgement(Verdict.ALLOW, "a person allowed it")
        return Judgement(Verdict.DENY, "a person said no" if answer else "nobody answered")
