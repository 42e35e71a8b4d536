"""Patterns as plugins: their calls are ordinary calls, and a replay buys none of them twice."""

from __future__ import annotations

import pytest
from pydantic import BaseModel, Field

from hocket.api.calls import EndState, Usage
from hocket.api.events import CallAsked
from hocket.api.patterns.arguments import PatternArguments
from hocket.api.patterns.context import Ask, CallCount, Spares
from hocket.api.patterns.waves import Waves
from hocket.testing import After, Each, Fail, Tokens


class Ballot(BaseModel):
    claim: str
    votes: int = Field(3, ge=1)
    sure: float = 0.5


class Vote:
    """Asks one voter after another until a majority is sure."""

    name = "vote"
    version = 1
    arguments = Ballot

    async def run(self, context, arguments):
        context.note(f"voting on {arguments.claim}")
        found = []
        for number in range(arguments.votes):
            options = {"role": "vote", "label": f"vote {number}"}
            reply = await context.attempt(
                Ask(prompt=f"{arguments.claim}? ({number})", options=options)
            )
            found.append(reply.value if reply.ok else reply.state.value)
        return {"found": found, "seed": context.seed}

    def calls(self, arguments):
        return CallCount(arguments.votes, arguments.votes)


class Claims(BaseModel):
    claims: list[str]


class VoteAll:
    """Votes on each of several claims, by the other pattern."""

    name = "vote_all"
    version = 1
    arguments = Claims

    async def run(self, context, arguments):
        told = [await context.pattern("vote", {"claim": c, "votes": 2}) for c in arguments.claims]
        return [one["found"] for one in told]

    def calls(self, arguments):
        return CallCount(2 * len(arguments.claims), 2 * len(arguments.claims))


class Lost(BaseModel):
    to: str = ""


class Breaks:
    """Has a bug, or asks for what is not there."""

    name = "breaks"
    version = 1
    arguments = Lost

    async def run(self, context, arguments):
        if arguments.to:
            return await context.pattern(arguments.to, {})
        raise ZeroDivisionError

    def calls(self, _arguments):
        return CallCount(0, 0)


class Questions(PatternArguments):
    questions: list[str]
    spares: int = 1
    max_calls: int | None = None


class AskAll:
    """Asks all questions in one wave, and failed ones again."""

    name = "ask_all"
    version = 1
    arguments = Questions

    async def run(self, context, arguments):
        waves = Waves(context, arguments.max_calls)
        options = arguments.options("work")
        asks = [
            Ask(prompt=question, options=options, spares=Spares(arguments.spares))
            for question in arguments.questions
        ]
        replies = await waves.ask(asks)
        if not all(reply.ok for reply in replies):
            waves.note("some questions have no answer")
        told = [[r.state.value, r.value, [*r.failed], bool(r.call)] for r in replies]
        return waves.envelope({"told": told})

    def calls(self, arguments):
        count = len(arguments.questions)
        return CallCount(count, count * (1 + arguments.spares))


OFFERS = {"patterns": [Vote(), VoteAll(), Breaks(), AskAll()]}
IMPORTS = "from hocket.script import ask_all, breaks, vote, vote_all"
ECHO = {"": lambda call: call.prompt}


@pytest.fixture
def play(theatre):
    def play(body, answers=ECHO, **stage):
        return theatre.play(body, answers, imports=IMPORTS, offers=OFFERS, **stage)

    return play


@pytest.fixture
def again(theatre):
    def again(before, answers=ECHO, **stage):
        return theatre.again(before, answers, imports=IMPORTS, offers=OFFERS, **stage)

    return again


def test_a_pattern_asks_for_calls_and_gives_its_result(play):
    outcome = play("phase('Judge')\nreturn (await vote('sky is blue', votes=2))['found']")

    assert outcome.result == ["sky is blue? (0)", "sky is blue? (1)"]
    assert outcome.census == {"ok": 2}
    assert "voting on sky is blue" in outcome.log
    asked = [(e.label, e.phase) for e in outcome.events if isinstance(e, CallAsked)]
    assert asked == [("vote 0", "Judge"), ("vote 1", "Judge")]


def test_a_replay_buys_no_vote_twice_and_counts_them_again(play, again):
    body = """
        first = await vote("a")
        return [first, (await attempt("one more"))["state"]]
        """
    before = play(body, flags={"max_agents": 3})
    after = again(before, {}, flags={"max_agents": 3})

    assert before.result[1] == "over_cap"
    assert (after.result, after.prompts) == (before.result, [])


@pytest.mark.parametrize("left_at", [1, 2, 3])
def test_a_pattern_that_was_interrupted_buys_only_the_votes_it_lacks(play, again, left_at):
    runs = []

    def interrupted(call):
        if call.prompt == f"a? ({left_at - 1})":
            runs[0].leave("suspended", "told to")
            return Fail(cause="cut off")
        return call.prompt

    before = play("return await vote('a')", {"": interrupted}, ready=runs.append)
    after = again(before)

    assert before.prompts == [f"a? ({n})" for n in range(left_at)]
    assert after.prompts == [f"a? ({n})" for n in range(left_at - 1, 3)]
    assert after.result["found"] == [f"a? ({n})" for n in range(3)]


def test_a_pattern_in_which_a_vote_failed_runs_again_and_buys_that_vote(play, again):
    before = play("return await vote('a')", {"(1)": Fail(), "": "x"})
    after = again(before, {"": "y"})
    last = again(after, {})

    assert before.result["found"] == ["x", "error", "x"]
    assert (after.result["found"], after.prompts) == (["x", "y", "x"], ["a? (1)"])
    assert (last.result, last.prompts) == (after.result, [])
    assert last.census == {}


def test_a_vote_whose_value_is_lost_is_bought_again(play, again):
    body = "return [len(vote) for vote in (await vote('a', votes=2))['found']]"
    before = play(body, {"(0)": "x" * 100_000, "(1)": "y"})
    for path in (before.folder / "artifacts").iterdir():
        path.unlink()

    after = again(before, {"": "z" * 5})

    assert before.result == [100_000, 1]
    assert (after.result, after.prompts) == ([5, 1], ["a? (0)"])


def test_patterns_run_patterns_and_all_is_counted(play, again):
    before = play("return await vote_all(['a', 'b'])", {"b? (0)": Fail(), "": "x"})
    after = again(before, {"": "y"})

    assert before.result == [["x", "x"], ["error", "x"]]
    assert before.census == {"ok": 3, "error": 1}
    assert (after.result, after.prompts) == ([["x", "x"], ["y", "x"]], ["b? (0)"])


def test_the_seed_is_of_the_arguments_alone(play):
    body = """
        same = [await vote("a"), await vote("a", votes=3), await vote("a", sure=0.5)]
        return [one["seed"] for one in [*same, await vote("b")]]
        """
    seeds = play(body).result

    assert len(set(seeds[:3])) == 1
    assert seeds[3] != seeds[0]
    assert play(body).result == seeds


def test_the_same_pattern_twice_takes_its_results_in_order(play, again):
    body = "return [(await vote('a', votes=1))['found'][0] for _ in range(3)]"
    before = play(body, {"a": Each(["one", "two", "three"])})
    after = again(before, {})

    assert before.result == after.result == ["one", "two", "three"]
    assert after.prompts == []


def test_patterns_run_side_by_side(play):
    outcome = play(
        "return [r['found'] for r in await parallel([vote('a', votes=2), vote('b', votes=2)])]",
        {"": After(10.0, "x")},
        flags={"concurrency": 2},
    )

    assert outcome.result == [["x", "x"], ["x", "x"]]
    assert outcome.report["elapsed_s"] == 20.0


def test_what_it_cost_is_seen_when_its_result_is_delivered(play, again):
    body = """
        found = vote("a", votes=2)
        return [budget.spent(), (await found)["found"], budget.spent()]
        """
    before = play(body, {"": Tokens(Usage(output=70), "x")})
    after = again(before, {})

    assert before.result == after.result == [0, ["x", "x"], 140]


def caught(call):
    return f"""
        try:
            return await {call}
        except TypeError as error:
            return ["TypeError", str(error)]
        except ValueError as error:
            return ["ValueError", str(error)]
        except RuntimeError as error:
            return ["RuntimeError", str(error)]
        """


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        ("vote('a', votes=0)", "TypeError", "vote(votes): Input should be greater than or equal"),
        ("vote('a', sure=args[0])", "TypeError", "vote(sure): Input should be a valid number"),
        ("vote(**{'claim': args})", "TypeError", "vote(claim): Input should be a valid string"),
        (
            "breaks(to='nobody')",
            "TypeError",
            'pattern "nobody" is not installed; known: ask_all, breaks, classify',
        ),
        ("breaks(to='vote')", "TypeError", "vote(claim): Field required"),
        ("breaks()", "RuntimeError", 'pattern "breaks" raised ZeroDivisionError'),
        ("vote('a', sure=args[1])", "ValueError", "inf is no JSON"),
    ],
)
def test_what_goes_wrong_is_raised_at_the_await_of_the_script(play, call, kind, message):
    outcome = play(caught(call), args=["x", "inf"])

    assert outcome.status == "completed"
    assert outcome.result[0] == kind
    assert outcome.result[1].startswith(message)


def test_a_failed_call_is_asked_again_from_its_spares(play):
    result = play("return await ask_all(['a', 'b'])", {"a": Each([Fail(), "x"]), "b": "y"}).result

    assert result["told"] == [["ok", "x", ["error"], True], ["ok", "y", [], True]]
    assert (result["calls"], result["census"]) == (3, {"ok": 2, "error": 1})
    assert (result["complete"], result["stopped"], result["notes"]) == (True, None, [])


def test_a_question_that_a_spare_answered_is_not_asked_again(play, again):
    before = play("return await ask_all(['a', 'b'])", {"a": Each([Fail(), "x"]), "b": "y"})
    after = again(before, {})

    assert (after.result, after.prompts) == (before.result, [])


def test_what_failed_for_good_is_told_in_the_report(play, again):
    before = play("return await ask_all(['a', 'b'])", {"a": Fail(), "b": "y"})
    whole = play("return await ask_all(['b'], max_calls=9)", {"b": "y"})
    again_told = again(before, {"a": Fail()})

    assert before.result["told"][0] == ["error", None, ["error"], True]
    assert before.report["notes"] == ["ask_all: some questions have no answer"]
    assert again_told.report["notes"] == before.report["notes"]
    assert whole.report["notes"] == []


def test_a_bound_on_calls_is_kept_and_told(play, again):
    before = play("return await ask_all(['a', 'b', 'c'], max_calls=2)", {"": "x"})

    assert before.prompts == ["a", "b"]
    assert before.result["told"][2] == ["over_cap", None, [], False]
    assert (before.result["complete"], before.result["stopped"]) == (False, "max")
    assert "ask_all: not complete, stopped by max" in before.report["notes"]
    assert again(before, {}).report["notes"] == before.report["notes"]


def test_the_cap_of_the_run_stops_a_wave_and_is_no_exception(play):
    questions = [f"question {number}" for number in range(600)]
    body = f"return await ask_all({questions!r})"
    outcome = play(body, {"": "x"}, flags={"max_agents": 10})

    told = outcome.result["told"]
    assert [state for state, *_ in told] == ["ok"] * 10 + ["over_cap"] * 590
    assert outcome.result["stopped"] == "cap"
    assert sum(asked for *_, asked in told) < 300


def test_the_budget_stops_a_wave(play):
    spends = {"": Tokens(Usage(output=400), "x")}
    body = "return await ask_all(['a', 'b', 'c', 'd'])"
    outcome = play(body, spends, flags={"budget_tokens": 1500, "concurrency": 1})

    assert [state for state, *_ in outcome.result["told"]] == ["ok", "ok", *["over_budget"] * 2]
    assert outcome.result["stopped"] == "budget"


def test_a_limit_of_the_call_alone_stops_nothing(play):
    spends = {"": Tokens(Usage(output=50), Fail(EndState.OVER_BUDGET, "its own limit"))}
    result = play("return await ask_all(['a', 'b'], max_tokens=50)", spends).result

    assert [state for state, *_ in result["told"]] == ["over_budget", "over_budget"]
    assert result["stopped"] is None


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ({"modl": "x"}, "ask_all(arguments): 'modl' is no option of agent(); did you mean 'model'"),
        ({"check": "tests"}, 'ask_all: agent(check): "tests" is not in meta.checks'),
        ({"effort": "huge"}, 'ask_all: agent(effort): "huge" is not one of'),
    ],
)
def test_misuse_of_call_options_is_a_type_error(play, option, message):
    kind, told = play(caught("ask_all(['a', 'b'], **args)"), args=option).result

    assert kind == "TypeError"
    assert told.startswith(message)


def test_arguments_of_the_run_count_where_a_template_names_them(play, again):
    body = "return (await vote('{args.x}', votes=1))['seed'], (await vote('a', votes=1))['seed']"
    one = play(body, args={"x": 1}).result
    two = play(body, args={"x": 2}).result

    assert one[0] != two[0]
    assert one[1] == two[1]
