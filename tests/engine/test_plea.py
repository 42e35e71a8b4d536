"""A question about a tool use: asked once, answered for a use or for the run (case A16)."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket.api.approval import Judgement, Use, Verdict
from hocket.api.calls import Call
from hocket.api.tools import Effect, Label
from hocket.engine.control import Control
from hocket.engine.plea import OPTIONS, Plea
from hocket.testing import After

ALLOW, DENY = Verdict.ALLOW, Verdict.DENY
OUTSIDE = Label(outside=True, sources=frozenset({"https://example.org"}))


def use(shown="Bash(make)", label=None, **arguments):
    made = Use(shown.partition("(")[0], shown, frozenset({Effect.EXECUTE}), arguments)
    return made if label is None else Use(made.tool, shown, made.effects, arguments, label)


class Asks:
    """A policy that asks about everything, but denies `rm`."""

    name = "asks"

    def judge(self, _call):
        return Judgement(ALLOW)

    def judge_use(self, _call, use):
        if "rm" in use.shown:
            return Judgement(DENY, "never")
        return Judgement(Verdict.ASK, f"no rule allows it; allow it with {use.shown}")


@pytest.fixture(autouse=True)
def others_are_silent(hocket_project):
    """Block the policy that comes along: these stories choose their own."""
    settings = Path(os.environ["HOCKET_CONFIG_HOME"]) / "config.toml"
    settings.write_text('[plugins]\nblock = ["policies.permissions", "policies.quarantine"]\n')


@dataclass
class Agent:
    """Wants to use tools one after another, and tells what it was told and granted."""

    uses: list[Use] = field(default_factory=lambda: [use()])
    told: list[Verdict] = field(default_factory=list)
    granted: list[bool] = field(default_factory=list)

    async def obey(self, _call, context):
        for each in self.uses:
            self.told.append((await context.decide(each)).verdict)
            self.granted.append(context.tools.granted(each.shown))
        return "done"


@dataclass
class Person:
    """Answers after a while, by a list; at its end nobody is there any more."""

    answers: list[str | None]
    after_s: float = 1.0
    asked: list[str] = field(default_factory=list)
    cancelled: int = 0

    async def answer(self, question):
        self.asked.append(question.text)
        try:
            await asyncio.sleep(self.after_s * len(self.asked))
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        return self.answers.pop(0)


@pytest.fixture
def plays(theatre):
    """Play agents, one after another, with a person who answers."""

    def play(body, agents, person, **more):
        policies = {"policies": [Asks()]}
        return theatre.play(body, agents, approver=person, offers=policies, **more)

    return play


BOTH = "await agent('a')\nawait agent('b')"
TOGETHER = "await parallel([agent('a'), agent('b')])"


@pytest.mark.parametrize(
    ("answers", "told", "count"),
    [
        (["allow", "allow"], [ALLOW, ALLOW], 2),
        (["deny", "allow"], [DENY, ALLOW], 2),
        (["allow run"], [ALLOW, ALLOW], 1),
        (["deny run"], [DENY, DENY], 1),
        ([None, None], [DENY, DENY], 2),
    ],
)
def test_an_answer_holds_for_the_call_or_for_the_run(plays, answers, told, count):
    agent, person = Agent(), Person([*answers])
    plays(BOTH, {"": agent}, person)
    assert (agent.told, len(person.asked)) == (told, count)
    assert agent.granted == [verdict is ALLOW for verdict in told]


def test_within_a_call_the_same_is_asked_once(plays):
    agent, person = Agent([use(), use(), use("Bash(ls)"), use()]), Person(["allow", "deny"])
    plays("await agent('a')", {"": agent}, person)
    assert agent.told == [ALLOW, ALLOW, DENY, ALLOW]
    assert len(person.asked) == 2


def test_an_answer_for_the_run_reaches_who_waits_for_the_same(plays):
    agent, person = Agent(), Person(["allow run"])
    plays(TOGETHER, {"": agent}, person, flags={"concurrency": 2})
    assert agent.told == [ALLOW, ALLOW]
    assert len(person.asked) == 2
    assert person.cancelled == 1


def test_an_answer_for_the_run_leaves_other_questions_open(plays):
    builder, lister = Agent(), Agent([use("Bash(ls)")])
    person = Person(["allow run", "deny"])
    plays(TOGETHER, {"a": builder, "b": lister}, person, flags={"concurrency": 2})
    assert (builder.told, lister.told, person.cancelled) == ([ALLOW], [DENY], 0)


def test_a_tool_asks_in_its_calls_name(plays):
    """Once, whatever the answer; nobody there is no answer."""
    said = []

    class Tool(Agent):
        async def obey(self, _call, context):
            said.append(await context.tools.ask("Which way?", ("left", "right")))
            said.append(await context.tools.ask("Which way?", ("left", "right")))
            return "done"

    person = Person(["right"])
    plays("await agent('a')", {"": Tool()}, person)
    plays("await agent('a')", {"": Tool()}, None)
    assert said == ["right", "right", None, None]
    assert person.asked == ["Which way?"]


def test_an_answer_for_the_run_is_about_what_was_shown_and_nothing_else(plays):
    uses = [use(), use("Bash(make all)"), use(label=OUTSIDE)]
    agent, person = Agent(uses), Person(["allow run", "deny", "deny"])
    plays("await agent('a')", {"": agent}, person)
    assert agent.told == [ALLOW, DENY, DENY]
    assert person.asked[-1].endswith("(it has read what nobody vouches for: https://example.org)")


def test_no_answer_loosens_what_a_policy_denies(plays):
    agent, person = Agent([use("Bash(rm x)")]), Person([])
    plays("await agent('a')", {"": agent}, person)
    assert (agent.told, person.asked) == ([DENY], [])


@pytest.mark.parametrize(("said", "later"), [("allow run", ALLOW), ("deny run", DENY)])
def test_a16_what_was_answered_for_the_run_is_not_asked_by_a_resume(theatre, said, later):
    """Even with nobody there: the answer stands in the journal by its digest."""
    agent, there, offers = Agent(), Person([said]), {"policies": [Asks()]}
    before = theatre.play(
        "await agent('a')\nraise ValueError", {"": agent}, approver=there, offers=offers
    )
    theatre.again(before, {"": agent}, body="await agent('new')", offers=offers)
    assert agent.told == [later, later]
    assert len(there.asked) == 1


class Dies(Agent):
    """Dies after it was told."""

    async def obey(self, call, context):
        await super().obey(call, context)
        raise RuntimeError


@pytest.mark.parametrize("gone", [None, Person([])])
def test_a16_killed_between_answer_and_end_the_resume_does_not_ask(theatre, gone):
    """The call never ended, so it runs again: what was answered is known."""
    dies, agent, offers = Dies(), Agent(), {"policies": [Asks()]}
    there = Person(["allow"])
    before = theatre.play("await attempt('a')", {"": dies}, approver=there, offers=offers)
    theatre.again(before, {"": agent}, approver=gone, offers=offers)
    assert (dies.told, agent.told, agent.granted) == ([ALLOW], [ALLOW], [True])
    assert len(there.asked) == 1


def test_a16_unattended_it_is_refused_at_once_with_the_rule_that_would_allow_it(plays):
    seen = []

    class Hears(Agent):
        async def obey(self, _call, context):
            before = context.clock.monotonic()
            judged = await context.decide(use())
            seen.append((judged.reason, context.clock.monotonic() - before))
            return "done"

    plays("await agent('a')", {"": Hears()}, None)
    ((reason, waited),) = seen
    assert reason.startswith("no rule allows it; allow it with Bash(make); nobody is here")
    assert waited == 0


def test_a16_the_clocks_stand_still_while_a_person_thinks(plays):
    agent, person = Agent(), Person(["allow"], after_s=7200.0)
    outcome = plays(
        "return await parallel([agent('a', timeout=2), agent('work', timeout=2)])",
        {"a": agent, "work": After(1.0, "w")},
        person,
        flags={"concurrency": 1},
    )
    assert outcome.result == ["done", "w"]


def test_a16_a_view_that_is_gone_loses_no_question(theatre):
    """Who looked and went has taken nothing away: the next one sees the question and answers."""
    agent, seen = Agent(), []
    held = []

    class Absent:
        async def answer(self, _question):
            control = Control(held[0])
            for _view in range(2):
                (question,) = control.obey({"verb": "status"})["questions"]
                seen.append(question)
            wish = {"verb": "answer", "question": question["id"], "answer": "allow run"}
            assert control.obey(wish) == {"ok": True}
            await asyncio.sleep(3600)

    theatre.play(
        "await agent('a', label='builder')",
        {"": agent},
        approver=Absent(),
        offers={"policies": [Asks()]},
        ready=held.append,
    )
    assert agent.told == [ALLOW]
    assert seen[0] == seen[1]
    told = seen[0]
    assert (told["tool"], told["input"], told["label"]) == ("Bash", "Bash(make)", "builder")
    assert told["why"] == "no rule allows it; allow it with Bash(make)"
    assert (told["outside"], told["sources"], told["call"]) == (False, [], 1)
    assert told["options"] == ["allow", "deny", "allow run", "deny run"]


CALL = Call(1, "key", 0, "prompt", "label")


def test_a_tool_that_shows_no_input_has_all_of_it_shown():
    plea = Plea(CALL, use("mcp__a__b", b="\u00fc", a=1), "")
    assert plea.question.text == (
        'label wants mcp__a__b {"a": 1, "b": "\u00fc"}: no rule allows it; allow it with mcp__a__b'
    )
    assert Plea(CALL, use("Think"), "x").question.text == "label wants Think: x"


def test_of_a_long_input_every_letter_is_pinned():
    one, other = (Plea(CALL, use("mcp__a__b", a="x" * 5_000 + end), "") for end in "yz")
    assert len(one.question.text) < 2_200
    assert one.question.digest != other.question.digest
    assert one.standing != other.standing


TEXTS = st.sampled_from(["Bash(make)", "Bash(ls)", "mcp__a__b"])
PLEAS = st.builds(
    Plea,
    st.builds(Call, st.just(1), st.sampled_from("ab"), st.just(0), st.just("p"), st.just("l")),
    st.builds(use, TEXTS, st.sampled_from([None, OUTSIDE]), x=st.sampled_from([1, 2])),
    st.sampled_from(["", "why"]),
)


@given(one=PLEAS, other=PLEAS)
def test_questions_are_the_same_only_when_they_say_the_same(one, other):
    assert (one.question.digest == other.question.digest) == (
        (one.call.key, one.question.text) == (other.call.key, other.question.text)
    )
    assert (one.standing == other.standing) == (one.question.text == other.question.text)
    assert one.question.options == OPTIONS
