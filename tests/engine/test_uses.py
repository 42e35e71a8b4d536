"""Tool uses: the strictest verdict holds, a person may answer, nobody there means no."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from hocket.api.approval import Judgement, Use, Verdict
from hocket.api.tools import Effect
from hocket.testing import After

LISTS = Use("Bash", "Bash(ls)", frozenset({Effect.EXECUTE}), {"command": "ls"})


@pytest.fixture(autouse=True)
def others_are_silent(hocket_project):
    """Block the policy that comes along: these stories choose their own."""
    settings = Path(os.environ["HOCKET_CONFIG_HOME"]) / "config.toml"
    settings.write_text('[plugins]\nblock = ["policies.permissions"]\n')


@dataclass
class Says:
    """A policy that says the same of every use."""

    name: str
    verdict: Verdict
    reason: str = ""

    def judge(self, _call):
        return Judgement(Verdict.ALLOW)

    def judge_use(self, _call, _use):
        return Judgement(self.verdict, self.reason)


@dataclass
class Uses:
    """An agent that wants to use a tool, and tells what it was told."""

    told: list[Judgement] = field(default_factory=list)

    async def obey(self, _call, context):
        self.told.append(await context.decide(LISTS))
        return "done"


@dataclass
class Person:
    """Somebody who answers after a while; None: nobody is at the keyboard."""

    says: str | None
    after_s: float = 0.0
    asked: list[str] = field(default_factory=list)

    async def answer(self, question):
        self.asked.append(question.text)
        await asyncio.sleep(self.after_s)
        return self.says


NOBODY = "nobody is here to ask, and --yes allows no more than rules and --allow do"
ALLOW, ASK, DENY = Verdict.ALLOW, Verdict.ASK, Verdict.DENY


@pytest.mark.parametrize(
    ("verdicts", "allowed", "reason"),
    [
        ([(ALLOW, "a rule")], True, "a rule"),
        ([(ALLOW, "a rule"), (DENY, "never")], False, "never"),
        ([(DENY, "never"), (ASK, "who knows")], False, "never"),
        ([(ALLOW, "a rule"), (ASK, "who knows")], False, f"who knows; {NOBODY}"),
        ([(ASK, "a"), (ASK, "b"), (ASK, "a"), (ASK, "")], False, f"a; b; {NOBODY}"),
        ([], False, f"no rule allows it; allow it with Bash(ls); {NOBODY}"),
    ],
)
def test_of_all_verdicts_the_strictest_holds(theatre, verdicts, allowed, reason):
    policies = [Says(f"p{n}", *verdict) for n, verdict in enumerate(verdicts)]
    agent = Uses()

    theatre.play("await agent('x')", {"": agent}, offers={"policies": policies})

    (told,) = agent.told
    assert (told.verdict is ALLOW, told.reason) == (allowed, reason)


@pytest.mark.parametrize(
    ("says", "verdict", "reason"),
    [
        ("allow", ALLOW, "a person allowed it"),
        ("deny", DENY, "a person said no"),
        (None, DENY, "nobody answered"),
    ],
)
def test_a_person_is_asked_with_the_reason(theatre, says, verdict, reason):
    agent, person = Uses(), Person(says)

    theatre.play(
        "await agent('x', label='lister')",
        {"": agent},
        approver=person,
        offers={"policies": [Says("p", ASK, "it runs a program")]},
    )

    assert person.asked == ["lister wants Bash(ls): it runs a program"]
    assert agent.told == [Judgement(verdict, reason)]


def test_while_a_person_thinks_clock_and_slot_are_free(theatre):
    agent, person = Uses(), Person("allow", after_s=3600.0)

    outcome = theatre.play(
        "return await parallel([agent('asks', timeout=5), agent('works')])",
        {"asks": agent, "works": After(10.0, "x")},
        approver=person,
        flags={"concurrency": 1},
    )

    assert outcome.result == ["done", "x"]
    assert person.asked == ["asks wants Bash(ls): no rule allows it; allow it with Bash(ls)"]
    assert outcome.report["elapsed_s"] == 3600.0


def test_what_was_decided_is_not_asked_again_in_a_later_life(theatre):
    agent, there, gone = Uses(), Person("allow"), Person(None)

    before = theatre.play("await agent('x')\nraise ValueError", {"": agent}, approver=there)
    after = theatre.again(
        before, {"": agent}, approver=gone, body="return await agent('x', label='l')"
    )
    other = theatre.again(
        after, {"": agent}, approver=gone, body="await agent('x')\nawait agent('x')"
    )

    assert (before.status, after.result, other.status) == ("failed", "done", "completed")
    assert len(there.asked) == 1
    assert gone.asked == []
    assert [told.verdict for told in agent.told] == [ALLOW, ALLOW]
