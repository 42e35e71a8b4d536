"""History: what earlier runs of a workflow say, read from their journals."""

from __future__ import annotations

import pytest

from hocket.api.calls import EndState, Usage
from hocket.estimate import history
from hocket.estimate.kinds import Kinds
from hocket.estimate.records import PastRun
from hocket.testing import After, Each, Fail, JumpingClock, ScriptedBackend, Tokens

FAN = """
found = await agent("List", schema=LIST, label="list")
for n, x in enumerate(found["items"]):
    await agent(f"Audit {x}", label=f"audit {n}", phase="Audit", model="big")
"""
USED = Usage(input=10, cache_read=20, cache_write=30, output=40, cost_micros=500)


def answers(count=3, seconds=2.0):
    audit = After(seconds, Tokens(USED, Tokens(USED, "fine")))
    return ScriptedBackend({"List": {"items": ["x"] * count}, "Audit": audit})


def read(shop, name="case", backend="scripted", clock=None):
    store = shop.prepared().project.store()
    return history.read(store, name, backend, clock or JumpingClock())


@pytest.fixture
def fan(shop):
    shop.save(FAN)
    return shop


def known(found, label="audit 7", phase="Audit", model="big"):
    return found.of(Kinds().told({"label": label, "phase": phase, "model": model}))


def test_an_empty_project_has_none(shop):
    shop.save("return 1")
    found = read(shop)
    assert (found.runs, found.measured, found.is_rough, found.effects) == (0, 0, True, [])
    assert found.of(Kinds().told({})).samples == []


def test_calls_are_known_by_their_stem_with_turns_time_and_money(fan):
    fan.run(backend=answers(3))
    fan.run(backend=answers(5, seconds=4.0))
    found = read(fan)
    audits = known(found)
    assert (found.runs, len(audits.samples), audits.failed) == (2, 8, 0)
    models, samples = zip(*audits.samples, strict=True)
    assert {*models} == {"big"}
    assert {sample.turns for sample in samples} == {2}
    assert {sample.seconds for sample in samples} == {2.0, 4.0}
    assert samples[0].usage == USED + USED
    listed = known(found, "list", "", None)
    assert sorted(listed.lengths["items",]) == [3, 5]


def test_failed_calls_count_as_failed_and_teach_nothing_else(shop):
    shop.save("for n in range(4):\n    await attempt(f'Audit {n}', label=f'audit {n}')")
    rules = {"Audit 1": Fail(EndState.STALLED), "": "fine"}
    shop.run(backend=ScriptedBackend(rules))
    audits = known(read(shop), "audit 9", "", None)
    assert (audits.ended, audits.failed, len(audits.samples)) == (4, 1, 3)


def test_long_answers_are_read_from_beside_the_journal(shop):
    shop.save('return len((await agent("List", schema=LIST, label="list"))["items"])')
    shop.run(
        backend=ScriptedBackend({"List": {"items": [f"src/{n:040}.py" for n in range(1_500)]}})
    )
    assert known(read(shop), "list", "", None).lengths["items",] == [1_500]


def test_other_workflows_tell_what_their_agent_types_take(shop):
    shop.save("await agent('q', label='other')", "other.py")
    body = shop.root / "other.py"
    body.write_text(body.read_text().replace('"case"', '"another"'))
    shop.save("return 1")
    shop.run(backend=ScriptedBackend({"": Tokens(USED, "x")}), name="other.py")
    found = read(shop)
    kind = Kinds().told({"label": "new", "phase": "P"})
    assert (found.runs, found.of(kind).samples) == (0, [])
    assert [sample.usage for _, sample in found.of_type(kind).samples] == [USED]
    assert known(read(shop, "another"), "other", "", None).ended == 1


def test_runs_of_made_up_agents_count_among_themselves(fan):
    fan.choices = {"backend": "simulate"}
    fan.run()
    fan.choices = {}
    fan.run(backend=answers())
    assert read(fan, backend="scripted").runs == 1
    assert read(fan, backend="agent_loop").runs == 1
    assert read(fan, backend="simulate").runs == 1
    assert read(fan, backend="replay").runs == 0


def base(**figures):
    return {"base": figures}


def test_ratios_compare_a_run_with_what_its_estimate_said(fan):
    fan.run(backend=answers(3), shown=base(calls=2, output=120, usd=0.006, seconds=3, input=100))
    found = read(fan)
    assert found.ratios == {
        "calls": [2.0],
        "output": [2.0],
        "usd": [0.5],
        "seconds": [2.0],
        "input": [3.6],
    }
    assert found.measured == 1


def test_runs_that_were_not_estimated_or_at_nothing_have_no_ratio(fan):
    fan.run(backend=answers())
    fan.run(backend=answers(), shown=base(calls=0, usd="?", seconds=6))
    assert read(fan).ratios == {"seconds": [1.0]}


def test_a_failed_run_counts_for_agents_alone(shop):
    shop.save("await agent('a')\nawait agent('b')\nraise ValueError('no')")
    shop.run(backend=ScriptedBackend({"": Tokens(USED, "x")}), shown=base(calls=4, output=10))
    found = read(shop)
    assert found.ratios == {"calls": [0.5]}
    assert found.measured == 0
    assert found.runs == 1


def test_calls_that_were_never_dispatched_are_not_counted(shop):
    shop.save("for n in range(5):\n    await agent(f'q{n}')")
    shop.run(shown=base(calls=3), max_agents=3)
    assert read(shop).ratios["calls"] == [1.0]


def test_nine_measured_runs_are_enough(shop):
    shop.save("return await agent('q')")
    for _ in range(9):
        assert read(shop).is_rough
        shop.run(backend=ScriptedBackend({"": Tokens(USED, "x")}), shown=base(output=20))
    found = read(shop)
    assert (found.measured, found.is_rough, found.ratios["output"]) == (9, False, [2.0] * 9)


def test_effects_tell_how_much_whole_runs_differ(shop):
    shop.save("for n in range(3):\n    await agent(f'q {n}', label=f'q {n}')")
    for factor in (1, 3):
        usage = Usage(output=100 * factor)
        shop.run(backend=ScriptedBackend({"": Tokens(usage, "x")}))
    assert sorted(read(shop).effects) == [0.5, 1.5]


def test_time_bounds_the_reading_and_one_run_is_always_read(shop, ticking):
    shop.save("return await agent('q', label='q')")
    for n in range(4):
        shop.run(backend=ScriptedBackend({"": Tokens(Usage(output=n + 1), "x")}))
    slow = read(shop, clock=ticking(0.4))
    assert slow.runs == 1
    assert len(known(slow, "q", "", None).samples) == 1


def test_without_time_other_workflows_are_not_read(shop, ticking):
    shop.save("return await agent('q', label='q')")
    shop.run(backend=ScriptedBackend({"": Tokens(USED, "x")}))
    kind = Kinds().told({"label": "new"})
    assert read(shop, "another").of_type(kind).ended == 1
    assert read(shop, "another", clock=ticking(2.0)).of_type(kind).ended == 0


def test_a_journal_that_is_none_or_torn_says_what_it_can(shop):
    shop.save("return await agent('q', label='q')")
    shop.run()
    (folder,) = (shop.root / ".hocket" / "runs").glob("[0-9a-f]*")
    journal = folder / "journal.jsonl"
    whole = journal.read_bytes()
    journal.write_bytes(whole[: whole.rindex(b'"t":"closed"')])
    store = shop.prepared().project.store()
    torn = PastRun(store, folder.name)
    assert (torn.name, torn.backend, torn.actual()) == ("case", "scripted", {})
    assert len([*torn.calls()]) == 1
    journal.write_bytes(b"not a journal\n")
    assert PastRun(store, folder.name).name == ""
    assert read(shop).runs == 0


def test_a_call_that_ran_again_is_told_by_its_last_start(shop):
    shop.save("return [await agent('q', label='q'), await agent('q', label='q')]")
    each = Each([Tokens(Usage(output=1), "a"), Tokens(Usage(output=2), "b")])
    shop.run(backend=ScriptedBackend({"": each}))
    samples = known(read(shop), "q", "", None).samples
    assert [sample.usage.output for _, sample in samples] == [1, 2]
