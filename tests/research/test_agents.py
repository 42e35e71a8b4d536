"""Scripted agents: they err as they were told to, look at items only, and are the same twice."""

from __future__ import annotations

import asyncio
import inspect

import pytest
from planted.backend import draws_of
from planted.controls import listing
from planted.corpus import PlantedCorpus
from planted.errors import Errors
from planted.knowledge import Knowledge, angle
from planted.team import Team

from hocket.api.calls import Call, EndState, Options, Outcome
from hocket.testing import ScriptedContext

CORPUS = PlantedCorpus(seed=1)
FILES = listing(CORPUS)
ANGLES = [
    {"id": f"a{number}", "question": angle(place)} for number, place in enumerate(CORPUS.asked, 1)
]


def call(item, *, prompt="Vote 1.", number=1, key="k", **options):
    """Make a call about an item; the prompt says nothing else."""
    return Call(number, key, 0, prompt, "", options=Options(item=item, **options))


def ask(team, role, item, **more):
    """Ask an agent in a role."""
    asked = call(item, **more)
    answer = team.roles[role]
    given = (asked, draws_of("test", asked.number), ScriptedContext())
    value = answer(*given[: len(inspect.signature(answer).parameters)])
    return asyncio.run(value) if inspect.isawaitable(value) else value


def team(**errors):
    return CORPUS.team(**{"find": 1.0, "misread": 0.0, "invent": 0.0, "vote_error": 0.0} | errors)


def read(agents, document, **more):
    source = {"id": "f1", "path": f"somewhere/docs/{document.id}.txt"}
    return ask(agents, "read", {"source": source, "angles": ANGLES, "most": 60, **more})["claims"]


def topical():
    return [one for one in CORPUS.files if one.role == "topic" and one.about in CORPUS.asked]


def facts(state):
    return [fact for fact in CORPUS.facts if fact.state == state]


def vote(agents, fact, value, number=1, **more):
    item = {"text": fact.sentence(value), **more}
    return ask(agents, "vote", item, prompt=f"Judge.\n\nVote {number}.")["verdict"]


def test_angles_cover_what_is_asked_and_no_more_than_wanted():
    plan = ask(team(), "angles", {"question": CORPUS.question, "angles": 3, "folders": ["docs"]})
    assert [one["id"] for one in plan["angles"]] == ["a1", "a2", "a3"]
    assert [one["id"] for one in plan["parts"]] == ["p1", "p2", "p3", "p4", "p5"]
    assert all(
        set(one) >= {"importance", "question", "terms", "refuted_by"} for one in plan["angles"]
    )


def test_searchers_name_the_sources_of_an_angle_newest_first():
    item = {"question": CORPUS.question, "angle": ANGLES[0], "files": FILES, "most": 60}
    results = ask(team(), "search", item)["results"]
    paths = {one["id"]: one["path"] for one in FILES}
    found = [Knowledge(CORPUS).document(paths[row["id"]]) for row in results]
    place = CORPUS.asked[0]
    wanted = {span.doc for fact in CORPUS.facts if fact.entity == place for span in fact.spans}
    assert wanted <= {one.id for one in found}
    assert [one.day for one in found] == sorted((one.day for one in found), reverse=True)
    assert not [one for one in found if one.role == "off_topic"]
    assert len(ask(team(), "search", {**item, "most": 1})["results"]) == 1


def test_readers_take_every_fact_with_a_quote_that_stands_there():
    for document in topical():
        claims = read(team(), document)
        told = [span for fact, span in document.told() if fact.entity in CORPUS.asked]
        assert [claim["quote"] for claim in claims] == [span.text for span in told]
        assert all(claim["text"] == claim["quote"] for claim in claims)
        lines = document.text.splitlines()
        assert all(claim["quote"] in lines[claim["line"] - 1] for claim in claims)


def test_readers_look_only_for_what_an_angle_asks():
    document = topical()[0]
    other = [{"id": "a9", "question": "What is known about the sea?"}]
    assert read(team(), document, angles=other) == []


@pytest.mark.parametrize(("rate", "share"), [("find", 0.5), ("misread", 0.3)])
def test_rates_are_met_over_many_facts(rate, share):
    taken = misread = told = 0
    for seed in range(12):
        agents = team(**{rate: share, "seed": seed})
        for document in topical():
            told += sum(fact.entity in CORPUS.asked for fact, _ in document.told())
            read(agents, document)
        taken += agents.log.drawn.get("taken", 0) + agents.log.drawn.get("misread", 0)
        misread += agents.log.drawn.get("misread", 0)
    met = taken / told if rate == "find" else misread / taken
    assert met == pytest.approx(share, abs=0.08)


def test_a_misread_claim_has_a_valid_quote_and_another_value():
    known = Knowledge(CORPUS)
    for document in topical():
        for claim in read(team(misread=1.0), document):
            assert claim["quote"] in document.text.replace("\n", " ")
            assert known.stated(claim["text"]).fact is known.stated(claim["quote"]).fact
            assert known.stated(claim["text"]).verdict == "refuted"


def test_an_invented_claim_has_a_quote_that_stands_nowhere():
    for document in topical():
        for claim in read(team(find=0.0, invent=1.0), document):
            assert claim["quote"] not in document.text.replace("\n", " ")


def test_readers_answer_alike_whenever_and_wherever_they_are_asked():
    agents, again = team(find=0.5, misread=0.3), team(find=0.5, misread=0.3)
    documents = topical()
    forward = {one.id: read(agents, one) for one in documents}
    backward = {one.id: read(again, one) for one in reversed(documents)}
    assert forward == backward


@pytest.mark.parametrize(
    ("state", "true", "other"),
    [
        ("corroborated", "supported", None),
        ("single", "supported", None),
        ("contradicted", "supported", "supported"),
        ("stale", "supported", "refuted"),
        ("absent", "cannot_tell", None),
    ],
)
def test_voters_without_error_say_what_is_true(state, true, other):
    agents = team()
    for fact in facts(state):
        assert vote(agents, fact, fact.value) == true
        assert fact.other is None or vote(agents, fact, fact.other) == other
        wrong = "cannot_tell" if state == "absent" else "refuted"
        assert vote(agents, fact, fact.wrong[0]) == wrong


def test_voters_cannot_tell_what_no_fact_says():
    item = {"text": "The moon is a lamp."}
    assert ask(team(), "vote", item)["verdict"] == "cannot_tell"


def test_voters_go_by_passages_where_they_are_shown_some():
    fact = facts("single")[0]
    passage = {"quote": fact.spans[0].text, "source": "f1"}
    assert vote(team(), fact, fact.value, passages=[passage]) == "supported"
    assert vote(team(), fact, fact.value, passages=[]) == "cannot_tell"


@pytest.mark.parametrize(("p", "rho"), [(0.2, 0.0), (0.2, 0.4)])
def test_votes_err_with_p_and_correlate_by_rho(p, rho):
    both = wrong = count = 0
    for seed in range(8):
        agents = team(vote_error=p, vote_rho=rho, seed=seed)
        for fact in CORPUS.facts:
            if fact.answerable:
                first, second = (vote(agents, fact, fact.value, n) != "supported" for n in (1, 2))
                both, wrong, count = both + (first and second), wrong + first + second, count + 1
    met = wrong / count / 2
    assert met == pytest.approx(p, abs=0.06)
    assert (both / count - met**2) / (met * (1 - met)) == pytest.approx(rho, abs=0.2)


def test_a_vote_has_its_number_and_its_claim_alone_to_go_by():
    agents, fact = team(vote_error=0.4), facts("single")[0]
    votes = [vote(agents, fact, fact.value, number) for number in range(1, 40)]
    again = team(vote_error=0.4)
    assert votes == [vote(again, fact, fact.value, number) for number in range(1, 40)]
    assert len(set(votes)) == 2
    frozen = team(vote_error=0.4, repeat=True)
    assert len({vote(frozen, fact, fact.value, number) for number in range(1, 40)}) == 1


def test_pulled_and_undecided_voters():
    fact = facts("stale")[0]
    assert vote(team(order_pull=1.0), fact, fact.other) == "supported"
    assert vote(team(cannot_tell=1.0), fact, fact.other) == "cannot_tell"


def test_texts_that_say_the_same_are_grouped_and_opposites_paired():
    rival, other = facts("contradicted")[:2]
    texts = [rival.sentence(rival.value, 0), other.sentence(other.value, 0),
             rival.sentence(rival.other, 1), rival.sentence(rival.value, 2)]  # fmt: skip
    assert ask(team(), "same", texts) == {"groups": [[1, 4]]}
    assert ask(team(), "read", texts) == {"groups": [[1, 4]]}, "as `merge` asks"
    pairs = ask(team(), "relation", {"claims": [{"text": text} for text in texts]})
    assert pairs == {"opposites": [{"a": 1, "b": 3}, {"a": 3, "b": 4}]}
    numbered = [{"n": n, "text": text} for n, text in enumerate(texts)]
    pairs = ask(team(), "relation", {"claims": numbered})
    assert pairs == {"opposites": [{"a": 0, "b": 2}, {"a": 2, "b": 3}]}


def test_the_critic_names_two_parts_without_a_claim():
    parts = [{"id": f"p{n}", "question": one["question"]} for n, one in enumerate(ANGLES, 1)]
    first = next(fact for fact in CORPUS.facts if fact.entity == CORPUS.asked[0])
    item = {"question": "?", "parts": parts, "supported": [first.sentence(first.value)]}
    missing = ask(team(), "critic", item)["missing"]
    assert [one["part"] for one in missing] == ["p2", "p3"]


def test_the_writer_marks_every_sentence():
    parts = [{"n": 1, "text": "It is red."}, {"n": 4, "text": "It is old."}, "A summary."]
    assert ask(team(), "synthesize", parts) == "It is red [1]. It is old [4]. A summary."


def test_sentences_with_and_without_a_statement():
    fact = facts("single")[0]
    sentences = [
        {"id": "s1", "line": 1, "text": "# A heading"},
        {"id": "s2", "line": 2, "text": fact.sentence(fact.value)},
        {"id": "s3", "line": 3, "text": "Is it?"},
        {"id": "s4", "line": 4, "text": "It is lovely."},
        {"id": "s5", "line": 5, "text": "x = 1", "kind": "code"},
    ]
    told = ask(team(), "statements", {"file": "a.md", "sentences": sentences})
    assert [one["sentence"] for one in told["statements"]] == ["s2"]
    assert [one["why"] for one in told["others"]] == ["heading", "question", "opinion", "code"]
    lazy = ask(team(lazy=2), "statements", {"file": "a.md", "sentences": sentences})
    assert len(lazy["statements"]) + len(lazy["others"]) == 2


def test_evidence_is_all_that_speaks_of_a_claim():
    fact = facts("contradicted")[0]
    item = {"claim": {"text": fact.sentence(fact.wrong[0])}, "files": FILES, "most": 60}
    passages = ask(team(), "evidence", item)["passages"]
    assert {one["quote"] for one in passages} == {span.text for span in fact.spans}
    nothing = {"claim": {"text": "The moon is a lamp."}, "files": FILES, "most": 60}
    assert ask(team(), "evidence", nothing) == {"passages": []}


def test_a_quick_reader_searches_and_reads():
    item = {"question": "?", "angle": ANGLES[0], "files": FILES, "most": 60, "per_angle": 3}
    told = ask(team(), "search-read", item)
    assert len(told["claims"]) == 3
    assert {one["source"] for one in told["claims"]} <= {one["id"] for one in told["results"]}
    assert {one["angle"] for one in told["claims"]} == {"a1"}


def test_a_lazy_agent_names_what_it_did_not_read():
    agents = team(lazy=1)
    item = {"question": "?", "angle": ANGLES[0], "files": FILES, "most": 60, "per_angle": 60}
    told = ask(agents, "search-read", item)
    assert len(told["results"]) > 1
    assert agents.log.opened
    assert agents.log.skipped


@pytest.mark.parametrize("storms", [True, False])
def test_calls_fail_as_often_as_they_are_told_to(storms):
    agents = team(fail=0.3, fail_roles=("vote",), storms=storms)
    fact = facts("single")[0]
    item = {"text": fact.sentence(fact.value)}
    ended = [ask(agents, "vote", item, number=n, key=str(n)) for n in range(1, 601)]
    failed = [isinstance(one, Outcome) for one in ended]
    assert sum(failed) / 600 == pytest.approx(0.3, abs=0.1)
    rows = {tuple(failed[at : at + 8]) for at in range(7, 592, 8)}
    assert (len(rows) == 2) == storms
    ends = {one.state for one in ended if isinstance(one, Outcome)}
    assert ends == ({EndState.ERROR} if storms else set(Errors().ends))
    assert not isinstance(ask(agents, "critic", {"parts": [], "supported": []}), Outcome)


def test_a_team_of_its_own_errors():
    assert isinstance(CORPUS.team(vote_error=0.2), Team)
    assert set(CORPUS.agents()) == set(CORPUS.team().roles)
    with pytest.raises(TypeError, match="misspelt"):
        CORPUS.agents(misspelt=1)
