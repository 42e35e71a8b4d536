"""`/explore` with ideas of planted quality: what is kept, why the rest is not, what failures do."""

from __future__ import annotations

import os
from pathlib import Path
from statistics import fmean

import pytest
from planted.backend import PlantedBackend
from planted.ideas import QUESTIONS, TASK, PlantedIdeas
from planted.mortal import run_and_die

from hocket.testing import Stage, resume_script, run_command
from hocket.testing.standin import Answered, Reply, StandIn, serving

WORDS = ["/explore", TASK, *(word for one in QUESTIONS for word in ("--rubric", one))]
MEAN, OWN, IDEAL, SPREAD = 1.25, 1.03, 1.47, 0.05
SKILL = Path(__file__).parents[2] / "skills" / "explore"


def explored(world, project, *flags, **how):
    """Explore a world; gives the result, the numbers of kept ideas, and the backend."""
    backend = PlantedBackend(world.agents(), seed=world.seed, **how)
    ended = run_command([*WORDS, *flags], backend, project=project)
    assert ended.status == "completed", ended.cause
    kept = [row["index"] for row in ended.result["data"]["ranking"]]
    return ended.result, kept, backend


def roles(backend):
    named = [call.options.role for call in backend.calls]
    return {role: named.count(role) for role in dict.fromkeys(named)}


def means(project, seeds):
    """Give the mean quality of what was kept, of the best three, and of a generator's own three."""
    worlds = [PlantedIdeas(seed) for seed in seeds]
    kept = fmean(w.mean(explored(w, project, "--mode", "full")[1]) for w in worlds)
    own = fmean(w.mean(w.self_ranked(3)) for w in worlds)
    return kept, fmean(w.ideal(3) for w in worlds), own


@pytest.mark.slow
def test_what_is_kept_is_nearly_the_best_and_better_than_a_generators_own_choice(hocket_project):
    kept, ideal, own = means(hocket_project, range(100, 500))
    told = f"kept {kept:.3f}, ideal {ideal:.3f}, own {own:.3f}"

    assert abs(ideal - IDEAL) <= SPREAD, told
    assert kept >= MEAN, told
    assert abs(own - OWN) <= SPREAD, told


def test_a_few_worlds_already_show_it(hocket_project):
    kept, ideal, own = means(hocket_project, range(4))

    assert ideal > kept > own * 0.9
    assert kept > ideal - 0.4


def test_what_a_full_look_costs_and_tells(hocket_project):
    world = PlantedIdeas(seed=1)
    result, kept, backend = explored(world, hocket_project, "--mode", "full")
    data = result["data"]

    assert roles(backend) == {"work": 20, "read": 1, "judge": 20 + 30, "synthesize": 1}
    assert result["complete"] is True
    assert [row["place"] for row in data["ranking"]] == [1, 2, 3]
    assert all(0 < row["p_best"] <= 1 for row in data["ranking"])
    (table,) = data["tables"]
    assert {row[0] - 1 for row in table["rows"]} | {*kept} == {*range(20)}
    assert {row[2] for row in table["rows"]} == {"others were better"}
    assert data["coverage"] == [{"unit": "ideas", "done": 20, "total": 20, "missing": []}]
    assert "Idea by idea" in result["report"]
    assert all(row["text"] in result["report"] for row in data["ranking"])


def test_every_author_has_an_angle_of_its_own_and_sees_no_question(hocket_project):
    _, _, backend = explored(PlantedIdeas(seed=1), hocket_project, "--mode", "full")

    authors = [call for call in backend.calls if call.options.role == "work"]
    angles = {call.prompt.rpartition("Your angle: ")[2] for call in authors}
    own = (SKILL / "rubrics" / "angles.md").read_text().splitlines()
    assert angles == {line.removeprefix("- ") for line in own}
    assert not any(question in call.prompt for call in authors for question in QUESTIONS)
    assert all(call.options.tools == () for call in backend.calls)


def test_a_quick_look_decides_by_questions_alone(hocket_project):
    world = PlantedIdeas(seed=2, n=12)
    result, kept, backend = explored(world, hocket_project, "--mode", "quick")

    assert roles(backend) == {"work": 12, "read": 1, "judge": 12, "synthesize": 1}
    scores = [row["score"] for row in result["data"]["ranking"]]
    assert scores == sorted(scores, reverse=True)
    assert result["data"]["ranking"][0]["p_best"] is None
    assert len(kept) == 3


def test_the_best_one_comes_out_of_a_tournament(hocket_project):
    world = PlantedIdeas(seed=3)
    result, kept, backend = explored(world, hocket_project, "--mode", "full", "--keep", "1")

    (row,) = result["data"]["ranking"]
    assert world.truth[kept[0]] >= sorted(world.truth)[-6]
    assert 0.3 < row["p_best"] <= 1
    reasons = [line[2] for line in result["data"]["tables"][0]["rows"]]
    assert reasons.count("lost the tournament") == 5
    assert len(backend.calls) <= 20 + 1 + 20 + 8 * 6 + 1


def test_what_says_the_same_is_kept_once(hocket_project):
    world = PlantedIdeas(seed=4, twins=5)
    result, kept, _ = explored(world, hocket_project, "--mode", "full")

    again = [row for row in result["data"]["tables"][0]["rows"] if row[2].startswith("the same as")]
    assert [row[0] for row in again] == [16, 17, 18, 19, 20]
    assert len({index % 15 for index in kept}) == 3


def test_a_persons_own_angles_files_and_questions_take_the_place_of_ours(hocket_project):
    (hocket_project / "limits.md").write_text("No money.\n")
    flags = ("--angles", "from below", "--files", "limits.md", "--n", "4", "--mode", "quick")
    _, _, backend = explored(PlantedIdeas(n=4), hocket_project, *flags)

    authors = [call for call in backend.calls if call.options.role == "work"]
    assert all("Your angle: from below" in call.prompt for call in authors)
    assert all("- limits.md" in call.prompt for call in authors)
    assert {call.options.tools for call in authors} == {("Read",)}


def test_a_fifth_of_the_agents_failing_is_told_idea_by_idea(hocket_project):
    world = PlantedIdeas(seed=5)
    result, kept, _ = explored(world, hocket_project, "--mode", "full", fail=0.4)

    covered = result["data"]["coverage"][0]
    assert covered["done"] + len(covered["missing"]) == 20
    assert covered["missing"]
    assert {one["cause"] for one in covered["missing"]} <= {"error", "stalled", "timeout"}
    assert result["complete"] is False
    assert len(kept) == 3


def test_when_every_agent_fails_there_is_no_idea(hocket_project):
    result, kept, _ = explored(PlantedIdeas(), hocket_project, "--mode", "quick", fail=1.0)

    assert (kept, result["complete"]) == ([], False)
    assert result["report"] == "No idea was given and judged."


@pytest.mark.slow
def test_killed_half_way_it_goes_on_and_no_call_is_bought_twice(hocket_project):
    world = PlantedIdeas(seed=6)
    result, _, whole = explored(world, hocket_project, "--mode", "full")
    (run,) = (hocket_project / ".hocket" / "runs").glob("????")
    run.rename(hocket_project / "first")
    run_id, kept = run_and_die(world, [*WORDS, "--mode", "full"], hocket_project, 36)
    again = PlantedBackend(world.agents(), seed=6)
    ended = resume_script(run_id, again, project=hocket_project)

    assert ended.result == result
    assert (len(again.calls), kept > 0) == (len(whole.calls) - kept, True)


def test_on_a_real_wire_ideas_have_a_schema_and_judges_see_one_at_a_time(
    hocket_project, monkeypatch
):
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-nobody")
    seen = []

    def reply(asked):
        text = next(one.text for one in asked.said if one.role == "user" and one.text)
        seen.append((text, sorted(name for name in asked.tools if name != "answer")))
        if "Your angle" in text:
            idea = {"title": f"idea {len(seen)}", "text": f"Do this {len(seen)} times."}
            return Reply(blocks=(Answered(idea),))
        if "Judge one candidate" in text:
            return Reply(blocks=(Answered({"q1": True}),))
        return Reply(blocks=(Answered({"groups": []} if "numbered" in text else "All alike."),))

    with serving(StandIn(rules=reply)) as server:
        settings = (
            '[agent_loop]\nprovider = "anthropic"\nmodel = "standin"\n'
            f'[anthropic]\nbase_url = "{server.url}"\n'
        )
        (Path(os.environ["HOCKET_CONFIG_HOME"]) / "config.toml").write_text(settings)
        stage = Stage(choices={"backend": "agent_loop"}, real_time=True)
        line = ["/explore", TASK, "--mode", "quick", "--n", "3", "--keep", "2", "--rubric", "Good?"]
        ended = run_command(line, None, project=hocket_project, stage=stage)

    assert (ended.status, ended.census) == ("completed", {"ok": 3 + 1 + 3 + 1})
    assert all(tools == [] for _, tools in seen)
    assert ended.result["report"].endswith("All alike.")
    assert ended.result["complete"] is True
