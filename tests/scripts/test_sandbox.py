"""The script's side of the protocol: what is asked, told and answered, message by message."""

from __future__ import annotations

import asyncio

import pytest

from hocket.api.scripts import (
    BudgetTotals,
    Emit,
    Fault,
    Raised,
    Returned,
    ScriptLimits,
    Settle,
    Spent,
    Start,
)
from hocket.scripts.python import PythonHost

NAMES = "AgentError, agent, args, ask, attempt, budget, log, parallel, phase, pipeline, reveal"
HEAD = f'"""A script."""\nfrom hocket.script import {NAMES}, workflow\nmeta = {{"name": "x"}}\n'


class Script:
    """A script in its sandbox, driven by hand."""

    def __init__(self, body, *, above="", imports="", args=None, budget=None, patterns=None):
        inside = body.strip("\n").replace("\n", "\n    ")
        source = f"{HEAD}{imports}{above}async def main():\n    {inside}\n"
        script = PythonHost().read(source, "folder/s.py")
        self._start = Start(
            script,
            args,
            has_args=args is not None,
            budget=budget or BudgetTotals(),
            limits=ScriptLimits(),
            patterns=patterns or {},
        )

    def play(self, *rounds):
        """Answer with each list of settles in turn, whose ids count the calls; gives all batches.

        A settle's id is the place of its call in the order of asking.
        """
        return asyncio.run(self._play(rounds))

    async def _play(self, rounds):
        async with PythonHost().open(self._start) as process:
            batches = [await process.resume(())]
            ids = calls(batches[0])
            for settles in rounds:
                real = [
                    Settle(ids[s.id], s.value, s.fault, s.spent, quiet=s.quiet) for s in settles
                ]
                batches.append(await process.resume(real))
                ids += calls(batches[-1])
            return batches


def calls(batch):
    return [message.id for message in batch.messages if not isinstance(message, Emit)]


def asked(batch):
    return [(m.op, m.payload) for m in batch.messages if not isinstance(m, Emit)]


def told(batch):
    return [(m.op, m.text) for m in batch.messages if isinstance(m, Emit)]


def ended(body, *rounds, **given):
    return Script(body, **given).play(*rounds)[-1].end


def test_all_that_is_asked_until_it_rests_comes_in_one_batch_and_in_order():
    body = """
calls = [agent("a", model="m"), attempt("b"), ask("c", ["x"], default="x"), reveal("d")]
calls.append(workflow("e", 5))
phase("P")
log("l")
return await parallel(calls)
"""
    (batch,) = Script(body).play()

    assert asked(batch) == [
        ("agent", {"prompt": "a", "model": "m"}),
        ("attempt", {"prompt": "b"}),
        ("ask", {"question": "c", "options": ["x"], "default": "x"}),
        ("reveal", {"handle": "d"}),
        ("workflow", {"ref": "e", "args": 5}),
    ]
    assert told(batch) == [("phase", "P"), ("log", "l")]
    assert (batch.barriers, batch.end) == ((tuple(calls(batch)),), None)


def test_what_one_answer_makes_possible_comes_before_the_next_answer():
    body = """
seen = []

async def one(name):
    found = await agent(name)
    seen.append(found)
    await agent(f"{name} after {seen}")

await parallel([one("a"), one("b")])
"""
    batches = Script(body).play([Settle(1, "B"), Settle(0, "A")])

    assert [payload["prompt"] for _, payload in asked(batches[1])] == [
        "b after ['B']",
        "a after ['B', 'A']",
    ]


def test_quiet_answers_cross_with_their_successor_or_alone_at_the_end():
    body = "return await parallel([agent('a'), agent('b'), agent('c')])"
    quiet = [Settle(0, "A", quiet=True), Settle(1, "B", quiet=True)]

    together = Script(body).play([*quiet, Settle(2, "C")])
    apart = Script(body).play(quiet, [Settle(2, "C")])

    assert together[-1].end == apart[-1].end == Returned(["A", "B", "C"])
    assert apart[1].end is None


def test_what_comes_after_the_end_is_not_applied():
    body = "open = agent('a')\nawait agent('b')\nreturn 1"
    (_, last) = Script(body).play([Settle(1, "B"), Settle(0, "A")])

    assert last.end.value == 1
    assert len(last.end.open) == 1


def test_a_barrier_waits_only_for_what_the_engine_will_answer():
    """One is answered before the group is made, one is misuse that never leaves the sandbox."""
    body = """
early = agent("early")
late = agent("late")
await agent("now")
await parallel([early, late, agent("x", no_such_option=1), agent("last")])
"""
    script = Script(body)
    batches = script.play([Settle(0, "E"), Settle(2, "N")])

    ids = calls(batches[0]) + calls(batches[1])
    assert batches[1].barriers == ((ids[1], ids[3]),)


@pytest.mark.parametrize("body", ["parallel([agent('a')])", "parallel([lambda: 1, agent('b')])"])
def test_where_a_result_makes_code_runnable_there_is_no_barrier(body):
    assert Script(f"await {body}").play()[0].barriers == ()


def test_misuse_raises_at_the_await_and_not_at_the_call():
    body = """
call = agent("x", no_such_option=1)
log("made")
try:
    await call
except TypeError as error:
    return str(error)
"""
    (batch,) = Script(body).play()

    assert told(batch) == [("log", "made")]
    assert batch.end.value.startswith("agent() has no option 'no_such_option'; known: agent_type")


def test_misuse_is_told_while_others_are_open():
    body = """
open = agent("open")
try:
    await agent()
except TypeError as error:
    log(str(error))
return await open
"""
    first, last = Script(body).play([Settle(0, "x")])

    assert told(first) == [("log", "agent() needs 'prompt'")]
    assert last.end == Returned("x")


@pytest.mark.parametrize("call", ["agent('x')", "ask('x')", "log('x')", "phase('x')"])
def test_before_main_runs_nothing_may_be_asked(call):
    end = ended("return 1", above=f"x = {call}\n")

    name = call.partition("(")[0]
    assert end.fault == Fault(
        "RuntimeError", f"{name}(): host functions may only be called while main() runs"
    )
    assert end.frames[0].line == 4


@pytest.mark.parametrize(
    "body",
    [
        "import datetime\nreturn str(datetime.datetime.now())",
        "import datetime\nreturn str(datetime.date.today())",
        "return open('x')",
        "import os\nreturn os.environ",
        "import pathlib\nreturn pathlib.Path('x').read_text()",
        "import time\nreturn time.time()",
        "import random\nreturn random.random()",
        "import asyncio\nawait asyncio.sleep(1)",
    ],
)
def test_behind_the_checks_there_is_no_world_either(body):
    assert isinstance(ended(body), Raised)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("log()", "log() takes one argument, 0 given"),
        ("log(1, 2)", "log() takes one argument, 2 given"),
        ("log(text='x')", "log() takes one argument, 1 given"),
        ("phase(1, x=2)", "phase() takes one argument, 2 given"),
    ],
)
def test_telling_takes_one_argument(call, message):
    end = ended(call)

    assert end.fault == Fault("TypeError", message)


def test_what_is_printed_is_a_line_of_the_log_each():
    (batch,) = Script("print('a\\nb', 1)\nprint()\nlog({'a': (1, None)})\nlog(agent)").play()

    assert told(batch)[:4] == [
        ("log", "a"),
        ("log", "b 1"),
        ("log", ""),
        ("log", '{"a": [1, null]}'),
    ]
    assert "agent" in told(batch)[4][1]


def test_totals_move_with_the_answers():
    body = """
seen = [budget.spent(), budget.usd.spent(), budget.remaining(), budget.usd.remaining()]
await agent("x")
return [*seen, budget.spent(), budget.usd.spent(), budget.remaining(), budget.usd.remaining()]
"""
    settle = Settle(0, "x", spent=Spent(70, 1_500_000))
    end = ended(body, [settle], budget=BudgetTotals(100, 2_000_000))

    assert end == Returned([0, 0.0, 100, 2.0, 70, 1.5, 30, 0.5])


def test_a_total_that_is_overspent_leaves_nothing():
    body = "await agent('x')\nreturn [budget.remaining(), budget.usd.remaining()]"
    settle = Settle(0, "x", spent=Spent(700, 9_000_000))

    assert ended(body, [settle], budget=BudgetTotals(100, 2_000_000)) == Returned([0, 0])


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ("{1}", "result: set"),
        ("[b'x']", "result[0]: bytes"),
        ("{'a': [1, {2: 3}]}", "result.a[1]: a key is int, not a text"),
        ("agent", "result: function"),
    ],
)
def test_a_result_that_is_no_json_names_its_place(value, place):
    fault = ended(f"return {value}").fault

    assert fault == Fault("TypeError", f"the result is not JSON: {place}")


def test_the_frames_are_the_scripts_own():
    above = "def inner(n):\n    return 1 / n\n\n\n"
    end = ended("return await parallel([agent('a')]) and inner(0)", [Settle(0, "x")], above=above)

    assert [(frame.line, frame.function) for frame in end.frames] == [(9, "main"), (5, "inner")]
    assert end.fault.name == "ZeroDivisionError"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("class A(dict):\n    pass\n", "NotImplementedError"),
        ("def g():\n    yield 1\n", "NotImplementedError"),
        (f"x = {'-' * 300}1\n", "SyntaxError"),
    ],
)
def test_what_the_sandbox_cannot_read_ends_the_script(text, name):
    assert ended("return 1", above=text).fault.name == name


def test_a_name_that_is_nowhere_is_a_name_error_of_its_line():
    end = ended("return nowhere")

    assert (end.fault.name, end.frames[-1].line) == ("NameError", 5)


@pytest.mark.parametrize(
    "fault", [Fault("ValueError", "why"), Fault("AgentError", "invalid: why"), Fault("Odd", "why")]
)
def test_a_fault_is_raised_at_its_await(fault):
    kind = fault.name if fault.name == "ValueError" else "AgentError"
    body = f"try:\n    await agent('x')\nexcept {kind} as error:\n    return str(error)"

    assert ended(body, [Settle(0, fault=fault)]) == Returned(fault.message)


def test_a_pattern_takes_its_arguments_by_place_and_by_name():
    script = Script(
        "await parallel([vote('a', 3), vote(votes=1, claim='b'), vote()])",
        imports="from hocket.script import vote\n",
        patterns={"vote": ("claim", "votes")},
    )
    (batch,) = script.play()

    assert [payload for _, payload in asked(batch)] == [
        {"name": "vote", "arguments": {"claim": "a", "votes": 3}},
        {"name": "vote", "arguments": {"votes": 1, "claim": "b"}},
        {"name": "vote", "arguments": {}},
    ]
