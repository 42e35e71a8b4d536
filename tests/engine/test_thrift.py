"""As a budget runs down, what is optional or adds little is left out first, and told."""

from __future__ import annotations

import pytest
from pydantic import BaseModel

from hocket.api.calls import Bound, Usage
from hocket.api.patterns.context import Ask, CallCount
from hocket.api.patterns.waves import Waves
from hocket.testing import ScriptedBackend, Tokens

META = '"phases": ["Work", {"title": "Polish", "optional": True}, "Close"]'
BOUND = Bound(output=100)


class Worths(BaseModel):
    worths: list[float | None]


class Worthy:
    """Asks one after another, each worth what it is told."""

    name = "worthy"
    version = 1
    arguments = Worths

    async def run(self, context, arguments):
        waves = Waves(context)
        replies = [
            await waves.one(Ask(prompt=f"number {number}", options={"role": "vote"}, worth=worth))
            for number, worth in enumerate(arguments.worths)
        ]
        return waves.envelope({"ok": [reply.ok for reply in replies]})

    def calls(self, arguments):
        return CallCount(len(arguments.worths), len(arguments.worths))


@pytest.fixture
def play(theatre):
    """Run a script whose every call costs a hundred tokens."""

    def play(body, budget, **flags):
        agents = ScriptedBackend({"": Tokens(Usage(output=100), "done")}, bound=BOUND)
        return theatre.play(
            body,
            agents,
            imports="from hocket.script import worthy",
            meta=META,
            offers={"patterns": [Worthy()]},
            flags={"budget_tokens": budget, "concurrency": 1, **flags},
        )

    return play


WORK_THEN_POLISH = """
    for number in range(8):
        await agent(f"work {number}")
    polished = await agent("polish it", phase="Polish")
    return [polished, await agent("close it")]
    """


def test_an_optional_phase_is_left_out_so_that_the_rest_is_done(play):
    rich = play(WORK_THEN_POLISH, 1200)
    poor = play(WORK_THEN_POLISH, 950)

    assert rich.result == ["done", "done"]
    assert poor.result == [None, "done"]
    assert "polish it" not in poor.prompts
    assert poor.census == {"ok": 9, "over_budget": 1}
    assert 'phase "Polish" is optional' in poor.report["failures"][0]["cause"]
    assert poor.report["notes"] == [
        'not done, to keep the budget: 1 call (phase "Polish" is optional)'
    ]


def test_attempt_tells_what_was_left_out(play):
    body = """
        for number in range(8):
            await agent(f"work {number}")
        return await attempt("polish it", phase="Polish")
        """
    record = play(body, 950).result

    assert (record["ok"], record["state"]) == (False, "over_budget")
    assert record["cause"] == ('pruned: phase "Polish" is optional, and 16% of the budget is left')


def test_what_is_needed_is_asked_to_the_last_token(play):
    body = "return [await agent(f'{n}') for n in range(10)]"

    assert play(body, 1000).result == ["done"] * 10


def test_thrift_can_be_switched_off(play):
    assert play(WORK_THEN_POLISH, 1000, prune_below=0).result == ["done", "done"]


def test_of_a_pattern_the_calls_that_add_the_least_go_first(play):
    worths = [None] * 8 + [0.9, 0.1, 0.5, 0.1, None]
    result = play(f"return await worthy({worths})", 1000).result

    assert result["ok"] == [True] * 8 + [True, False, False, False, True]
    assert (result["complete"], result["stopped"]) == (False, "budget")
    assert result["notes"] == ["3 calls were left out to keep the budget: they added the least"]


def test_without_a_budget_nothing_is_left_out(theatre):
    body = "return [await agent('a', phase='Polish'), (await worthy([0.0]))['ok']]"
    outcome = theatre.play(
        body,
        {"": "done"},
        imports="from hocket.script import worthy",
        meta=META,
        offers={"patterns": [Worthy()]},
    )

    assert outcome.result == ["done", [True]]


def test_with_more_money_a_resume_does_what_was_left_out(play, theatre):
    poor = play(WORK_THEN_POLISH, 950)
    agents = ScriptedBackend({"": Tokens(Usage(output=100), "done")}, bound=BOUND)
    rich = theatre.again(
        poor, agents, offers={"patterns": [Worthy()]}, flags={"budget_tokens": 5000}
    )

    assert rich.result == ["done", "done"]
    assert agents.calls == ["polish it"]
    assert rich.report["notes"] == []
