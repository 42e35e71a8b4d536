"""The installed patterns in dry runs: they end, and so do their branches."""

from __future__ import annotations

import pytest

from hocket.estimate.branching import CONFLICTS, Nowhere
from hocket.testing import run

SCRIPTS = {
    "fan_out": "return await fan_out(['a', 'b', 'c'], 'Look at {item}', synthesize='Sum up')",
    "verify": "return await verify(['The sky is blue.', 'Two is odd.', 'Ice is warm.'])",
    "until_done": "return await until_done('Find gaps', schema=LIST, key='items', max_agents=9)",
    "integrate": (
        "work = [await attempt(f'Fix {n}', isolation='worktree', label=f'fix {n}')"
        " for n in range(8)]\nreturn await integrate(work, check='tests')"
    ),
}


@pytest.fixture
def patterned(shop):
    """Give a function that estimates a script with one pattern."""

    def estimate(name, **more):
        shop.save(
            f"from hocket.script import {name}\n\nasync def main():\n    "
            + SCRIPTS[name].replace("\n", "\n    "),
            meta=', "checks": {"tests": "false"}',
        )
        return shop.estimate(most=8, **more)

    return estimate


@pytest.mark.parametrize("name", [*SCRIPTS])
def test_a_pattern_is_estimated_by_running_it(shop, patterned, name):
    made = patterned(name)
    assert 0 < made.figures["calls"].p50 <= made.figures["calls"].p90 <= made.at_most <= 1_000
    assert not any("ended early" in note for note in made.notes), made.notes


def test_nothing_is_left_of_branches_and_trees(shop, patterned):
    patterned("integrate")
    folders = [path.name for path in shop.root.iterdir()]
    assert sorted(folders) == [".hocket", "wf.py"]


async def _integrated(count):
    async with Nowhere() as branch:
        assert (branch.obstacle, branch.head) == (None, branch.base)
        puts = [await branch.put(f"patch {n}") for n in range(count)]
        assert await branch.files("patch 1") == ("patch 1",)
        first = await branch.commit(["one", "two"])
        assert branch.head == first[-1]
        await branch.undo()
        assert await branch.commit([]) == ()
        (third,) = await branch.commit(["three"])
        assert third not in first
        await branch.back_to(first[0])
        assert branch.head == first[0]
        assert (await branch.check("tests")).passed
        return sum(not put.clean for put in puts) / count


def test_most_patches_fit_and_commits_are_told_apart():
    assert run(_integrated(2_000)) == pytest.approx(CONFLICTS, abs=0.015)
