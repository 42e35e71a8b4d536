"""Estimates from end to end: a project in, what a person is told out."""

from __future__ import annotations

import json

import pytest

from hocket.api.calls import Usage
from hocket.errors import UsageError
from hocket.testing import After, ScriptedBackend, Tokens

FAN = """
phase("Find")
found = await agent("List", schema=LIST, label="list", tools=[])
phase("Audit")
audited = await parallel([agent(f"Audit {x}", schema=LIST, label=f"audit {n}")
                          for n, x in enumerate(found["items"])])
phase("Vote")
claims = [x for one in audited if one for x in one["items"]]
votes = await parallel([agent(f"Vote on {x} {n}", schema=VOTE, label=f"vote {n}", tools=[])
                        for n, x in enumerate(claims)])
return len(votes)
"""
GIVEN = """
return await parallel([agent(f"Audit {p}", label=f"audit {p}") for p in args["paths"]])
"""
PRICES = (
    "[prices.big]\ninput = 3.0\noutput = 15.0\ncache_read = 0.3\ncache_write = 3.75\n"
    "[prices.tiny]\ninput = 0.3\noutput = 1.5\ncache_read = 0.03\ncache_write = 0.375\n"
)


class Strange(ScriptedBackend):
    """Agents that are billed by a price list."""

    name = "strange"


@pytest.fixture
def priced(shop):
    """Give a workshop of a person who knows what two models cost."""
    shop.settings(PRICES)
    shop.choices = {"model": "big"}
    return shop


def answers(files=3, issues=2, output=100):
    usage = Usage(output=output, cost_micros=15 * output)
    return Strange(
        {
            "List": Tokens(usage, {"items": [f"f{n}" for n in range(files)]}),
            "Audit": After(5.0, Tokens(usage, {"items": [f"i{n}" for n in range(issues)]})),
            "Vote": Tokens(usage, {"verdict": "yes"}),
        }
    )


def test_without_history_it_is_rough_and_says_so(priced):
    priced.save(FAN, meta=', "phases": ["Find", "Audit", "Vote"]')
    made = priced.estimate(backend=Strange({}), most=20)
    assert (made.rough, made.runs, made.measured, made.draws) == (True, 0, 0, 20)
    assert {*made.figures} == {"calls", "input", "output", "usd", "seconds"}
    for one in made.figures.values():
        assert 0 < one.p50 <= one.p90
    usd = made.figures["usd"]
    assert usd.p90 >= 3 * usd.p50
    assert made.at_most == 1_000
    assert made.over_budget is None
    assert (made.broken, made.proposals) == (None, ())


def test_the_drivers_and_the_formula_name_the_places_of_the_script(priced):
    priced.save(FAN, meta=', "phases": ["Find", "Audit", "Vote"]')
    made = priced.estimate(backend=Strange({}), most=30)
    assert [driver.site for driver in made.drivers] == ["Audit", "Vote", "Find: list"]
    assert sum(driver.share for driver in made.drivers) == pytest.approx(1.0, abs=0.01)
    assert made.drivers[0].usd == pytest.approx(
        made.figures["usd"].p50 * made.drivers[0].share, rel=0.01
    )
    written, legend, turns = made.growth
    assert written.startswith("$ ≈ ")
    assert written.count(" \N{MULTIPLICATION SIGN} ") == 2
    assert "items of Find: list" in written
    assert "in answers of Audit" in legend
    assert "grows with the square of its turns: 18 turns $0.20" in turns


def test_history_makes_it_narrow_and_right(priced):
    priced.save(FAN)
    shown = priced.estimate(backend=answers(), most=5).kept
    for _ in range(8):
        priced.run(backend=answers(), shown=shown)
    shown = priced.estimate(backend=answers(), most=5).kept
    report = priced.run(backend=answers(), shown=shown)
    assert report["census"] == {"ok": 1 + 3 + 6}
    made = priced.estimate(backend=answers(), most=9)
    assert (made.rough, made.runs, made.measured) == (False, 9, 9)
    assert made.figures["calls"].p50 == 10
    assert made.figures["output"].p50 == pytest.approx(1_000, rel=0.05)
    assert made.figures["usd"].p50 == pytest.approx(0.015, rel=0.05)
    assert made.figures["seconds"].p50 == pytest.approx(5.0, rel=0.05)
    assert "items" in made.growth[0]


def test_what_a_run_was_shown_stands_in_its_journal(priced):
    priced.save(GIVEN)
    made = priced.estimate({"paths": ["a", "b"]}, backend=answers())
    priced.run({"paths": ["a", "b"]}, backend=answers(), shown=made.kept)
    (folder,) = (priced.root / ".hocket" / "runs").glob("[0-9a-f]*")
    header = json.loads((folder / "journal.jsonl").read_text().splitlines()[0])
    assert header["estimate"] == made.kept
    assert header["estimate"]["figures"]["calls"] == {"p50": 2, "p90": 2}
    assert {*header["estimate"]} == {
        "figures", "base", "at_most", "draws", "runs", "measured", "rough",
    }  # fmt: skip


def test_a_run_that_nobody_estimated_has_none(priced):
    priced.save("return 1")
    priced.run(backend=answers())
    (folder,) = (priced.root / ".hocket" / "runs").glob("[0-9a-f]*")
    assert "estimate" not in json.loads((folder / "journal.jsonl").read_text().splitlines()[0])


def test_calls_that_are_always_so_many_are_certain(priced):
    priced.save(GIVEN)
    made = priced.estimate({"paths": ["a", "b", "c", "d"]}, backend=Strange({}))
    calls = made.figures["calls"]
    assert (calls.p50, calls.p90, made.at_most) == (4, 4, 4)
    assert made.growth[0].startswith("$ ≈ paths \N{MULTIPLICATION SIGN} ")
    assert made.growth[1] == "with paths 4 (in the arguments)"


def test_a_list_by_itself_can_be_the_arguments(priced):
    priced.save("return await parallel([agent(x) for x in args])")
    made = priced.estimate(["a", "b", "c"], backend=Strange({}))
    assert made.growth[0].startswith("$ ≈ items \N{MULTIPLICATION SIGN} ")


def test_an_unknown_price_is_said_and_growth_is_in_tokens(shop):
    shop.save(FAN)
    made = shop.estimate(backend=Strange({}))
    assert "usd" not in made.figures
    assert made.as_json()["figures"]["usd"] is None
    assert made.drivers[0].usd is None
    assert made.growth[0].startswith("thousand tokens ≈ ")
    assert made.notes == (
        "the price of the model is unknown: [prices] in your own settings says it",
    )
    shop.choices = {"model": "odd-1"}
    (note,) = shop.estimate(backend=Strange({})).notes
    assert note.startswith("the price of odd-1 is unknown")


def test_earlier_runs_know_a_price_that_no_table_has(shop):
    shop.save(FAN)
    shop.run(backend=answers())
    assert shop.estimate(backend=answers()).figures["usd"].p50 > 0


def test_free_agents_cost_nothing(shop):
    shop.save(FAN)
    made = shop.estimate()
    assert made.figures["usd"].p90 == 0
    assert made.growth[0].startswith("thousand tokens ≈ ")
    assert not made.notes


def test_a_script_without_agents_has_nothing_to_estimate(shop):
    shop.save("return 1")
    made = shop.estimate(most=50)
    assert made.figures["calls"].p90 == made.at_most == 0
    assert (made.drivers, made.growth) == ((), ())
    assert made.draws == 5


def test_most_runs_that_raise_are_a_note(shop):
    shop.save("await agent('q')\nraise ValueError('no such thing')")
    (note,) = shop.estimate().notes
    assert note.startswith("most dry runs ended early: wf.py:")
    assert note.endswith("ValueError: no such thing")


def test_a_script_that_never_ends_is_told(shop):
    shop.save("while True:\n    await agent('again')")
    made = shop.estimate(max_agents=20, most=5)
    assert made.notes == ("5 of 5 dry runs asked for more agents than the cap",)
    assert (made.figures["calls"].p50, made.at_most) == (20, 20)


def test_a_draw_that_takes_too_long_is_cut_and_told(shop, ticking):
    shop.save("return await parallel([agent(f'q{n}') for n in range(30)])")
    made = shop.estimate(clock=ticking(1.0))
    assert made.notes == ("5 of 5 dry runs were too long to finish: this says too little",)
    assert made.at_most == 1_000


def test_a_small_budget_is_over_and_shorter_lists_are_proposed(priced):
    priced.save(GIVEN)
    paths = {"paths": [f"src/{n}.py" for n in range(12)]}
    free = priced.estimate(paths, backend=Strange({}))
    most = round(free.figures["usd"].p90 / 2, 2)
    made = priced.estimate(paths, backend=Strange({}), budget_usd=most)
    assert made.broken == "usd"
    assert 0 < made.over_budget < 1
    cut = next(one for one in made.proposals if one.what.startswith("cut paths"))
    assert cut.fits
    assert cut.p50 <= cut.p90 <= most
    length = int(cut.what.rpartition(" to ")[2].partition(",")[0])
    assert 1 <= length < 12
    routed = next(one for one in made.proposals if one.what == "route the script to tiny")
    assert routed.p90 == pytest.approx(free.figures["usd"].p90 / 10, rel=0.05)
    assert made.proposals[0].fits


def test_a_list_in_answers_can_be_cut_as_well(priced):
    priced.save(FAN, meta=', "phases": ["Find", "Audit", "Vote"]')
    free = priced.estimate(backend=Strange({}), most=20)
    made = priced.estimate(
        backend=Strange({}), most=20, budget_usd=round(free.figures["usd"].p90 / 3, 2)
    )
    whats = [one.what for one in made.proposals]
    assert sum(what.startswith("cut items (everywhere) to ") for what in whats) == 1
    assert any(what == "route phase Audit to tiny" for what in whats)
    for one in made.proposals:
        assert one.p90 < free.figures["usd"].p90


def test_a_budget_in_tokens_is_met_by_shorter_lists_alone(priced):
    priced.save(GIVEN)
    paths = {"paths": [f"src/{n}.py" for n in range(12)]}
    made = priced.estimate(paths, backend=Strange({}), budget_tokens=30_000)
    assert made.broken == "output"
    assert [one.what.partition(" ")[0] for one in made.proposals] == ["cut"]
    assert made.proposals[0].p90 < made.figures["output"].p90


def test_a_budget_that_is_enough_needs_no_proposal(priced):
    priced.save(GIVEN)
    made = priced.estimate({"paths": ["a"]}, backend=Strange({}), budget_usd=90)
    assert (made.broken, made.over_budget, made.proposals) == (None, 0.0, ())


def test_a_budget_that_nothing_meets_says_what_comes_closest(priced):
    priced.save("return await agent('q')")
    made = priced.estimate(backend=Strange({}), budget_usd=0.01)
    assert made.broken == "usd"
    assert not any(one.fits for one in made.proposals)


def test_without_agents_to_make_answers_up_there_is_none(shop):
    shop.save("return 1")
    (shop.root / ".hocket" / "config.toml").write_text('[plugins]\nblock = ["backends.simulate"]\n')
    with pytest.raises(UsageError, match="'simulate' is blocked or not installed"):
        shop.estimate()


def test_nothing_of_it_stays(priced):
    priced.save(FAN)
    before = priced.files
    priced.estimate(backend=Strange({}), budget_usd=0.05)
    assert priced.files == before


def test_the_same_is_estimated_the_same(priced):
    priced.save(FAN)
    one, two = (priced.estimate(backend=Strange({}), most=8).as_json() for _ in range(2))
    assert one == two
    json.dumps(one)
