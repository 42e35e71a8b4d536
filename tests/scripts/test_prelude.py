"""The sandbox's own part of the language: names, stages and thunks as scripts really write them."""

from __future__ import annotations

import asyncio

import pytest

from hocket.api.scripts import BudgetTotals, Emit, Returned, ScriptLimits, Settle, Start
from hocket.scripts import prelude
from hocket.scripts.python import PythonHost

HEAD = (
    '"""A script."""\n'
    "from hocket.script import AgentError, agent, parallel, pipeline\n"
    'meta = {"name": "x"}\n'
)


def ended(body, *, above=""):
    """Run a script whose agents give their prompts in capitals; gives its end and its notes."""
    inside = body.strip("\n").replace("\n", "\n    ")
    script = PythonHost().read(f"{HEAD}{above}async def main():\n    {inside}\n", "s.py")
    start = Start(script, None, has_args=False, budget=BudgetTotals(), limits=ScriptLimits())
    notes = []

    async def main():
        async with PythonHost().open(start) as process:
            batch = await process.resume(())
            while batch.end is None:
                notes.extend(m.text for m in batch.messages if isinstance(m, Emit))
                calls = [m for m in batch.messages if not isinstance(m, Emit)]
                batch = await process.resume([answer(call) for call in calls])
            notes.extend(m.text for m in batch.messages if isinstance(m, Emit))
            return batch.end

    def answer(call):
        prompt = call.payload["prompt"]
        return Settle(call.id, prompt.upper())

    return asyncio.run(main()), notes


def result(body, **given):
    end, _ = ended(body, **given)
    assert isinstance(end, Returned), end
    return end.value


@pytest.mark.parametrize(
    "name",
    ["list", "dict", "enumerate", "isinstance", "len", "str", "type", "tuple", "int", "max"],
)
def test_what_a_script_calls_its_own_names_never_reaches_the_prelude(name):
    above = f"def {name}(*given):\n    raise KeyError('mine')\n\n\n"
    body = "return await pipeline(['a', 'b'], agent) + await parallel([agent('c'), lambda: 1])"

    assert result(body, above=above) == ["A", "B", "C", 1]


def test_names_with_an_underline_are_free_for_scripts():
    above = "_asyncio = _json = _made = _host_spent = None\n\n\n"

    assert result("return await parallel([agent('a'), agent('b')])", above=above) == ["A", "B"]


@pytest.mark.parametrize(
    ("stage", "found"),
    [
        ("lambda p: [p]", [["a"]]),
        ("lambda p, k=3: [p, k]", [["a", 3]]),
        ("lambda *a: [*a]", [["a"]]),
        ("lambda p, item: [p, item]", [["a", "a"]]),
        ("lambda p, item, i: [p, item, i]", [["a", "a", 0]]),
        ("lambda p, item, i, k=7: [p, item, i, k]", [["a", "a", 0, 7]]),
        ("three", [["a", "a", 0]]),
        ("deep", [["A", "a"]]),
    ],
)
def test_a_stage_gets_as_many_arguments_as_it_needs(stage, found):
    above = """
async def three(p, item, i):
    return [p, item, i]


async def deep(p, item):
    return [await agent(p), item]


"""
    assert result(f"return await pipeline(['a'], {stage})", above=above) == found


def test_a_stage_that_needs_four_is_an_error_of_its_item():
    end, notes = ended(
        "return await pipeline(['a'], four)", above="def four(a, b, c, d): return 1\n"
    )

    assert end == Returned([None])
    assert notes[0].startswith("pipeline[0]: TypeError: four() missing 3 required positional")


def test_a_type_error_inside_of_a_stage_is_its_own():
    """Only the sandbox's message about missing arguments asks for more of them."""
    above = """
def calls(p):
    return needs(p)


def needs(p, q, r):
    return 1


def picky(p, item):
    raise TypeError("picky() takes 1 positional argument but 2 were given")


"""
    end, notes = ended("return await pipeline(['a'], calls)", above=above)
    _, other = ended("return await pipeline(['a'], picky)", above=above)

    assert end == Returned([None])
    assert notes[0].startswith("pipeline[0]: TypeError: needs() missing 2 required")
    assert other[0].startswith("pipeline[0]: TypeError: picky() ")


def test_a_thunk_may_be_anything_that_can_be_called():
    above = """
class Callable:
    def __call__(self):
        return agent("a")


async def later():
    return await agent("b")


"""
    body = "return await parallel([Callable(), later, later(), lambda: 5, agent('c'), len])"
    end, notes = ended(body, above=above)

    assert end == Returned(["A", "B", "B", 5, "C", None])
    assert len(notes) == 1
    assert notes[0].startswith("parallel[5]: TypeError: ")


def test_an_object_that_cannot_be_called_is_misuse():
    above = "class Thing:\n    pass\n\n\n"
    body = """
try:
    await parallel([Thing()])
except TypeError as error:
    return str(error)
"""

    assert result(body, above=above) == "parallel(): item 0 is Thing, not a function or a call"


@pytest.mark.parametrize("call", ["parallel", "pipeline"])
@pytest.mark.parametrize("items", ["'ab'", "{'a': 1}", "5", "None"])
def test_items_are_a_list(call, items):
    stages = ", agent" if call == "pipeline" else ""
    kind = {"'": "str", "{": "dict", "5": "int", "N": "NoneType"}[items[0]]
    body = f"""
try:
    await {call}({items}{stages})
except TypeError as error:
    return str(error)
"""

    assert result(body) == f"{call}(): the items are a {kind}, not a list"


@pytest.mark.parametrize("items", ["('a', 'b')", "{'a', 'b'}", "range(2)", "iter(['a', 'b'])"])
def test_and_may_be_whatever_can_be_walked(items):
    assert len(result(f"return await pipeline({items}, lambda p: agent(str(p)))")) == 2


def test_what_a_result_holds_is_checked_to_its_depths():
    above = "class Thing:\n    pass\n\n\n"
    end, _ = ended("return {'a': [1, ('x', {'b': Thing()})]}", above=above)

    assert end.fault.message == "the result is not JSON: result.a[1][1].b: Thing"


def test_every_name_of_the_language_has_a_value_in_the_sandbox():
    for name in prelude.NAMES:
        if name not in prelude.HOST_FUNCTIONS:
            assert f"_api_{name}" in prelude.SOURCE
