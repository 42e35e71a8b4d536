"""Nested workflows: three deep, sixteen at once, interrupted and resumed."""

from __future__ import annotations

import pytest

from hocket.api.events import CallAsked
from hocket.testing import After, Fail, Hang

ECHO = {"": lambda call: call.prompt}


def nest(theatre, deep):
    """Save workflows that call each other so many levels deep, with an agent before and after."""
    for level in range(1, deep + 1):
        inner = f'await workflow("level{level + 1}", args + 1)' if level < deep else "args"
        theatre.save(
            f"level{level}",
            f"""
            log(f"level {level}")
            before = await agent(f"before {level}")
            found = {inner}
            return [before, found, await agent(f"after {level}")]
            """,
        )


def test_three_levels_deep_all_is_counted_in_one_total(theatre):
    nest(theatre, 3)

    outcome = theatre.play("return await workflow('level1', 1)", ECHO, flags={"max_agents": 6})

    third = ["before 3", 3, "after 3"]
    second = ["before 2", third, "after 2"]
    assert outcome.result == ["before 1", second, "after 1"]
    assert outcome.census == {"ok": 6}
    assert outcome.log == ["[level1] level 1", "[level2] level 2", "[level3] level 3"]
    phases = [e.phase for e in outcome.events if isinstance(e, CallAsked)]
    assert phases == ["▸ level1", "▸ level2", "▸ level3", "▸ level3", "▸ level2", "▸ level1"]


@pytest.mark.parametrize("left_at", range(1, 7))
def test_three_levels_deep_an_interruption_repeats_nothing(theatre, left_at):
    nest(theatre, 3)
    runs = []

    def interrupted(call):
        if call.number == left_at:
            runs[0].leave("suspended", "told to")
            return Fail(cause="cut off")
        return call.prompt

    body = "return await workflow('level1', 1)"
    before = theatre.play(body, {"": interrupted}, ready=runs.append)
    after = theatre.again(before, ECHO)
    last = theatre.again(after, {})

    assert len(before.prompts) + len(after.prompts) == 7
    assert set(before.prompts[:-1]).isdisjoint(after.prompts)
    assert (last.result, last.prompts) == (after.result, [])
    assert after.result[0] == "before 1"


def test_four_levels_are_one_too_many(theatre):
    nest(theatre, 4)

    outcome = theatre.play("return await workflow('level1', 1)", ECHO)

    assert outcome.status == "failed"
    assert 'RuntimeError: workflow("level4"): nested deeper than 3' in outcome.cause
    assert outcome.prompts == ["before 1", "before 2", "before 3"]


def test_at_most_sixteen_are_alive_per_level(theatre):
    theatre.save("kid", "await agent(f'{args}')\nreturn args")
    body = "return await parallel([workflow('kid', i) for i in range(20)])"

    outcome = theatre.play(body, {"": After(10.0, "x")}, flags={"concurrency": 64})

    assert outcome.result == [*range(20)]
    assert outcome.report["elapsed_s"] == 20.0


def test_what_a_child_raises_its_caller_sees(theatre):
    theatre.save("kid", "raise KeyError('gone')")
    body = """
        try:
            await workflow("kid")
        except KeyError as error:
            return str(error)
        """

    assert theatre.play(body).result == "'gone'"


def test_when_a_child_raises_only_its_own_calls_end(theatre):
    theatre.save("kid", "agent('of the kid')\nawait agent('quick')\nraise ValueError('no')")
    body = """
        mine = agent("mine")
        try:
            await workflow("kid")
        except ValueError as error:
            return [str(error), await mine]
        """
    answers = {"of the kid": Hang(), "quick": "x", "mine": After(60.0, "kept")}

    outcome = theatre.play(body, answers, flags={"concurrency": 4})

    assert outcome.result == ["no", "kept"]
    assert outcome.census == {"ok": 2, "cancelled": 1}


def test_when_the_script_raises_its_children_end_too(theatre):
    theatre.save("kid", "await agent('hangs')")
    body = "workflow('kid')\nawait agent('quick')\nraise ValueError('no')"

    outcome = theatre.play(
        body, {"hangs": Hang(), "quick": After(5.0, "x")}, flags={"concurrency": 4}
    )

    assert (outcome.status, outcome.report["elapsed_s"]) == ("failed", 5.0)
    assert outcome.census == {"ok": 1, "cancelled": 1}


def test_a_child_that_a_failure_is_in_runs_again_and_asks_for_that_call(theatre):
    theatre.save("kid", "return [await agent('fails'), await agent('fine')]")

    before = theatre.play("return await workflow('kid')", {"fails": Fail(), "": "x"})
    after = theatre.again(before, {"": "y"})

    assert (before.result, after.result) == ([None, "x"], ["y", "x"])
    assert after.prompts == ["fails"]


def test_a_failure_deep_inside_lets_the_levels_above_run_again(theatre):
    nest(theatre, 2)

    before = theatre.play("return await workflow('level1', 1)", {"after 2": Fail(), **ECHO})
    after = theatre.again(before, ECHO)

    assert before.census == {"ok": 3, "error": 1}
    assert after.prompts == ["after 2"]


def test_arguments_are_the_childs_own_matter(theatre):
    theatre.save(
        "kid",
        "return args",
        meta='"args": {"type": "object", "properties": {"n": {"type": "integer", "default": 7}}}',
    )
    body = """
        told = [await workflow("kid", {"m": 1})]
        try:
            await workflow("kid", {"n": "x"})
        except AgentError as error:
            return [*told, str(error)]
        """

    found, error = theatre.play(body).result

    assert found == {"m": 1, "n": 7}
    assert error.startswith('workflow("kid"): args/n')


@pytest.mark.parametrize(
    ("ref", "shown"), [('"nobody"', '"nobody"'), ('{"script_path": "x.py"}', "{'script_path'")]
)
def test_what_is_not_there_is_named_as_it_was_asked_for(theatre, ref, shown):
    body = f"""
        try:
            await workflow({ref})
        except AgentError as error:
            return str(error)
        """

    assert theatre.play(body).result.startswith(f"workflow({shown}")
