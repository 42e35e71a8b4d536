"""The onion around every call: policies, routing, and what plugins put around and between."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from hocket.api.approval import Judgement, Verdict
from hocket.api.calls import EndState, Outcome, Route
from hocket.api.events import CallStarted
from hocket.testing import ScriptedBackend


@dataclass
class Marks:
    """A stage that notes when it is entered and left."""

    name: str
    position: int
    told: list[str]

    async def __call__(self, call, proceed):
        self.told.append(f"{self.name} in")
        outcome = await proceed(call)
        self.told.append(f"{self.name} out")
        return outcome


def test_the_lower_the_position_the_further_outside(theatre):
    told = []
    stages = [Marks("c", 350, told), Marks("b", 50, told), Marks("a", 350, told)]

    theatre.play("await agent('x')", offers={"stages": stages})

    assert told == ["b in", "a in", "c in", "c out", "a out", "b out"]


@dataclass
class Answers:
    """A stage that answers some calls itself, and marks the prompts of the others."""

    name: str = "answers"
    position: int = 500

    async def __call__(self, call, proceed):
        if call.prompt == "known":
            return Outcome(EndState.OK, "by heart")
        return await proceed(replace(call, prompt=f"{call.prompt}!"))


def test_a_stage_may_answer_or_change_what_goes_on(theatre):
    backend = ScriptedBackend({"": lambda call: call.prompt})

    before = theatre.play(
        "return [await agent('known'), await agent('new')]", backend, offers={"stages": [Answers()]}
    )
    after = theatre.again(before, {})

    assert before.result == after.result == ["by heart", "new!"]
    assert backend.calls == ["new!"]


@dataclass
class Judges:
    """A policy that judges calls by their prompt."""

    name: str
    verdicts: dict[str, Judgement]
    judged: list[str] = field(default_factory=list)

    def judge(self, call):
        self.judged.append(call.prompt)
        return self.verdicts.get(call.prompt, Judgement(Verdict.ALLOW))

    def judge_use(self, _call, _use):
        return Judgement(Verdict.ALLOW)


LENIENT = Judges("lenient", {"risky": Judgement(Verdict.ASK, "it writes")})
STRICT = Judges("strict", {"bad": Judgement(Verdict.DENY, "never")})
BODY = "return [(await attempt(p))['state'] for p in ('fine', 'risky', 'bad')]"


@pytest.mark.parametrize(
    ("answers", "risky"), [(["allow"], "ok"), (["deny"], "refused"), ([None], "refused")]
)
def test_a_call_that_needs_a_person_runs_only_when_one_allows_it(theatre, answers, risky):
    class Person:
        def __init__(self):
            self.asked = []

        async def answer(self, question):
            self.asked.append((question.kind, question.text, question.options))
            return answers[0]

    backend = ScriptedBackend({"": "x"})
    offers = {"policies": [LENIENT, STRICT]}
    person = Person()
    outcome = theatre.play(BODY, backend, approver=person, offers=offers)

    assert outcome.result == ["ok", risky, "refused"]
    assert person.asked == [("call", "risky: it writes", ("allow", "deny"))]
    assert backend.calls == (["fine", "risky"] if risky == "ok" else ["fine"])


def test_with_nobody_there_it_is_refused_and_says_why(theatre):
    outcome = theatre.play(BODY, offers={"policies": [LENIENT, STRICT]})

    assert outcome.result == ["ok", "refused", "refused"]
    assert [f["cause"] for f in outcome.report["failures"]] == [
        "it writes; nobody is here to allow it",
        "never",
    ]


@dataclass
class Routes:
    """A router with one answer."""

    route_to: Route
    name: str = "routes"
    asked: list[str] = field(default_factory=list)

    async def route(self, call):
        self.asked.append(call.prompt)
        return self.route_to


@pytest.mark.parametrize(
    ("route", "options", "routed"),
    [
        (Route("small", "low"), "", ("small", "low")),
        (Route("small", "low"), "model='large'", ("large", "low")),
        (Route("small", "low"), "effort='HIGH'", ("small", "high")),
        (Route("small", None), "effort='high'", ("small", "high")),
        (Route(None, "low"), "", (None, "low")),
        (Route(), "", (None, None)),
        (Route("small", "low"), "model='large', effort='max'", ("large", "max")),
    ],
)
def test_what_the_script_names_wins_over_the_router(theatre, route, options, routed):
    router, seen = Routes(route), []
    answers = {"": lambda call: seen.append((call.options.model, call.options.effort)) or "x"}

    outcome = theatre.play(f"await agent('x', {options})", answers, offers={"router": router})

    assert seen == [routed]
    assert router.asked == ([] if "max" in options else ["x"])
    assert [e.model for e in outcome.events if isinstance(e, CallStarted)] == [routed[0]]


def test_another_route_throws_no_result_away(theatre):
    before = theatre.play("return await agent('x')", offers={"router": Routes(Route("small"))})
    after = theatre.again(before, {}, offers={"router": Routes(Route("large"))})

    assert (after.result, after.prompts) == (before.result, [])
