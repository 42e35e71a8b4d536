"""`/review` of a planted change: faults found, harmless edits left, nothing outside the diff."""

from __future__ import annotations

import json
from collections import Counter
from statistics import fmean

import pytest
from planted.backend import PlantedBackend
from planted.changes import PlantedChange
from planted.jury import Errors, bar, score
from planted.mortal import run_and_die
from planted.wired import Wired

from hocket.api.calls import EndState, Outcome
from hocket.testing import Stage, resume_script, run_command

WORDS = ("/review", "HEAD~1")
SURE = Errors(recall=1.0, false_alarm=0.0, p=0.0)
PRECISION, RECALL = 0.94, 0.75
TOOLS = {"Glob", "Grep", "Read"}
SMALL = {"faults": 3, "harmless": 3, "untouched": 10}


class Reviews:
    """Reviews planted changes, each in a folder of its own."""

    def __init__(self, project):
        self.project = project
        self.calls = []

    def run(self, world, *flags, errors=SURE, roles=None, words=WORDS, stage=None, **more):
        folder = self.project / f"change-{len(list(self.project.iterdir()))}"
        (folder / ".hocket").mkdir(parents=True)
        world.write(folder, committed=more.pop("committed", True))
        habits = {name: more.pop(name) for name in ("stray", "echo") if name in more}
        played = {**world.agents(errors, **habits), **(roles or {})}
        if more.pop("checks", False):
            (folder / ".hocket" / "config.toml").write_text('[checks]\ntest = "true"\n', "utf-8")
        backend = PlantedBackend(played, seed=world.seed, **more)
        words = [*words, *flags]
        ended = run_command(words, backend, project=folder, stage=stage or Stage())
        assert ended.status == "completed", ended.cause
        self.calls = backend.calls
        return ended.result

    @property
    def roles(self):
        return Counter(call.options.role for call in self.calls)


@pytest.fixture
def reviews(hocket_project):
    return Reviews(hocket_project)


def places(result, *states):
    findings = result["data"]["findings"]
    return {(one["file"], one["line"]) for one in findings if one["state"] in states}


def test_reviewers_who_never_err_find_every_fault_and_nothing_else(reviews):
    world = PlantedChange(seed=1)
    assert (len(world.edits), len(world.truth)) == (40, 20)
    result = reviews.run(world)
    assert places(result, "supported") == world.truth
    assert len(result["data"]["findings"]) == 20
    assert result["complete"] is True
    told = "1 of 1 parts of the change were read: 20 findings, 0 questions, 0 refuted"
    assert result["report"].startswith(told)


@pytest.mark.parametrize("committed", [False, True])
def test_without_a_ref_it_is_what_is_not_committed_and_else_nothing(reviews, committed):
    world = PlantedChange(seed=1, **SMALL)
    result = reviews.run(world, words=["/review"], committed=committed)
    assert places(result, "supported") == (set() if committed else world.truth)
    assert result["complete"] is True
    assert (result["report"] == "There is no change to review.") is committed


def figures(reviews, seeds, *flags):
    """Compare what is told with the truth; no finding stands outside the diff and three lines."""
    scores = []
    for seed in seeds:
        world = PlantedChange(seed=seed)
        result = reviews.run(world, *flags, errors=Errors(), stray=0.1, echo=0.2)
        near = {(one.file, one.line + by) for one in world.edits for by in range(-3, 4)}
        assert places(result, "supported", "qualified", "unverified", "refuted") <= near
        assert any("outside the diff" in note for note in result["data"]["notes"])
        scores.append(score(places(result, "supported"), world.truth))
    return scores


def test_reviewers_who_err_a_few_changes(reviews):
    scores = figures(reviews, range(3))
    assert fmean(one.recall for one in scores) >= bar(RECALL, sum(one.there for one in scores))
    reported = sum(one.reported for one in scores)
    assert fmean(one.precision for one in scores) >= bar(PRECISION, reported)


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["quick", "full"])
def test_reviewers_who_err_fifty_changes(reviews, mode):
    scores = figures(reviews, range(50), "--mode", mode)
    assert fmean(one.precision for one in scores) >= PRECISION
    assert fmean(one.recall for one in scores) >= RECALL


def test_what_is_said_twice_in_other_words_is_one_finding(reviews):
    world = PlantedChange(seed=2, **SMALL)
    result = reviews.run(world, echo=1.0)
    assert places(result, "supported") == world.truth
    assert len(result["data"]["findings"]) == len(world.truth) == 3
    assert reviews.roles["read"] == 1
    assert "6 findings that stand close together are 3" in result["data"]["notes"]


def test_in_full_mode_each_part_is_read_from_three_sides(reviews):
    reviews.run(PlantedChange(seed=2, **SMALL), "--mode", "full")
    sides = [call.options.item["dimensions"] for call in reviews.calls[:3]]
    assert sides == [
        ["correctness", "failure paths"], ["security", "concurrency"], ["tests", "compatibility"],
    ]  # fmt: skip
    assert reviews.roles["review"] == 3


def test_a_large_change_is_read_in_parts_of_whole_files(reviews):
    world = PlantedChange(seed=3, faults=20, harmless=100, untouched=0)
    result = reviews.run(world)
    assert places(result, "supported") == world.truth
    parts = [call.options.item["hunks"] for call in reviews.calls if call.options.role == "review"]
    assert all(sum(hunk["lines"] for hunk in part) <= 400 for part in parts)
    files = [{hunk["file"] for hunk in part} for part in parts]
    assert len(files) > 1
    assert sum(map(len, files)) == len(set().union(*files))
    assert result["data"]["coverage"][0]["total"] == len(parts)


def test_what_holds_under_a_condition_is_a_question(reviews):
    vote = {"verdict": "qualified", "reason": "callers check", "qualification": "Only if empty."}
    world = PlantedChange(seed=4, **SMALL)
    result = reviews.run(world, roles={"vote": lambda: vote})
    assert places(result, "qualified") == world.truth
    assert {one["why"] for one in result["data"]["findings"]} == {"Only if empty."}
    assert "0 findings, 3 questions" in result["report"]


def test_a_quote_that_stands_nowhere_costs_no_vote(reviews):
    world = PlantedChange(seed=4, **SMALL)
    result = reviews.run(world, errors=SURE.but(invent=1.0))
    assert places(result, "unverified") == world.truth
    assert reviews.roles["vote"] == 0


@pytest.mark.parametrize("seed", range(3))
def test_of_a_fifth_that_fails_nothing_is_decided_by_a_failure(reviews, seed):
    world = PlantedChange(seed=seed, **SMALL)
    result = reviews.run(world, "--mode", "full", fail=0.3)
    assert places(result, "refuted", "qualified") == set()
    assert places(result, "supported", "unverified") <= world.truth
    lacks = result["data"]["coverage"][0]["missing"] or places(result, "unverified")
    assert result["complete"] is not bool(lacks)


def test_when_all_fail_it_says_so(reviews):
    result = reviews.run(PlantedChange(**SMALL), fail=1.0)
    assert result["complete"] is False
    (covered,) = result["data"]["coverage"]
    assert (covered["done"], covered["total"]) == (0, 1)
    assert covered["missing"][0]["cause"].startswith("no answer on correctness")


def test_what_cannot_be_mended_is_still_told(reviews):
    world = PlantedChange(seed=5, **SMALL)
    result = reviews.run(world, "--fix")
    assert places(result, "supported") == world.truth
    assert result["complete"] is False
    assert any(note.startswith("nothing was mended: ") for note in result["data"]["notes"])


def test_what_was_supported_is_handed_to_migrate_with_its_places(reviews):
    world = PlantedChange(seed=5, **SMALL)
    prompts = []

    def recipe(call):
        prompts.append(call.prompt)
        return Outcome(EndState.STALLED, cause="planted")

    roles = {"recipe": recipe}
    result = reviews.run(world, "--fix", roles=roles, checks=True, has_workspace=True)
    assert all(f"{file}:{line}: " in prompts[0] for file, line in world.truth)
    assert "Mend the defects below" in prompts[0]
    (note,) = (one for one in result["data"]["notes"] if one.startswith("migrate: "))
    assert note == "migrate: No recipe was written, so nothing was changed."
    assert (places(result, "supported"), result["complete"]) == (world.truth, False)


def test_in_a_folder_nobody_trusts_it_finds_the_same_without_a_word_of_it(reviews):
    world = PlantedChange(seed=6, **SMALL)
    result = reviews.run(world, stage=Stage(trusted=False))
    assert places(result, "supported") == world.truth
    assert "⟦" not in json.dumps(result)


def test_killed_half_way_it_goes_on_and_no_call_is_bought_twice(hocket_project):
    world = PlantedChange(seed=7)
    world.write(hocket_project)
    whole = PlantedBackend(world.agents(), seed=7)
    expected = run_command(WORDS, whole, project=hocket_project)
    count = len(whole.calls)
    runs = hocket_project / ".hocket" / "runs"
    (runs / expected.run_id).rename(hocket_project.parent / "first")
    run_id, kept = run_and_die(world, WORDS, hocket_project, count // 2)
    again = PlantedBackend(world.agents(), seed=7)
    ended = resume_script(run_id, again, project=hocket_project)
    assert ended.result == expected.result
    assert (len(again.calls), kept > 0) == (count - kept, True)


def test_on_a_real_wire_agents_get_the_hunks_and_read_the_files(hocket_project, monkeypatch):
    world = PlantedChange(seed=8, faults=1, harmless=1, untouched=2)
    world.write(hocket_project)
    (only,) = world.truth
    wired = Wired(hocket_project, monkeypatch)
    read = ("Read", {"file_path": only[0]})
    grep = ("Grep", {"pattern": "def step_", "path": "src"})
    ended = wired.run(WORDS, world.agents(SURE), {"review": [grep, read], "vote": [read]})
    assert places(ended.result, "supported") == {only}
    assert wired.tools == {"review": TOOLS, "vote": TOOLS}
    assert "A planted module." in wired.said["vote"]
    assert "step_1" in wired.said["review"]
    assert "@@ -" in wired.prompts["review"][0]
