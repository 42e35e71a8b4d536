"""`/deep-research` on a planted corpus: what it finds, what it cuts, what a failure may not do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import metrics
import pytest
from planted.backend import PlantedBackend
from planted.corpus import PlantedCorpus
from planted.told import Told

from hocket.testing import Stage, resume_script, run_command
from hocket.testing.standin import Answered, Reply, StandIn, Used, serving

ALL = ("--mode", "full", "--per-angle", "60", "--sources-max", "60", "--max-calls", "2000")
LOST = "quote not in source"
SURE = {"find": 1.0, "misread": 0.0, "invent": 0.0, "vote_error": 0.0}
FEW = {"entities": 2, "documents": 6, "filler": 1, "off_topic": 1, "injected": 3, "mirrors": 1}
TEN = [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 10))]


class Library:
    """Asks the question of a planted corpus, and reads the result beside the truth."""

    def __init__(self, project: Path) -> None:
        self.project = project
        self.team = self.backend = self.ended = None

    def ask(self, corpus, *flags, **errors):
        corpus.write(self.project)
        self.team = corpus.team(**errors)
        self.backend = self.team.backend()
        words = ["/deep-research", corpus.question, "--sources", "docs", *flags]
        stage = Stage(plugins={"planted.canary": self.team.canary})
        self.ended = run_command(words, self.backend, project=self.project, stage=stage)
        assert self.ended.status == "completed", self.ended.cause
        return Told(corpus, self.ended.result)

    @property
    def roles(self):
        return Counter(str(call.options.role) for call in self.backend.calls)


@pytest.fixture
def library(hocket_project):
    return Library(hocket_project)


def test_agents_who_never_err_find_every_fact_and_every_conflict(library):
    corpus = PlantedCorpus(seed=3, **FEW)
    told = library.ask(corpus, *ALL, **SURE)
    wanted = corpus.asked_facts
    assert metrics.accuracy(told, wanted)["facts found"].value == 1.0
    assert metrics.precision(told).value == 1.0
    assert metrics.span_precision(told).value == 1.0
    assert metrics.citation_support(told).value == 1.0
    assert metrics.conflicts(told, wanted)["conflict recall of all"].value in {1.0, None}
    assert metrics.staleness(told, wanted).value in {0.0, None}
    assert metrics.mirrors(told) == 0
    assert metrics.laziness(told, library.team.log) == 0
    assert library.ended.result["complete"] is True
    assert library.ended.result["data"]["errors"][0]["basis"] == "assumed"


@pytest.mark.parametrize("seed", [1, 2])
def test_no_quota_cuts_one_side_of_a_contradiction(library, seed):
    corpus = PlantedCorpus(seed=seed, **FEW)
    told = library.ask(corpus, "--mode", "full", **SURE)
    recall = metrics.conflicts(told, corpus.asked_facts)["conflict recall of all"]
    assert (recall.part, recall.whole) == (2, 2)


@pytest.mark.parametrize("seed", TEN)
def test_agents_who_err_as_planted_keep_the_bars_of_a_corpus(library, seed):
    corpus = PlantedCorpus(seed=seed, **({} if seed else FEW))
    told = library.ask(corpus, *ALL, seed=seed)
    wanted = corpus.asked_facts
    assert metrics.span_precision(told).value == 1.0
    assert metrics.citation_support(told).value >= 0.98
    assert metrics.precision(told).value >= 0.9
    assert metrics.conflicts(told, wanted)["conflict recall"].value in {1.0, None}
    assert metrics.mirrors(told) == 0
    assert library.team.canary.sent == []
    verified = {claim["angle"] for claim in library.ended.result["data"]["claims"]}
    holding = {
        claim["angle"]
        for claim in library.ended.result["data"]["claims"]
        if claim["state"] in {"supported", "qualified"}
    }
    assert verified == holding


@pytest.mark.slow
def test_the_figures_of_ten_corpora_keep_the_bars_of_the_specification(hocket_project):
    sums: Counter[str] = Counter()
    for seed in range(10):
        folder = hocket_project / str(seed)
        folder.mkdir()
        corpus = PlantedCorpus(seed=seed, entities=5, documents=24)
        library = Library(folder)
        told = library.ask(corpus, *ALL, seed=seed)
        shares = {
            "precision": metrics.precision(told),
            "found": metrics.accuracy(told, corpus.asked_facts)["facts found"],
            "conflict": metrics.conflicts(told, corpus.asked_facts)["conflict recall"],
            "stale": metrics.staleness(told, corpus.asked_facts),
        }
        for name, one in shares.items():
            sums[name] += one.part
            sums[f"{name} of"] += one.whole
    share = {name: sums[name] / sums[f"{name} of"] for name in sums if f"{name} of" in sums}
    assert share["precision"] >= 0.988
    assert share["found"] >= 0.80
    assert share["conflict"] >= 0.9
    assert share["stale"] <= 0.02


@pytest.mark.parametrize("seed", TEN[:4])
def test_a_vote_that_fails_is_no_verdict(library, seed):
    corpus = PlantedCorpus(seed=seed, **FEW)
    whole = library.ask(corpus, *ALL, seed=seed)
    failing = library.ask(corpus, *ALL, seed=seed, fail=0.3, fail_roles=("vote",))
    assert metrics.failure_as_verdict(whole, failing) == 0
    assert library.ended.census["ok"] < sum(library.ended.census.values())


def test_where_all_votes_fail_nothing_is_refuted_and_the_report_says_so(library):
    told = library.ask(PlantedCorpus(seed=1, **FEW), *ALL, fail=1.0, fail_roles=("vote",))
    assert {claim.state for claim in told.claims} == {"unverified"}
    result = library.ended.result
    assert result["report"] == ""
    assert (result["complete"], result["data"]["citations"]) == (False, [])
    assert library.roles["synthesize"] == 0


def test_a_fifth_of_all_calls_may_fail_and_what_is_missing_is_named(library):
    told = library.ask(PlantedCorpus(seed=2, **FEW), *ALL, fail=0.45, seed=5)
    rows = library.ended.result["data"]["coverage"]
    missing = [one for row in rows for one in row["missing"]]
    assert missing
    assert library.ended.result["complete"] is False
    assert {one["cause"] for one in missing} <= {"error", "stalled", "invalid", "timeout"}
    assert all(row["done"] + len(row["missing"]) == row["total"] for row in rows)
    assert metrics.span_precision(told).value in {1.0, None}


def test_where_the_plan_fails_the_question_itself_is_the_only_angle(library):
    library.ask(PlantedCorpus(seed=2, **FEW), *ALL, fail=1.0, fail_roles=("angles",))
    plans, searched = library.ended.result["data"]["coverage"][:2]
    assert (plans["done"], plans["missing"][0]["unit"]) == (0, "the plan")
    assert (searched["unit"], searched["total"]) == ("angles searched", 1)
    assert library.ended.result["complete"] is False


def test_quick_takes_eleven_calls(library):
    library.ask(PlantedCorpus(seed=4, **{**FEW, "entities": 3}), "--mode", "quick", **SURE)
    assert library.roles == {"angles": 1, "search-read": 3, "vote": 6, "synthesize": 1}
    claims = library.ended.result["data"]["claims"]
    assert Counter(claim["angle"] for claim in claims) == {"a1": 2, "a2": 2, "a3": 2}


def test_full_stays_below_its_ceiling_and_no_angle_starves(library):
    corpus = PlantedCorpus(seed=6, **{**FEW, "entities": 4})
    library.ask(corpus, "--mode", "full", "--max-calls", "12", seed=6)
    assert sum(library.roles.values()) <= 180
    claims = library.ended.result["data"]["claims"]
    voted = {claim["angle"] for claim in claims if sum(claim["votes"].values())}
    assert voted >= {claim["angle"] for claim in claims if claim.get("cause") != LOST}


def test_sources_take_turns_and_the_ones_left_out_are_listed(library):
    library.ask(PlantedCorpus(seed=5, **FEW), *ALL[:-4], "--sources-max", "4", **SURE)
    data = library.ended.result["data"]
    states = Counter(source["state"] for source in data["sources"])
    assert states["read"] == 4
    (cut,) = data["cut"]
    assert (cut["shown"], cut["total"], len(cut["rest"])) == (
        4,
        len(data["sources"]),
        states["left out"],
    )
    assert {one["cause"] for one in data["sources"]} == {None, "beyond 4 sources"}


def test_what_is_older_than_since_is_not_read(library):
    corpus = PlantedCorpus(seed=5, **FEW)
    days = sorted(document.day.isoformat() for document in corpus.files)
    since = days[len(days) // 2]
    library.ask(corpus, *ALL, "--since", since, **SURE)
    for source in library.ended.result["data"]["sources"]:
        assert (source["state"] == "read") == (source["date"] >= since)
        assert source["state"] == "read" or source["cause"] == f"older than {since}"


def test_what_no_part_answers_is_looked_for_once_more(library):
    corpus = PlantedCorpus(seed=7, **{**FEW, "entities": 3})
    library.ask(corpus, "--mode", "full", "--angles", "1", **SURE)
    claims = library.ended.result["data"]["claims"]
    assert library.roles["search"] == 1 + 2
    assert sum(claim["angle"].startswith("g") for claim in claims) <= 4
    assert {claim["angle"] for claim in claims} > {"a1"}


def test_sentences_that_nothing_carries_are_asked_for_again_and_listed(library):
    corpus = PlantedCorpus(seed=1, **FEW)
    corpus.write(library.project)
    roles, written = corpus.agents(**SURE), []

    def write(call):
        written.append(call)
        return "It cost 99 dollars [1]. It is odd [977]. Nobody knows why."

    words = ["/deep-research", corpus.question, "--sources", "docs", "--mode", "full"]
    backend = PlantedBackend({**roles, "synthesize": write})
    ended = run_command(words, backend, project=library.project)
    assert ended.result["data"]["notes"] == ["Sentence 1 cites nothing"]
    assert ended.result["report"] == "Nobody knows why."
    assert len(written) == 2


def test_nobody_obeys_what_a_source_says(library):
    library.ask(PlantedCorpus(seed=0, **FEW), *ALL)
    assert library.team.log.lured
    assert library.team.canary.sent == []


def live_and_die(project):
    """Run until the twelfth vote, and die in it; for a process of its own."""
    roles, asked = PlantedCorpus(seed=1, **FEW).agents(), []
    vote = roles["vote"]

    def dies(call):
        asked.append(call)
        if len(asked) > 12:
            os._exit(9)
        return vote(call)

    corpus = PlantedCorpus(seed=1, **FEW)
    words = ["/deep-research", corpus.question, "--sources", "docs", *ALL]
    backend = PlantedBackend({**roles, "vote": dies})
    run_command(words, backend, project=Path(project), stage=Stage(flags={"concurrency": 2}))


LIFE = """
import sys
sys.path[:] = {path!r}
from runpy import run_path
run_path({file!r})["live_and_die"]({project!r})
"""


def test_killed_half_way_it_goes_on_and_says_the_same(library, hocket_project):
    corpus = PlantedCorpus(seed=1, **FEW)
    library.ask(corpus, *ALL)
    runs = hocket_project / ".hocket" / "runs"
    before = {folder.name for folder in runs.glob("????")}
    life = LIFE.format(path=sys.path, file=__file__, project=str(hocket_project))
    done = subprocess.run([sys.executable, "-c", life], capture_output=True, check=False)
    assert done.returncode == 9, done.stderr
    (run,) = {folder.name for folder in runs.glob("????")} - before
    lines = (runs / run / "journal.jsonl").read_text("utf-8").splitlines()
    ended = [json.loads(line) for line in lines]
    kept = sum(one["t"] == "ended" and "call" in one and one["state"] == "ok" for one in ended)
    backend = corpus.team().backend()
    again = resume_script(run, backend, project=hocket_project)
    assert len(backend.calls) == len(library.backend.calls) - kept
    assert kept > 12
    assert again.result == library.ended.result


SAID = "The Orrin footbridge was opened in 1921."
QUOTED = {"text": SAID, "quote": SAID, "line": 4, "angle": "a1", "importance": "high"}
ANGLE = {"id": "a1", "importance": "high", "question": "When?", "terms": ["opened"]}
PLAN = Answered({"angles": [ANGLE], "parts": [{"id": "p1", "question": "When?"}]})
FOUND = Answered({"results": [{"id": "f1", "kind": "primary"}]})
TURNS = {
    "Plan a search": (PLAN,),
    "Find sources for one angle": (Used.with_input("Grep", pattern="opened", path="docs"), FOUND),
    "Read one source": (
        Used.with_input("Read", path="docs/a.md"),
        Answered({"claims": [QUOTED]}),
    ),
    "You judge one claim": (Answered({"verdict": "supported", "reason": "it says so"}),),
    "`parts` must be answered": (Answered({"missing": []}),),
    "Answer this question": (Answered("The Orrin footbridge was opened in 1921 [1]."),),
}
"""What the agents say turn by turn, by what stands in their prompts."""


class Model:
    """Plays all agents on the wire."""

    def __init__(self) -> None:
        self.requests = []

    def __call__(self, request):
        self.requests.append(request.body)
        text = json.dumps(request.body["messages"])
        turn = sum(one["role"] == "assistant" for one in request.body["messages"])
        said = next(turns for start, turns in TURNS.items() if start in text)
        return Reply(blocks=(said[turn],))


@pytest.fixture
def model(hocket_project, monkeypatch, tmp_path):
    pytest.importorskip("anthropic", reason="needs anthropic: pip install 'hocket[test]'")
    home = tmp_path / "home"
    home.mkdir()
    for name in [name for name in os.environ if name.startswith("ANTHROPIC_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOCKET_CONFIG_HOME", str(home))
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-nobody")
    docs = hocket_project / "docs"
    docs.mkdir()
    (docs / "a.md").write_text(f"Date: 1921-05-07\nSource: s1 primary\n\n{SAID}\n", "utf-8")
    played = Model()
    with serving(StandIn(rules=played)) as server:
        settings = f'[anthropic]\nbase_url = "{server.url}"\n[agent_loop]\nmodel = "standin"\n'
        (home / "config.toml").write_text(settings, "utf-8")
        yield played


def test_over_the_wire_readers_have_tools_and_judges_have_none(hocket_project, model):
    words = ["/deep-research", "When was it opened?", "--sources", "docs", "--mode", "full"]
    stage = Stage(real_time=True, choices={"backend": "agent_loop"})
    ended = run_command(words, None, project=hocket_project, stage=stage)
    assert ended.status == "completed", ended.cause
    (claim,) = ended.result["data"]["claims"]
    assert (claim["state"], claim["text"], claim["votes"]["supported"]) == ("supported", SAID, 2)
    assert ended.result["report"] == "The Orrin footbridge was opened in 1921 [1]."
    for body in model.requests:
        tools = {tool["name"] for tool in body.get("tools", [])}
        asked = json.dumps(body["messages"][0])
        reads = any(one in asked for one in ("Find sources", "Read one source", "You judge one"))
        assert ({"Read", "Grep", "Glob"} <= tools) is reads
    journal = (ended.folder / "journal.jsonl").read_text("utf-8")
    values = [json.loads(line).get("value") for line in journal.splitlines()]
    answers = [json.dumps(one) for one in values if isinstance(one, dict) and "claims" in one]
    assert answers
    assert not any(SAID in one for one in answers if "report" not in one)
