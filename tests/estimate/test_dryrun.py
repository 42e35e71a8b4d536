"""Dry runs: the real engine, nothing on disk, nobody asked, and an end for every script."""

from __future__ import annotations

import pytest

from hocket.api.calls import Usage
from hocket.estimate.backend import Foresight
from hocket.estimate.dryrun import LEAST, DryRuns, World
from hocket.estimate.history import History
from hocket.estimate.pricing import Pricing
from hocket.estimate.usages import Usages
from hocket.testing import ScriptedBackend
from hocket_plugins.backends.simulate.backend import SimulateBackend
from hocket_plugins.backends.simulate.behaviour import Behaviour

FAN = """
found = await agent("List", schema=LIST, label="list")
return await parallel([agent(f"Audit {x}", label=f"audit {x}") for x in found["items"]])
"""


@pytest.fixture
def draws(shop, ticking):
    """Give a function that makes dry runs of the saved script."""

    def make(args=None, *, world=None, most=6, clock=None, native=False, behaviour="", **more):
        prepared = shop.prepared(args, **more)
        history = History()
        agents = SimulateBackend(Behaviour.told(behaviour))
        usages = Usages(history, Pricing.of(prepared))
        runs = DryRuns(prepared, Foresight(agents, history, usages, native=native))
        clock = clock or ticking(0.0)
        return runs.draws(clock, world or World(), most=most, patience_s=2.5)

    return make


def test_draws_differ_and_are_the_same_every_time(shop, draws):
    shop.save(FAN)
    first, second = draws(), draws()
    assert [one.figures for one in first] == [one.figures for one in second]
    assert len({one.count for one in first}) > 2
    assert {one.state for one in first} >= {"completed"}
    assert all(one.calls[0].lists == {("items",): one.count - 1} for one in first if one.count > 1)


def test_nothing_is_left_and_no_backend_is_asked(shop, draws):
    shop.save(FAN)
    backend = ScriptedBackend({"": "an answer"})
    before = shop.files
    draws(backend=backend)
    assert shop.files == before
    assert backend.calls == []
    assert not (shop.root / ".hocket" / "runs").exists()


def test_time_passes_in_the_draw_alone(shop, draws):
    shop.save("return [await agent(f'q{n}', timeout=7200) for n in range(40)]")
    slow = draws(most=1, native=True, behaviour="latency=600,jitter=0")[0]
    assert slow.figures["seconds"] == pytest.approx(40 * 600)
    shop.save("return await parallel([agent(f'q{n}') for n in range(40)])")
    wide = draws(most=1, native=True, behaviour="latency=600,jitter=0")[0]
    assert wide.figures["seconds"] == pytest.approx(10 * 600)


def test_a_simulated_run_takes_what_simulated_agents_take(shop, draws):
    shop.save("return await parallel([agent(f'q{n}') for n in range(9)])")
    found = draws(native=True, behaviour="tokens=50,price=10,input=7,input_price=1")
    usages = [one.sample.usage for draw in found for one in draw.calls]
    assert {usage.input for usage in usages} == {7}
    assert all(usage.cost_micros == 7 + 10 * usage.output for usage in usages)
    assert {draw.state for draw in found} == {"completed"}


@pytest.mark.parametrize("body", ["while True:\n    await agent('again')"])
def test_a_script_that_never_ends_counts_as_its_cap(shop, draws, body):
    shop.save(body)
    found = draws(max_agents=25, most=5)
    assert {one.count for one in found} == {25}
    assert all(one.capped and one.state == "stopped" for one in found)


def test_a_script_that_only_computes_is_ended(shop, draws):
    shop.save("await agent('q')\nwhile True:\n    pass")
    (one,) = draws(most=1)
    assert (one.count, one.state) == (1, "failed")
    assert "limit cpu" in one.cause


def test_a_script_that_raises_counts_as_far_as_it_came(shop, draws):
    shop.save("await agent('q')\nraise ValueError('no')")
    found = draws(most=5)
    assert {(one.count, one.state) for one in found} == {(1, "failed")}


def test_a_budget_is_known_to_the_script_and_refuses_nothing(shop, draws):
    shop.save(
        "while budget.remaining() > 0:\n    await agent('q', tools=[])\nreturn budget.spent()"
    )
    found = draws(budget_tokens=5_000, most=5)
    assert {one.state for one in found} == {"completed"}
    assert all(5_000 <= one.figures["output"] < 25_000 for one in found)


def test_people_say_yes(shop, draws):
    shop.save(
        "said = [await ask('which?', options=['a', 'b']), await ask('go on?'),"
        " await ask('how?', default='so')]\n"
        "return await parallel([agent(word) for word in said])"
    )
    assert {one.count for one in draws(most=5)} == {3}


def test_child_scripts_run_too(shop, draws):
    shop.save("return await agent('inner')", ".hocket/workflows/child.py")
    shop.save("await workflow('child')\nreturn await agent('outer')")
    found = draws(most=5)
    assert {one.count for one in found} == {2}
    assert {one.state for one in found} == {"completed"}


def test_checks_and_trees_of_their_own_need_nothing(shop, draws):
    shop.save(
        "return await agent('fix', check='tests', isolation='worktree')",
        meta=', "checks": {"tests": "false"}',
    )
    before = shop.files
    found = draws(most=5)
    assert {(one.count, one.state) for one in found} == {(1, "completed")}
    assert shop.files == before


def test_other_worlds_have_shorter_lists(shop, draws):
    shop.save(FAN)
    few = draws(world=World(most={"items": 1}))
    assert {one.count for one in few} <= {1, 2}
    shop.save("return await parallel([agent(x) for x in args['paths']])")
    assert {one.count for one in draws({"paths": ["a", "b", "c"]})} == {3}
    cut = draws({"paths": ["a", "b", "c"]}, world=World(args={"paths": ["a"]}))
    assert {one.count for one in cut} == {1}


def test_the_time_and_the_number_end_it_but_the_least_are_made(shop, draws, ticking):
    shop.save("return await agent('q')")
    assert len(draws(clock=ticking(10.0), most=200)) == LEAST
    assert LEAST < len(draws(clock=ticking(0.1), most=200)) < 20
    assert len(draws(most=7)) == 7


def test_without_any_call_a_few_draws_are_enough(shop, draws):
    shop.save("return 1")
    found = draws(most=200)
    assert len(found) == LEAST
    assert {one.count for one in found} == {0}


def test_an_unknown_price_leaves_no_money(shop, draws):
    shop.save("return await agent('q', model='nobody-knows')")

    class Priced(ScriptedBackend):
        name = "strange"

    (one,) = draws(backend=Priced({}), most=1)
    assert "usd" not in one.figures
    assert one.calls[0].sample.usage == Usage(
        **{
            name: getattr(one.calls[0].sample.usage, name) for name in ("cache_read", "cache_write")
        },
        output=one.calls[0].sample.usage.output,
        cost_micros=None,
    )
