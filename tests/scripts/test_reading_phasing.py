"""In which phase agents are asked for: said at the call, before it, or by those who call it."""

from __future__ import annotations

import ast
import textwrap

import pytest

from hocket.scripts.reading.phasing import UNTOLD, Phasing

HEAD = "from hocket.script import agent, log, parallel, phase, pipeline, phase as step, verify\n"


def read(script):
    """Give what is asked, as (line of the script, host's name, phases)."""
    phasing = Phasing(ast.parse(HEAD + textwrap.dedent(script).strip("\n")))
    return [(node.lineno - 1, phasing.host_name(node), phases) for node, phases in phasing.asked()]


def phases(script):
    return [found for _, _, found in read(script)]


def test_the_last_phase_named_before_a_call_holds():
    assert read("""
        async def main():
            await agent("a")
            phase("One")
            await agent("b")
            if True:
                step("Two")
            await parallel([lambda: agent("c"), *[verify([x]) for x in "ab"]])
            log("Three")
            await agent("d")
    """) == [
        (2, "agent", (UNTOLD,)),
        (4, "agent", ("One",)),
        (7, "agent", ("Two",)),
        (7, "verify", ("Two",)),
        (9, "agent", ("Two",)),
    ]


@pytest.mark.parametrize("title", ["title", "f'{1}'", "3", "*titles", ""])
def test_a_phase_that_is_no_plain_text_is_none(title):
    assert phases(f"""
        async def main():
            phase("One")
            phase({title})
            await agent("a")
    """) == [(UNTOLD,)]


def test_a_function_works_in_the_phases_of_those_who_use_it():
    assert phases("""
        async def look(x):
            return await deeper(x)

        async def deeper(x):
            return await agent(x)

        async def unused():
            return await agent("u")

        async def main():
            phase("Find")
            await look("a")
            phase("Judge")
            await pipeline("ab", look)
            phase("Report")
    """) == [("Find", "Judge"), (UNTOLD,)]


def test_a_function_with_a_phase_of_its_own_has_that_one():
    assert phases("""
        async def main():
            phase("One")
            async def inner():
                await agent("before")
                phase("Inner")
                await agent("a")
            await inner()
            await agent("b")
    """) == [("One",), ("Inner",), ("One",)]


def test_methods_are_found_by_their_names():
    assert phases("""
        class Work:
            async def do(self):
                return await agent("a")

        async def main():
            phase("One")
            await Work().do()
    """) == [("One",)]


def test_functions_that_only_call_each_other_have_no_phase():
    assert phases("""
        async def one():
            await agent("a")
            await other()

        async def other():
            await one()

        async def main():
            return 1
    """) == [(UNTOLD,)]


def test_what_works_in_very_many_phases_may_work_in_any():
    uses = "\n".join(f"    phase('{n}')\n    await look()" for n in range(200))
    script = f"async def look():\n    await agent('a')\n\nasync def main():\n{uses}\n"
    (found,) = phases(script)
    assert len(found) == 17
    assert (found[0], found[-1]) == ("0", UNTOLD)


def test_who_hands_agents_on_asks_for_them():
    assert read("""
        import functools
        from functools import partial

        async def main():
            phase("One")
            await parallel(map(agent, "ab"))
            f = partial(agent, tools=["Read"])
            g = functools.partial(verify)
            await f("x")
            return [agent("x"), verify(agent)]
    """) == [
        (6, "agent", ("One",)),
        (7, "agent", ("One",)),
        (8, "verify", ("One",)),
        (10, "agent", ("One",)),
        (10, "verify", ("One",)),
    ]


def test_a_deep_script_is_read_without_recursion():
    sums = "+".join(["1"] * 400)
    assert phases(f"async def main():\n    x = {sums}\n    await agent('a')\n") == [(UNTOLD,)]
