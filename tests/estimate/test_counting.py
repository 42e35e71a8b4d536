"""Patterns in a dry run: what they say of their calls, and what they really make."""

from __future__ import annotations

import pytest
from pydantic import BaseModel

from hocket.api.patterns.context import Ask, CallCount
from hocket.estimate.counting import Lent
from hocket.estimate.tally import Draw
from hocket.testing import run


class Items(BaseModel):
    items: list[str]
    inner: bool = False


class Twice:
    """Asks two agents about each item; with `inner` it lets another of its kind do it."""

    name = "twice"
    version = 1
    arguments = Items
    said = 2.0

    async def run(self, context, arguments):
        if arguments.inner:
            return await context.pattern("twice", {"items": arguments.items})
        context.note(f"seed {context.seed > 0}")
        for item in arguments.items:
            for k in range(2):
                await context.attempt(Ask(prompt=f"{item} {k}", options={"label": f"look {k}"}))
        return {"complete": True}

    def calls(self, arguments):
        count = len(arguments.items)
        return CallCount(self.said * count, 4 * count)


@pytest.fixture
def patterned(shop):
    shop.patterns = [Twice()]
    return shop


def test_the_bound_is_that_of_patterns_and_the_scripts_own_calls(patterned):
    patterned.save(
        "from hocket.script import twice\n\nasync def main():\n"
        "    await agent('first')\n    return await twice(['a', 'b', 'c'])"
    )
    made = patterned.estimate()
    assert made.at_most == 1 + 4 * 3
    assert made.figures["calls"].p50 == 7
    assert not made.notes


def test_the_cap_is_a_bound_too(patterned):
    patterned.save(
        "from hocket.script import twice\n\nasync def main():\n    await twice(['a'] * 9)"
    )
    assert patterned.estimate(max_agents=20).at_most == 20


def test_a_pattern_within_a_pattern_is_part_of_the_outer_one(patterned):
    patterned.save(
        "from hocket.script import twice\n\nasync def main():\n"
        "    return await twice(['a', 'b'], inner=True)"
    )
    made = patterned.estimate()
    assert (made.figures["calls"].p50, made.at_most) == (4, 8)
    assert not made.notes


def test_a_forecast_that_is_far_off_is_told(patterned):
    class Wrong(Twice):
        said = 0.1

    patterned.patterns = [Wrong()]
    patterned.save(
        "from hocket.script import twice\n\nasync def main():\n    await twice(['a', 'b'])"
    )
    assert patterned.estimate().notes == ("patterns made 4 calls in the mean, and expected 0",)


async def _screened(name):
    class Context:
        async def screen(self, name, item):
            return f"{name} of {item}"

    return await Lent(Context(), Draw()).screen(name, "x")


@pytest.mark.parametrize(
    ("name", "passed"),
    [
        ("text_key", "text_key of x"),
        ("quote_in_source", "ok"),
        ("numbers_match", "ok"),
        ("citations", []),
        ("a-check", "ok"),
    ],
)
def test_made_up_texts_pass_their_screens_and_no_command_runs(name, passed):
    assert run(_screened(name)) == passed
