"""`/fact-check` on a text of planted claims: labels, coverage, and what a failure may not do."""

from __future__ import annotations

import json
import os
from collections import Counter
from typing import TYPE_CHECKING

import metrics
import pytest
from planted.corpus import PlantedCorpus
from planted.labelled import labelled

from hocket.testing import Stage, resume_script, run_command
from hocket.testing.standin import Answered, Reply, StandIn, Used, serving

if TYPE_CHECKING:
    from pathlib import Path

SURE = {"vote_error": 0.0}
FEW = {"entities": 3, "documents": 8, "filler": 1, "off_topic": 2, "injected": 3, "mirrors": 1}
FULL = ("--mode", "full")


class Desk:
    """Checks a text that holds all claims of a planted corpus, one in a paragraph."""

    def __init__(self, project: Path) -> None:
        self.project = project
        self.team = self.backend = self.ended = None
        self.claims = []

    def check(self, corpus, *flags, **errors):
        corpus.write(self.project)
        self.claims = labelled(corpus)
        text = "\n\n".join(claim.claim for claim in self.claims)
        (self.project / "draft.md").write_text(f"{text}\n", "utf-8")
        self.team = corpus.team(**errors)
        self.backend = self.team.backend()
        words = ["/fact-check", "draft.md", "--sources", "docs", *flags]
        stage = Stage(plugins={"planted.canary": self.team.canary})
        self.ended = run_command(words, self.backend, project=self.project, stage=stage)
        assert self.ended.status == "completed", self.ended.cause
        return self.ended.result["data"]

    @property
    def marks(self):
        """Give each planted claim the mark of its sentence: there is one for each, in order."""
        rows = self.ended.result["data"]["marked"]["sentences"]
        return {one.id: row["mark"] for one, row in zip(self.claims, rows, strict=True)}

    @property
    def roles(self):
        return Counter(str(call.options.role) for call in self.backend.calls)


@pytest.fixture
def desk(hocket_project):
    return Desk(hocket_project)


def value(shares, name):
    return shares[name].value


def test_voters_who_never_err_label_every_claim_and_cover_every_sentence(desk):
    data = desk.check(PlantedCorpus(seed=1, **FEW), *FULL, **SURE)
    told = metrics.labels(desk.claims, desk.marks)
    for label in metrics.LABELS:
        assert value(told, f"recall {label}") in {1.0, None}
    (covered,) = data["coverage"]
    assert (covered["done"], covered["total"]) == (len(desk.claims), len(desk.claims))
    refuted = [claim for claim in data["claims"] if claim["state"] == "refuted"]
    assert refuted
    by_id = {claim.claim: claim for claim in desk.claims}
    for claim in refuted:
        assert claim["correction"] in {span.text for span in by_id[claim["text"]].evidence}
    assert desk.ended.result["complete"] is True


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rho", "precision", "recall", "invented"), [(0.0, 0.98, 0.97, 0.02), (0.4, 0.92, 0.90, 0.08)]
)
def test_labels_keep_the_bars_over_ten_corpora(hocket_project, rho, precision, recall, invented):
    sums: Counter[str] = Counter()
    for seed in range(10):
        folder = hocket_project / str(seed)
        folder.mkdir()
        desk = Desk(folder)
        data = desk.check(PlantedCorpus(seed=seed), *FULL, seed=seed, vote_rho=rho)
        told = metrics.labels(desk.claims, desk.marks)
        for label in ("SUPPORTS", "REFUTES"):
            for kind in ("precision", "recall"):
                one = told[f"{kind} {label}"]
                sums[kind] += one.part
                sums[f"{kind} of"] += one.whole
        sums["invented"] += told["verdict on NOT ENOUGH INFO"].part
        sums["invented of"] += told["verdict on NOT ENOUGH INFO"].whole
        assert data["coverage"][0]["missing"] == []
    share = {name: sums[name] / sums[f"{name} of"] for name in ("precision", "recall", "invented")}
    assert share["precision"] >= precision
    assert share["recall"] >= recall
    assert share["invented"] <= invented


def test_a_failed_call_is_no_verdict_and_its_sentence_is_listed(desk):
    corpus = PlantedCorpus(seed=2, **FEW)
    desk.check(corpus, *FULL)
    whole = desk.marks
    data = desk.check(corpus, *FULL, fail=0.5, fail_roles=("vote", "evidence"), seed=0)
    failing = desk.marks
    changed = {one for one, mark in whole.items() if failing[one] != mark}
    assert {failing[one] for one in changed} <= {"unverified", "not checked"}
    missing = data["coverage"][0]["missing"]
    assert len(missing) == [*failing.values()].count("not checked") > 0
    assert {one["cause"] for one in missing} <= {"error", "stalled", "invalid", "timeout"}
    assert desk.ended.result["complete"] is False


def test_a_reader_who_stops_early_is_asked_again_and_the_rest_is_listed(desk):
    data = desk.check(PlantedCorpus(seed=2, **FEW), *FULL, lazy=4, **SURE)
    assert desk.roles["statements"] == 2
    (covered,) = data["coverage"]
    assert covered["done"] == 8
    assert {one["cause"] for one in covered["missing"]} == {"left out by its reader"}
    assert desk.ended.result["complete"] is False


def test_a_limit_of_votes_lists_what_was_not_checked(desk):
    data = desk.check(PlantedCorpus(seed=2, **FEW), *FULL, "--max-calls", "6", **SURE)
    marks = Counter(desk.marks.values())
    assert marks["not checked"] == len(data["coverage"][0]["missing"]) > 0
    assert desk.roles["vote"] <= 6
    assert desk.ended.result["complete"] is False


def test_strict_asks_for_two_independent_sources(desk):
    corpus = PlantedCorpus(seed=3, **FEW)
    desk.check(corpus, *FULL, **SURE)
    before = desk.marks
    data = desk.check(corpus, *FULL, "--strict", **SURE)
    held = [claim for claim in data["claims"] if claim["state"] == "supported"]
    assert all(len(claim["sources"]) > 1 for claim in held)
    changed = {one for one, mark in desk.marks.items() if mark != before[one]}
    assert changed
    assert {before[one] for one in changed} == {"supported"}
    assert {desk.marks[one] for one in changed} == {"unverified"}


def test_nobody_obeys_what_a_source_says(desk):
    desk.check(PlantedCorpus(seed=4, **FEW), *FULL)
    assert desk.team.log.lured
    assert desk.team.canary.sent == []


def test_judges_have_no_tools_and_a_resume_asks_for_nothing_again(desk):
    desk.check(PlantedCorpus(seed=5, **FEW), *FULL)
    votes = [call for call in desk.backend.calls if call.options.role == "vote"]
    assert {call.options.tools for call in votes} == {()}
    backend = desk.team.backend()
    again = resume_script(desk.ended.run_id, backend, project=desk.project)
    assert backend.calls == []
    assert again.result == desk.ended.result


SAID = "The Orrin footbridge was opened in 1921."


class Model:
    """Plays all agents on the wire, by what their prompts begin with."""

    def __init__(self):
        self.requests = []

    def __call__(self, request):
        self.requests.append(request.body)
        text = json.dumps(request.body["messages"])
        turn = sum(one["role"] == "assistant" for one in request.body["messages"])
        return Reply(blocks=(self.said(text, turn),))

    def said(self, text, turn):
        if "Go through these sentences" in text:
            claim = {"sentence": "s1", "text": SAID, "importance": "high"}
            return Answered(
                {"statements": [claim], "others": [{"sentence": "s2", "why": "opinion"}]}
            )
        if "Find passages that decide" in text and turn == 0:
            return Used.with_input("Read", path="docs/a.md")
        if "Find passages that decide" in text:
            quotes = [{"source": "f1", "quote": one} for one in (SAID, "It was never opened.")]
            return Answered({"passages": quotes})
        return Answered({"verdict": "supported", "reason": "it says so"})


@pytest.fixture
def model(hocket_project, monkeypatch, tmp_path):
    pytest.importorskip("anthropic", reason="needs anthropic: pip install 'hocket[test]'")
    home = tmp_path / "home"
    home.mkdir()
    for name in [name for name in os.environ if name.startswith("ANTHROPIC_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOCKET_CONFIG_HOME", str(home))
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-nobody")
    (hocket_project / "docs").mkdir()
    (hocket_project / "docs" / "a.md").write_text(f"Date: 1921-05-07\n\n{SAID}\n", "utf-8")
    (hocket_project / "draft.md").write_text(f"{SAID} I like it.\n", "utf-8")
    played = Model()
    with serving(StandIn(rules=played)) as server:
        settings = f'[anthropic]\nbase_url = "{server.url}"\n[agent_loop]\nmodel = "standin"\n'
        (home / "config.toml").write_text(settings, "utf-8")
        yield played


def test_over_the_wire_only_who_looks_for_evidence_has_tools(hocket_project, model):
    words = ["/fact-check", "draft.md", "--sources", "docs", "--mode", "full"]
    stage = Stage(real_time=True, choices={"backend": "agent_loop"})
    ended = run_command(words, None, project=hocket_project, stage=stage)
    assert ended.status == "completed", ended.cause
    (claim,) = ended.result["data"]["claims"]
    assert (claim["state"], claim["votes"]["supported"]) == ("supported", 2)
    assert [quote["quote"] for quote in claim["quotes"]] == [SAID]
    marks = [row["mark"] for row in ended.result["data"]["marked"]["sentences"]]
    assert marks == ["supported", "not checkable"]
    for body in model.requests:
        tools = {tool["name"] for tool in body.get("tools", [])}
        looks = "Find passages" in json.dumps(body["messages"][0])
        assert ({"Read", "Grep", "Glob"} <= tools) is looks
