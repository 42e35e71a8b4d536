"""Decides about tool uses: all policies judge, the strictest verdict holds, a person may answer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hocket.api.approval import Granting, Judgement, Question, Verdict
from hocket.engine import keys
from hocket.engine.decisions import NOBODY, PERSON, POLICY
from hocket.engine.plea import FOR_THE_RUN, Plea

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hocket.api.approval import Policy, Use
    from hocket.api.calls import Call
    from hocket.engine.activity import Activity
    from hocket.engine.decisions import Decisions
    from hocket.engine.questions import Questions

UNATTENDED = "nobody is here to ask, and --yes allows no more than rules and --allow do"


_WALLED = ("Bash(", "Network(")
"""Beneath a ceiling no rule opens the sandbox: without one, each command is asked."""


def judgements(policies: Sequence[Policy], call: Call, use: Use) -> list[Judgement]:
    """Let every policy judge a use, and take the word of those that have one."""
    said = (policy.judge_use(call, use) for policy in policies)
    return [judged for judged in said if judged is not None]


class Uses:
    """One for a run; nobody there to answer means no."""

    def __init__(
        self, policies: Sequence[Policy], questions: Questions, decisions: Decisions
    ) -> None:
        self._policies = policies
        self._decisions = decisions
        self._questions = questions
        self._said_yes: set[tuple[int, str]] = set()

    async def decide(self, call: Call, use: Use, activity: Activity) -> Judgement:
        """Give ALLOW or DENY, with the reason a person and the agent read."""
        decided, by = await self._decided(call, use, activity)
        self._decisions.of_use(call, use, decided, by)
        return decided

    async def _decided(self, call: Call, use: Use, activity: Activity) -> tuple[Judgement, str]:
        judged = judgements(self._policies, call, use)
        verdict = max((each.verdict for each in judged), default=Verdict.ASK)
        reasons = [each.reason for each in judged if each.verdict is verdict and each.reason]
        why = "; ".join(dict.fromkeys(reasons))
        if verdict is not Verdict.ASK:
            return Judgement(verdict, why), POLICY
        decided, by = await self._asked(Plea(call, use, why), activity)
        if decided.verdict is Verdict.ALLOW:
            self._said_yes.add((call.number, use.shown))
        return decided, by

    def refuse(self, call: Call, judged: Judgement) -> None:
        """Write down that a whole call is refused on its way to its agent."""
        self._decisions.of_call(call, judged, POLICY)

    def granted(self, call: Call, use: str) -> bool:
        """Say whether a person's own rule or answer names a use of this call."""
        if call.options.ceiling is not None and use.startswith(_WALLED):
            return False
        if (call.number, use) in self._said_yes:
            return True
        knowing = [policy for policy in self._policies if isinstance(policy, Granting)]
        return bool(knowing) and all(policy.granted(use) for policy in knowing)

    async def ask(
        self, call: Call, text: str, options: tuple[str, ...], *, activity: Activity
    ) -> str | None:
        """Ask a person in a call's name, whose slot is free and whose time stands still."""
        digest = keys.digest(f"{call.key}\n{text}")
        return await self._put(
            Question(kind="use", text=text, digest=digest, options=options), activity
        )

    async def _asked(self, plea: Plea, activity: Activity) -> tuple[Judgement, str]:
        """Ask about a plea, unless the answer to one like it holds for the whole run."""
        standing = self._questions.known(plea.standing)
        answer = standing or await self._put(plea.question, activity)
        if answer is None and not self._questions.attended:
            return Judgement(Verdict.DENY, f"{plea.reason}; {UNATTENDED}"), NOBODY
        if answer is None:
            return Judgement(Verdict.DENY, "nobody answered"), NOBODY
        if answer.endswith(FOR_THE_RUN) and standing is None:
            self._stand(plea, answer)
        if answer.startswith("allow"):
            return Judgement(Verdict.ALLOW, "a person allowed it"), PERSON
        return Judgement(Verdict.DENY, "a person said no"), PERSON

    async def _put(self, question: Question, activity: Activity) -> str | None:
        """Put a question to whoever is there; what was answered before needs nobody."""
        known = self._questions.known(question.digest)
        if known is not None or not self._questions.attended:
            return known
        async with activity.away():
            return await self._questions.ask(question)

    def _stand(self, plea: Plea, answer: str) -> None:
        """Let an answer hold for the run, and for whoever waits for the same one now."""
        self._questions.keep(replace(plea.question, digest=plea.standing), answer)
        for other in self._questions.open:
            if (other.details or {}).get("standing") == plea.standing:
                self._questions.answer(other.digest, answer)
