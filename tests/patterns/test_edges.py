"""Every pattern at its edges: nothing, one, two and a thousand items, failures, ends and kills."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hocket.api.calls import Bound, EndState, Usage
from hocket.api.patterns.templates import canonical
from hocket.host import PluginHost
from hocket.testing import (
    After,
    Fail,
    ScriptedBackend,
    Stage,
    Tokens,
    resume_script,
    run_script,
)
from hocket.testing.patterns import fails, run_pattern
from hocket_plugins.backends.simulate.answers import answer
from hocket_plugins.backends.simulate.draws import Draws

FOUND = {
    "type": "object",
    "properties": {
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"name": {"type": "string"}},
                "required": ["name"],
            },
        }
    },
    "required": ["items"],
}
CASES = {
    "classify_and_act": lambda items: {"items": items, "into": {"bug": "is broken", "wish": "new"}},
    "fan_out": lambda items: {"items": items, "prompt": "Read {item}."},
    "generate_and_filter": lambda items: {
        "prompt": "Think of a name.",
        "rubric": [{"ask": "Is it short?"}, {"ask": "Is it clear?", "weight": 2}],
        "n": len(items),
    },
    "merge": lambda items: {
        "records": [{"id": item, "name": item} for item in items],
        "key": "id",
        "same": "names the same thing",
    },
    "rank": lambda items: {"items": items, "by": "Which is better?"},
    "synthesize": lambda items: {"parts": items, "prompt": "Join them."},
    "tournament": lambda items: {"items": items, "by": "Which is better?"},
    "until_done": lambda items: {
        "prompt": "Find problems.",
        "schema": FOUND,
        "key": "name",
        "max_agents": max(1, min(len(items), 30)),
    },
    "verify": lambda items: {"claims": [{"text": item} for item in items]},
}
OVER_ITEMS = [name for name in CASES if name != "until_done"]
ASKING = [name for name in CASES if name != "merge"]


@pytest.fixture(scope="module")
def patterns():
    return PluginHost.load().patterns()


def items(count):
    return [f"item {number}" for number in range(count)]


def sensible(ask):
    """Answer as an agent without a mind would: what fits the schema."""
    draws = Draws(7, canonical([ask.prompt, {**ask.options}]), 0)
    schema = ask.options.get("schema")
    return "a text" if schema is None else answer(schema, draws)


def play(patterns, name, arguments, answers=sensible):
    return run_pattern(patterns[name], arguments, answers, patterns=patterns.values())


def forecast(patterns, name, arguments):
    return patterns[name].calls(patterns[name].arguments.model_validate(arguments))


def test_every_pattern_is_looked_at(patterns):
    assert set(CASES) == set(patterns) - {"integrate"}


@pytest.mark.parametrize("name", OVER_ITEMS)
def test_of_nothing_comes_nothing_and_nobody_is_asked(patterns, name):
    played = play(patterns, name, CASES[name]([]))

    assert played.asks == []
    assert (played.result["complete"], played.result["stopped"]) == (True, None)
    assert forecast(patterns, name, CASES[name]([])).worst == 0


@pytest.mark.parametrize("count", [1, 2, 1000])
@pytest.mark.parametrize("name", CASES)
def test_a_pattern_comes_to_its_end_within_its_forecast(patterns, name, count):
    arguments = CASES[name](items(count))
    played = play(patterns, name, arguments)
    result = played.result

    # A hunt among made-up finds has no end but its own bound.
    assert result["stopped"] in ((None, "max") if name == "until_done" else (None,))
    assert result["calls"] == len(played.asks) == sum(result["census"].values())
    assert result["calls"] <= forecast(patterns, name, arguments).worst
    json.dumps(result)


@pytest.mark.parametrize("state", [EndState.ERROR, EndState.STALLED, EndState.REFUSED])
@pytest.mark.parametrize("name", ASKING)
def test_when_all_calls_fail_nothing_is_decided_and_nothing_raised(patterns, name, state):
    arguments = CASES[name](items(6))
    played = play(patterns, name, arguments, lambda _ask: fails(state))

    told = canonical(played.result)
    assert played.result["calls"] <= forecast(patterns, name, arguments).worst
    assert set(played.result["census"]) == {state.value}
    assert "item" in told or not decided(played.result)
    assert not decided(played.result)


def decided(result):
    """Give what a result says was found out; empty where nobody answered."""
    fields = ("supported", "refuted", "qualified", "acted", "kept", "winner", "top", "answer")
    settled = {name: result[name] for name in fields if result.get(name)}
    return {name: value for name, value in settled.items() if value != "drop"}


@settings(max_examples=15, deadline=None)
@given(st.data())
@pytest.mark.parametrize("name", ASKING)
def test_a_bound_on_calls_holds_wherever_it_cuts(patterns, name, data):
    arguments = CASES[name](items(7))
    whole = play(patterns, name, arguments)
    most = data.draw(st.integers(1, max(1, len(whole.asks))))

    played = play(patterns, name, {**arguments, "max_calls": most})

    assert len(played.asks) == played.result["calls"] <= most
    if most < len(whole.asks):
        assert (played.result["complete"], played.result["stopped"]) == (False, "max")


@settings(max_examples=15, deadline=None)
@given(st.data())
@pytest.mark.parametrize("stop", ["budget", "cap", "quota"])
@pytest.mark.parametrize("name", ASKING)
def test_a_stop_anywhere_gives_what_there_is_and_says_so(patterns, name, stop, data):
    arguments = CASES[name](items(7))
    at = data.draw(st.integers(0, max(0, len(play(patterns, name, arguments).asks) - 1)))
    state = {"budget": EndState.OVER_BUDGET, "cap": EndState.OVER_CAP, "quota": EndState.QUOTA}
    count = Counter()

    def until(ask):
        count["asked"] += 1
        return sensible(ask) if count["asked"] <= at else fails(state[stop], stop=stop)

    result = play(patterns, name, arguments, until).result

    assert (result["complete"], result["stopped"]) == (False, stop)
    assert result["census"].get("ok", 0) == at


@settings(max_examples=10, deadline=None)
@given(st.sets(st.integers(0, 60)))
@pytest.mark.parametrize("name", ASKING)
def test_failures_anywhere_never_count_as_answers(patterns, name, failing):
    count = Counter()

    def sometimes(ask):
        count["asked"] += 1
        return fails() if count["asked"] in failing else sensible(ask)

    result = play(patterns, name, CASES[name](items(7)), sometimes).result

    assert result["census"].get("ok", 0) == count["asked"] - result["census"].get("error", 0)


SCRIPT = '''\
"""One pattern."""
from hocket.script import NAME, args

meta = {"name": "edges", "description": "One pattern"}


async def main():
    return await NAME(**args)
'''


def told(call):
    """Answer by schema, and book what it cost."""
    schema = call.options.schema
    draws = Draws(7, call.key, 0)
    return Tokens(Usage(output=10), "a text" if schema is None else answer(schema, draws))


def run(project, name, answers, **stage):
    agents = ScriptedBackend({"": answers}, bound=Bound(output=10))
    flags = {"concurrency": 4, **stage.pop("flags", {})}
    return run_script(
        SCRIPT.replace("NAME", name),
        agents,
        project=project,
        args=CASES[name](items(8)),
        stage=Stage(flags=flags, **stage),
    )


@pytest.mark.parametrize("name", ASKING)
def test_a_budget_that_ends_half_way_is_kept_and_told(hocket_project, name):
    whole = run(hocket_project, name, told)
    half = max(5, 10 * (whole.result["calls"] // 2))
    cut = run(hocket_project, name, told, flags={"budget_tokens": half})

    assert whole.result["stopped"] in (None, "max")
    assert cut.status == "completed"
    assert (cut.result["complete"], cut.result["stopped"]) == (False, "budget")
    assert cut.report["usage"]["output"] <= half
    assert any("not complete" in note for note in cut.report["notes"])


@pytest.mark.parametrize("name", ASKING)
def test_latencies_change_neither_requests_nor_result(hocket_project, name):
    def slowly(order):
        def answers(call):
            return After(1 + order * Draws(order, call.key, 0).unit(), told(call))

        return answers

    first, second = (run(hocket_project, name, slowly(order)) for order in (5, -0.9))

    assert first.result == second.result
    assert sorted(first.prompts) == sorted(second.prompts)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("name", ASKING)
def test_what_was_bought_before_a_kill_is_not_bought_again(hocket_project, name, share):
    whole = run(hocket_project, name, told)
    last = max(1, round(share * len(whole.prompts)))
    runs, count = [], Counter()

    def interrupted(call):
        count["asked"] += 1
        if count["asked"] == last:
            runs[0].leave("suspended", "told to")
        return Fail(cause="cut off") if count["asked"] >= last else told(call)

    before = run(hocket_project, name, interrupted, ready=runs.append)
    rest = ScriptedBackend({"": told}, bound=Bound(output=10))
    after = resume_script(before.run_id, rest, project=hocket_project)

    assert after.result["calls"] == whole.result["calls"]
    assert without_calls(after.result) == without_calls(whole.result)
    bought = Counter(before.prompts[: last - 1]) + Counter(rest.calls)
    assert bought == Counter(whole.prompts)


def without_calls(result):
    """Leave out the numbers of calls, which say in which order calls were first asked for."""
    if isinstance(result, dict):
        return {name: without_calls(one) for name, one in result.items() if name != "call"}
    return [without_calls(one) for one in result] if isinstance(result, list) else result
