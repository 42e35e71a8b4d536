"""`/code-audit` on a planted service: what it finds, what it covers, what it does not decide."""

from __future__ import annotations

import json
import re
from collections import Counter
from statistics import fmean

import pytest
from planted.backend import PlantedBackend
from planted.jury import Errors, bar, score
from planted.mortal import run_and_die
from planted.service import PlantedService
from planted.wired import Wired

from hocket.testing import Stage, resume_script, run_command

WORDS = ("/code-audit", "endpoints that anybody can call")
SURE = Errors(recall=1.0, false_alarm=0.0, p=0.0)
PRECISION, RECALL = 0.94, 0.75


class Audits:
    """Audits planted services in one project."""

    def __init__(self, project):
        self.project = project
        self.calls = []

    def run(self, world, *flags, errors=SURE, stage=None, **how):
        world.write(self.project)
        backend = PlantedBackend(world.agents(errors), seed=world.seed, **how)
        words = [*WORDS, *flags]
        ended = run_command(words, backend, project=self.project, stage=stage or Stage())
        assert ended.status == "completed", ended.cause
        self.calls = backend.calls
        return ended.result

    @property
    def roles(self):
        return Counter(call.options.role for call in self.calls)


@pytest.fixture
def audits(hocket_project):
    return Audits(hocket_project)


def places(result, *states):
    findings = result["data"]["findings"]
    return {(one["file"], one["line"]) for one in findings if one["state"] in states}


def coverage(result, unit):
    (found,) = (one for one in result["data"]["coverage"] if one["unit"] == unit)
    return found


def test_agents_who_never_err_find_every_open_endpoint_and_no_decoy(audits):
    world = PlantedService(seed=1)
    states = Counter(one.state for one in world.endpoints)
    assert states == {"guarded": 22, "open": 10, "helper": 4, "prefix": 4}
    result = audits.run(world)
    assert places(result, "supported") == world.truth
    assert (result["data"]["title"], result["complete"]) == ("Code audit", True)
    endpoints = coverage(result, "endpoints")
    assert (endpoints["done"], endpoints["total"], endpoints["missing"]) == (40, 40, [])
    assert coverage(result, "files")["done"] == 12
    told = "40 of 40 endpoints were audited. 10 issues were reported: 10 supported"
    assert result["report"].startswith(told)
    assert audits.roles["list"] == 1
    assert audits.roles["audit"] == 40


def figures(audits, seeds, *flags):
    """Compare what is told with the truth, seed by seed; all endpoints are covered each time."""
    scores = []
    for seed in seeds:
        world = PlantedService(seed=seed)
        result = audits.run(world, *flags, errors=Errors())
        assert coverage(result, "endpoints")["done"] == coverage(result, "endpoints")["total"] == 40
        unverified = places(result, "unverified")
        told = [note for note in result["data"]["notes"] if "are unverified" in note]
        assert bool(told) == bool(unverified)
        scores.append(score(places(result, "supported"), world.truth))
    return scores


def test_agents_who_err_a_few_services(audits):
    scores = figures(audits, range(3))
    assert fmean(one.recall for one in scores) >= bar(RECALL, sum(one.there for one in scores))
    reported = sum(one.reported for one in scores)
    assert fmean(one.precision for one in scores) >= bar(PRECISION, reported)


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["quick", "full"])
def test_agents_who_err_fifty_services(audits, mode):
    scores = figures(audits, range(50), "--mode", mode)
    assert fmean(one.precision for one in scores) >= PRECISION
    assert fmean(one.recall for one in scores) >= RECALL


@pytest.mark.parametrize("units", ["files", "modules"])
def test_files_and_modules_need_no_list(audits, units):
    world = PlantedService(seed=2)
    result = audits.run(world, "--units", units, "--files", "service")
    assert places(result, "supported") == world.truth
    covered = coverage(result, units)
    assert covered["done"] == covered["total"] == (12 if units == "files" else 1)
    assert audits.roles["list"] == 0


def test_two_lists_say_what_is_in_neither_and_files_nobody_names_are_asked_for_again(audits):
    world = PlantedService(seed=3)
    result = audits.run(world, "--mode", "full", errors=SURE.but(overlook=0.3))
    (note,) = (one for one in result["data"]["notes"] if one.startswith("the two lists"))
    one, other, both, rest = map(int, re.findall(r"\d+", note))
    assert rest == round((one - both) * (other - both) / both) > 0
    assert coverage(result, "endpoints")["total"] >= one + other - both
    assert audits.roles["audit"] == 4 * coverage(result, "endpoints")["total"]


def test_a_file_that_no_list_accounts_for_is_told(audits):
    world = PlantedService(seed=3)
    roles = world.agents(SURE)

    def silent(call, draws):
        told = roles["list"](call, draws)
        return {**told, "without": told["without"][1:]}

    world.write(audits.project)
    backend = PlantedBackend({**roles, "list": silent})
    result = run_command(WORDS, backend, project=audits.project).result
    assert coverage(result, "files")["missing"] == [
        {"unit": "service/__init__.py", "cause": "no list accounts for it"}
    ]
    assert result["complete"] is False
    # Four files hold no endpoint: of the first list the first is missing, of the second, too.
    assert Counter(call.options.role for call in backend.calls)["list"] == 2


def test_lines_left_unread_are_asked_for_once_more(audits):
    world = PlantedService(seed=4)
    result = audits.run(world, errors=SURE.but(lazy=0.3))
    assert places(result, "supported") == world.truth
    assert result["complete"] is True
    again = [call for call in audits.calls if "unread" in str(call.options.item)]
    assert len(again) == audits.roles["audit"] - 40 > 3


def test_what_stays_unread_is_a_gap(audits):
    world = PlantedService(seed=4)
    world.write(audits.project)
    never = {"issues": [], "clean": True, "unread": [{"file": 1, "first": 1, "last": 2}]}
    backend = PlantedBackend({**world.agents(SURE), "audit": lambda: never})
    result = run_command(WORDS, backend, project=audits.project).result
    missing = coverage(result, "endpoints")["missing"]
    assert {one["cause"] for one in missing} == {"lines unread"}
    assert (len(missing), coverage(result, "endpoints")["done"]) == (40, 0)
    assert result["complete"] is False
    assert result["report"].endswith("No issue.")


def test_a_quote_that_stands_nowhere_costs_no_vote(audits):
    world = PlantedService(seed=5)
    result = audits.run(world, errors=SURE.but(invent=1.0))
    assert places(result, "unverified") == world.truth
    assert {one["why"] for one in result["data"]["findings"]} == {"quote not in source"}
    assert audits.roles["vote"] == 0


@pytest.mark.parametrize("seed", range(3))
def test_of_a_fifth_that_fails_nothing_is_decided_by_a_failure(audits, seed):
    world = PlantedService(seed=seed)
    result = audits.run(world, errors=SURE, fail=0.2)
    assert places(result, "refuted", "qualified") == set()
    assert places(result, "supported", "unverified") <= world.truth
    covered = coverage(result, "endpoints")
    lost = {one["unit"] for one in covered["missing"]}
    assert covered["total"] == covered["done"] + len(lost)
    assert {one["cause"] for one in covered["missing"]} <= {"no answer"}
    lacks = lost or places(result, "unverified") or coverage(result, "files")["missing"]
    assert result["complete"] is not bool(lacks)


def test_when_all_fail_it_says_so(audits):
    result = audits.run(PlantedService(), fail=1.0)
    assert result["complete"] is False
    assert coverage(result, "files")["done"] == 0
    assert result["report"] == "0 of 0 endpoints were audited. No issue."


def test_in_a_folder_nobody_trusts_it_finds_the_same_without_a_word_of_it(audits):
    world = PlantedService(seed=6)
    result = audits.run(world, stage=Stage(trusted=False))
    assert places(result, "supported") == world.truth
    assert coverage(result, "endpoints")["done"] == 40
    assert "⟦" not in json.dumps(result)


def test_killed_half_way_it_goes_on_and_no_call_is_bought_twice(hocket_project):
    world = PlantedService(seed=7)
    world.write(hocket_project)
    whole = PlantedBackend(world.agents(), seed=7)
    expected = run_command(WORDS, whole, project=hocket_project)
    count = len(whole.calls)
    (hocket_project / ".hocket" / "runs" / expected.run_id).rename(hocket_project.parent / "first")
    run_id, kept = run_and_die(world, WORDS, hocket_project, count // 2)
    again = PlantedBackend(world.agents(), seed=7)
    ended = resume_script(run_id, again, project=hocket_project)
    assert ended.result == expected.result
    assert (len(again.calls), kept > count // 4) == (count - kept, True)


def test_on_a_real_wire_agents_get_read_and_grep_and_no_more(hocket_project, monkeypatch):
    world = PlantedService(seed=8, unguarded=1, decoys=0)
    world.write(hocket_project)
    (only,) = world.truth
    wired = Wired(hocket_project, monkeypatch)
    grep = ("Grep", {"pattern": r"@\w+\.(get|post)\(", "path": "service"})
    read = ("Read", {"file_path": only[0]})
    looks = {"list": [grep], "audit": [read], "vote": [read]}
    ended = wired.run([*WORDS, "--files", only[0]], world.agents(SURE), looks)
    assert places(ended.result, "supported") == {only}
    assert wired.tools == {"list": TOOLS, "audit": TOOLS, "vote": TOOLS}
    assert f"{only[0]}:" in wired.said["list"]
    assert "return" in wired.said["vote"]


TOOLS = {"Glob", "Grep", "Read"}
