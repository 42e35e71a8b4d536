"""`/rules` on a planted rulebook: violations and look-alikes, clusters and loners."""

from __future__ import annotations

import json
from collections import Counter
from statistics import fmean

import pytest
from planted.backend import PlantedBackend
from planted.jury import Errors, bar, score
from planted.mortal import run_and_die
from planted.rulebook import CODE, PlantedRulebook
from planted.wired import Wired

from hocket.testing import Stage, resume_script, run_command

CHECK = ("/rules", "check", "--rules", "RULES.md", "--diff", "HEAD~1")
MINE = ("/rules", "mine", "--corrections", "corrections.jsonl", "--history", "history.jsonl")
SURE = Errors(recall=1.0, false_alarm=0.0, p=0.0)
PRECISION, RECALL = 0.94, 0.75
TOOLS = {"Glob", "Grep", "Read"}


class Books:
    """Checks and mines planted rulebooks, each in a folder of its own."""

    def __init__(self, project):
        self.project = project
        self.calls = []

    def run(self, words, world, errors=SURE, roles=None, stage=None, **how):
        folder = self.project / f"book-{len(list(self.project.iterdir()))}"
        (folder / ".hocket").mkdir(parents=True)
        world.write(folder)
        backend = PlantedBackend({**world.agents(errors), **(roles or {})}, seed=world.seed, **how)
        ended = run_command(words, backend, project=folder, stage=stage or Stage())
        assert ended.status == "completed", ended.cause
        self.calls, self.folder = backend.calls, folder
        return ended.result

    @property
    def roles(self):
        return Counter(call.options.role for call in self.calls)


@pytest.fixture
def books(hocket_project):
    return Books(hocket_project)


def spots(result, *states):
    findings = result["data"]["findings"]
    return {(one["group"], one["line"]) for one in findings if one["state"] in states}


def rules(result, state="supported"):
    return {one["text"] for one in result["data"]["claims"] if one["state"] == state}


def test_verifiers_who_never_err_find_every_violation_and_no_look_alike(books):
    world = PlantedRulebook(seed=1)
    kinds = Counter(one.kind for one in world.spots)
    assert kinds == {"violation": 5, "look-alike": 6, "sound": 1}
    result = books.run(CHECK, world)
    assert spots(result, "supported") == world.truth
    assert {one["file"] for one in result["data"]["findings"]} == {CODE}
    assert books.roles == {"rule": 12, "vote": 10}
    assert result["complete"] is True
    assert result["report"].startswith("12 of 12 rules were checked, 12 apply. Violations")


def test_a_skeptic_excuses_what_only_looks_like_a_violation(books):
    world = PlantedRulebook(seed=1)
    result = books.run(CHECK, world, errors=SURE.but(false_alarm=1.0))
    assert spots(result, "supported") == world.truth
    assert len(spots(result, "refuted")) == 6


@pytest.mark.parametrize("diff", [True, False])
def test_a_change_or_whole_files(books, diff):
    world = PlantedRulebook(seed=2)
    words = CHECK if diff else (*CHECK[:4], "--files", "src")
    result = books.run(words, world)
    assert spots(result, "supported") == world.truth
    item = books.calls[0].options.item
    assert item["rule"] == "R1"
    assert ("text" in item["places"][0]) is diff


def test_without_rules_nothing_is_asked(books):
    result = books.run(("/rules", "check"), PlantedRulebook())
    assert (books.calls, result["complete"]) == ([], False)
    assert "--rules" in result["report"]


def checked(books, seeds):
    scores = []
    for seed in seeds:
        world = PlantedRulebook(seed=seed)
        result = books.run(CHECK, world, errors=Errors())
        assert result["data"]["coverage"][0]["done"] == 12
        scores.append(score(spots(result, "supported"), world.truth))
    return scores


def test_verifiers_who_err_a_few_books(books):
    scores = checked(books, range(3))
    assert fmean(one.recall for one in scores) >= bar(RECALL, sum(one.there for one in scores))
    reported = sum(one.reported for one in scores)
    assert fmean(one.precision for one in scores) >= bar(PRECISION, reported)


@pytest.mark.slow
def test_verifiers_who_err_fifty_books(books):
    scores = checked(books, range(50))
    assert fmean(one.precision for one in scores) >= PRECISION
    assert fmean(one.recall for one in scores) >= RECALL


def test_six_clusters_become_six_rules_and_ten_loners_none(books):
    world = PlantedRulebook(seed=3)
    assert (len(world.corrections), len(world.history)) == (40, 60)
    result = books.run(MINE, world)
    assert rules(result) == world.lasting
    assert len(result["data"]["claims"]) == 6
    assert result["complete"] is True
    told, _, proposal = result["report"].partition("\n\n")
    assert told == "6 rules are proposed from 40 corrections; 10 corrections are in no cluster."
    assert {line.removeprefix("- ").rstrip() for line in proposal.splitlines()} == world.lasting
    (table,) = result["data"]["tables"]
    assert [row[3:] for row in table["rows"]] == [[5, "100%", "9 of 10"]] * 6
    # A proposal stands in the report and nowhere else.
    written = {path.name for path in books.folder.rglob("*.md")}
    assert written <= {"RULES.md", "report.md"}


def test_a_habit_that_later_changes_do_not_keep_is_no_rule(books):
    result = books.run(MINE, PlantedRulebook(seed=3, clusters=2, fading=5))
    faded = [one for one in result["data"]["claims"] if one["state"] == "refuted"]
    assert {one["cause"] for one in faded} == {"later changes that were accepted break it"}
    assert (len(faded), len(rules(result))) == (5, 2)


def test_without_history_nothing_is_proposed(books):
    world = PlantedRulebook(seed=3, clusters=2)
    result = books.run(MINE[:4], world)
    assert rules(result, "unverified") == world.lasting
    assert (rules(result), result["complete"]) == (set(), False)
    assert result["report"].startswith("0 rules are proposed")


def test_one_persons_habit_in_one_file_is_no_cluster(books):
    world = PlantedRulebook(seed=3)
    for one in world.corrections:
        one["author"], one["file"] = "ada", "src/one.py"
    result = books.run(MINE, world)
    assert result["data"]["claims"] == []
    assert "40 corrections are in no cluster" in result["report"]


def mined(books, seeds):
    scores = []
    for seed in seeds:
        world = PlantedRulebook(seed=seed)
        result = books.run(MINE, world, errors=Errors())
        scores.append(score(rules(result), world.lasting))
    return scores


def test_miners_who_err_propose_nothing_from_loners(books):
    (one,) = mined(books, [0])
    assert (one.right, one.reported) == (6, 6)


@pytest.mark.slow
def test_miners_who_err_fifty_books(books):
    scores = mined(books, range(50))
    assert fmean(one.precision for one in scores) == 1.0
    assert fmean(one.recall for one in scores) >= 0.95


@pytest.mark.parametrize("seed", range(2))
def test_of_a_fifth_that_fails_no_violation_is_decided_by_a_failure(books, seed):
    world = PlantedRulebook(seed=seed)
    result = books.run(CHECK, world, fail=0.3)
    assert spots(result, "refuted", "qualified") == set()
    assert spots(result, "supported", "unverified") <= world.truth
    (covered,) = result["data"]["coverage"]
    lacks = covered["missing"] or spots(result, "unverified")
    assert result["complete"] is not bool(lacks)


@pytest.mark.parametrize("role", ["correction", "read", "propose", "catch", "history", "vote"])
def test_no_rule_is_refuted_by_readers_who_fail(books, role):
    world = PlantedRulebook(seed=4, clusters=2)
    backend = world.agents(SURE)
    seen = []

    def sometimes(call, draws):
        seen.append(call)
        return {} if len(seen) % 3 == 0 else backend[role](call, draws)

    result = books.run(MINE, world, roles={role: sometimes})
    assert rules(result, "refuted") == set()
    assert rules(result) <= world.lasting
    if rules(result) < world.lasting:
        assert result["complete"] is False


def test_when_all_fail_it_says_so(books):
    for words, unit in ((CHECK, "rules"), (MINE, "corrections")):
        result = books.run(words, PlantedRulebook(), fail=1.0)
        covered = result["data"]["coverage"][0]
        assert (covered["unit"], covered["done"], result["complete"]) == (unit, 0, False)


@pytest.mark.parametrize("words", [CHECK, MINE])
def test_in_a_folder_nobody_trusts_it_finds_the_same_without_a_word_of_it(books, words):
    world = PlantedRulebook(seed=5, clusters=2)
    result = books.run(words, world, stage=Stage(trusted=False))
    if words is CHECK:
        assert {line for _, line in spots(result, "supported")} == {n for _, n in world.truth}
    else:
        assert rules(result) == world.lasting
    assert "⟦" not in json.dumps(result)


@pytest.mark.slow
@pytest.mark.parametrize("words", [CHECK, pytest.param(MINE, marks=pytest.mark.slow)])
def test_killed_half_way_it_goes_on_and_no_call_is_bought_twice(hocket_project, words):
    world = PlantedRulebook(seed=6)
    world.write(hocket_project)
    whole = PlantedBackend(world.agents(), seed=6)
    expected = run_command(words, whole, project=hocket_project)
    count = len(whole.calls)
    runs = hocket_project / ".hocket" / "runs"
    (runs / expected.run_id).rename(hocket_project.parent / "first")
    run_id, kept = run_and_die(world, words, hocket_project, count // 2)
    again = PlantedBackend(world.agents(), seed=6)
    ended = resume_script(run_id, again, project=hocket_project)
    assert ended.result == expected.result
    assert (len(again.calls), kept > 0) == (count - kept, True)


def test_on_a_real_wire_agents_get_rule_and_hunks_and_read_the_file(hocket_project, monkeypatch):
    world = PlantedRulebook(seed=7, violations=1, look_alikes=0)
    world.write(hocket_project)
    wired = Wired(hocket_project, monkeypatch)
    looks = {"rule": [("Grep", {"pattern": "def step_", "path": "src"})],
             "vote": [("Read", {"file_path": CODE})]}  # fmt: skip
    ended = wired.run(CHECK, world.agents(SURE), looks)
    assert spots(ended.result, "supported") == world.truth
    assert wired.tools == {"rule": TOOLS, "vote": TOOLS}
    assert "step_12" in wired.said["rule"]
    assert "Take one step." in wired.said["vote"]
    assert len(wired.prompts["rule"]) == 12
