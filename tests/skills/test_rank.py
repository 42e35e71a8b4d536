"""`/rank` on planted items: how right the order is, what it costs, what a failure may not do."""

from __future__ import annotations

import json
import os
from pathlib import Path
from statistics import fmean

import pytest
from planted.backend import PlantedBackend
from planted.items import ASPECTS, CRITERION, PlantedItems
from planted.mortal import run_and_die

from hocket.errors import UsageError
from hocket.testing import Stage, resume_script, run_command
from hocket.testing.standin import Answered, Reply, StandIn, serving

SPEARMAN, SHARE, NEAR = 0.91, 0.72, 0.93
TEN = 10


def words(world, *flags):
    return ["/rank", CRITERION, "--items", world.file, *flags]


def ranked(world, project, *flags, **how):
    """Rank a world; gives the result, its labels best first, and the backend."""
    world.write(project)
    backend = PlantedBackend(world.agents(), seed=world.seed, **how)
    ended = run_command(words(world, *flags), backend, project=project)
    assert ended.status == "completed", ended.cause
    return ended.result, [row["label"] for row in ended.result["data"]["ranking"]], backend


@pytest.mark.slow
def test_a_thousand_items_in_602_calls_and_one_for_the_aspects(hocket_project):
    world = PlantedItems(seed=1, count=1_000)
    result, order, backend = ranked(world, hocket_project)

    assert len(backend.calls) == 602 + 1
    assert world.spearman(order) >= SPEARMAN
    assert result["complete"] is True
    assert result["data"]["aspects"] == ASPECTS
    agreement = result["data"]["agreement"]
    assert agreement["split_half"] <= world.spearman(order) + 0.01
    assert world.spearman(order) <= agreement["at_most"] + 0.01


def test_the_top_few_cost_less_than_the_whole_order(hocket_project):
    world = PlantedItems(seed=2, count=200)
    result, order, backend = ranked(world, hocket_project, "--top", "5")

    assert len(backend.calls) == 96 + 1
    assert world.share(order, 5, 10) >= 0.8  # one draw; the means are proved below
    edge = result["data"]["boundary"]
    assert 0 < len(edge) < 50
    assert {*edge} <= {*order[:50]}


@pytest.mark.slow
def test_the_figures_hold_in_the_mean(hocket_project):
    spearman, share, near = [], [], []
    for seed in range(10, 20):
        world = PlantedItems(seed, 1_000)
        spearman.append(world.spearman(ranked(world, hocket_project)[1]))
        _, best, backend = ranked(world, hocket_project, "--top", "10")
        assert len(backend.calls) == 430 + 1
        share.append(world.share(best, TEN, TEN))
        near.append(world.share(best, TEN, 2 * TEN))
    told = f"Spearman {fmean(spearman):.3f}, share {fmean(share):.2f}, near {fmean(near):.2f}"
    assert fmean(spearman) >= SPEARMAN, told
    assert fmean(share) >= SHARE, told
    assert fmean(near) >= NEAR, told


def test_what_is_told_of_an_order(hocket_project):
    world = PlantedItems(seed=3, count=30, spread="easy")
    result, order, _ = ranked(world, hocket_project)
    data = result["data"]

    assert sorted(order) == sorted(world.truth)
    assert [row["place"] for row in data["ranking"]] == sorted(r["place"] for r in data["ranking"])
    strengths = [row["strength"] for row in data["ranking"]]
    assert strengths == sorted(strengths, reverse=True)
    assert {row["tied"] for row in data["ranking"]} == {True, False}
    (table,) = data["tables"]
    assert (table["title"], len(table["rows"])) == ("ranking", 30)
    assert table["rows"][0][:2] == [1, order[0]]
    assert data["coverage"] == [{"unit": "items", "done": 30, "total": 30, "missing": []}]
    assert all(aspect in result["report"] for aspect in ASPECTS)
    assert f"First stand: {order[0]};" in result["report"]


def test_aspects_of_a_person_are_asked_instead_and_braces_in_them_are_braces(hocket_project):
    world = PlantedItems(count=12)
    flags = ("--aspects", "Is {item} due?", "--aspects", "Is it {urgent}?")
    result, _, backend = ranked(world, hocket_project, *flags)

    assert {call.options.role for call in backend.calls} == {"judge"}
    assert all("- Is {item} due?\n- Is it {urgent}?" in call.prompt for call in backend.calls)
    assert result["data"]["aspects"] == ["Is {item} due?", "Is it {urgent}?"]


def test_the_best_one_is_found_by_a_tournament(hocket_project):
    world = PlantedItems(seed=4, count=16, spread="easy")
    result, order, _ = ranked(world, hocket_project, "--top", "1")

    assert order[0] in world.best(2)
    assert 0.5 < result["data"]["ranking"][0]["p_best"] <= 1.0
    assert "share a place" not in result["report"]


def test_files_are_ranked_by_judges_who_may_read_them(hocket_project):
    for name in ("a", "b", "c"):
        (hocket_project / f"{name}.md").write_text(f"text {name}\n")
    world = PlantedItems()
    roles = {**world.agents(), "judge": lambda: {"order": ["A", "B"]}}
    backend = PlantedBackend(roles)
    line = ["/rank", "clarity", "--files", "*.md"]
    ended = run_command(line, backend, project=hocket_project)

    judges = [call for call in backend.calls if call.options.role == "judge"]
    assert {call.options.tools for call in judges} == {("Read",)}
    assert {path for call in judges for path in call.options.item} == {"a.md", "b.md", "c.md"}
    assert all("path of a file" in call.prompt for call in judges)
    assert ended.result["complete"] is True


def test_items_and_files_together_or_neither_are_refused_before_any_call(hocket_project):
    world = PlantedItems(count=3)
    world.write(hocket_project)
    backend = PlantedBackend(world.agents())
    both = run_command(words(world, "--files", world.file), backend, project=hocket_project)
    neither = run_command(["/rank", "clarity"], backend, project=hocket_project)

    assert "--items and --files are both given" in both.cause
    assert "expected --items FILE or --files GLOB" in neither.cause
    assert backend.calls == []


def test_a_file_that_is_not_there_is_named_with_its_flag(hocket_project):
    with pytest.raises(UsageError, match=r"/rank: --items: nothing\.csv cannot be read"):
        run_command(["/rank", "x", "--items", "nothing.csv"], project=hocket_project)


def test_words_from_outside_are_ranked_by_readers_and_open_in_the_result_alone(
    hocket_project, monkeypatch
):
    home = Path(os.environ["HOCKET_CONFIG_HOME"])
    (home / "config.toml").write_text('outside_paths = ["*.jsonl"]\n')
    world = PlantedItems(seed=5, count=20, spread="easy")
    _, order, backend = ranked(world, hocket_project)

    judges = [call for call in backend.calls if call.options.role == "judge"]
    assert all(call.options.untrusted for call in judges)
    assert all("read from items.jsonl" in call.prompt for call in judges)
    assert sorted(order) == sorted(world.truth)
    assert world.spearman(order) > 0.8


def test_a_fifth_of_the_agents_failing_costs_certainty_and_nothing_else(hocket_project):
    world = PlantedItems(seed=6, count=120)
    result, order, backend = ranked(world, hocket_project, fail=0.2)

    covered = result["data"]["coverage"][0]
    assert covered["done"] + len(covered["missing"]) == 120
    assert world.spearman(order) > 0.8
    assert result["complete"] is (not covered["missing"] and bool(result["data"]["aspects"]))
    assert len(backend.calls) > 72  # spares were asked


def test_when_every_agent_fails_nothing_is_ordered(hocket_project):
    world = PlantedItems(count=12)
    result, order, _ = ranked(world, hocket_project, fail=1.0)

    assert (order, result["complete"]) == ([], False)
    assert result["report"] == "No comparison was answered: there is no order."
    assert len(result["data"]["coverage"][0]["missing"]) == 12
    assert "could not be restated" in result["data"]["notes"][0]


@pytest.mark.slow
def test_killed_half_way_it_goes_on_and_no_call_is_bought_twice(hocket_project):
    world = PlantedItems(seed=7)
    result, _, whole = ranked(world, hocket_project)
    (run,) = (hocket_project / ".hocket" / "runs").glob("????")
    run.rename(hocket_project / "first")
    run_id, kept = run_and_die(world, words(world), hocket_project, len(whole.calls) // 2)
    again = PlantedBackend(world.agents(), seed=7)
    ended = resume_script(run_id, again, project=hocket_project)

    assert ended.result == result
    assert (len(again.calls), kept > 0) == (len(whole.calls) - kept, True)


def test_on_a_real_wire_judges_get_a_schema_and_no_tool(hocket_project, monkeypatch):
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-nobody")
    PlantedItems(count=4).write(hocket_project)
    seen = []

    def reply(asked):
        text = next(one.text for one in asked.said if one.role == "user" and one.text)
        seen.append((text, sorted(name for name in asked.tools if name != "answer")))
        if "yes/no" in text:
            return Reply(blocks=(Answered({"aspects": ASPECTS}),))
        return Reply(blocks=(Answered({"order": ["A", "B"]}),))

    with serving(StandIn(rules=reply)) as server:
        settings = (
            '[agent_loop]\nprovider = "anthropic"\nmodel = "standin"\n'
            f'[anthropic]\nbase_url = "{server.url}"\n'
        )
        (Path(os.environ["HOCKET_CONFIG_HOME"]) / "config.toml").write_text(settings)
        stage = Stage(choices={"backend": "agent_loop"}, real_time=True)
        ended = run_command(words(PlantedItems()), None, project=hocket_project, stage=stage)

    assert (ended.status, ended.census) == ("completed", {"ok": 1 + 12})
    assert all(tools == [] for _, tools in seen)
    assert all(ASPECTS[0] in text for text, _ in seen if "yes/no" not in text)
    assert ended.result["data"]["agreement"]["split_half"] is not None
    assert json.loads((ended.folder / "result.json").read_text())["complete"] is True
