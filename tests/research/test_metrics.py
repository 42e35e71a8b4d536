"""Metrics on results made by hand: a right one, and for every metric one wrong on purpose."""

from __future__ import annotations

import copy

import metrics
import pytest
from metrics import Share
from planted.corpus import PlantedCorpus
from planted.labelled import labelled
from planted.log import Log
from planted.told import Told

CORPUS = PlantedCorpus(seed=3)
FACTS = CORPUS.asked_facts
DOCUMENTS = {document.id: document for document in CORPUS.files}


def of(state):
    """Find a fact of the question in this state."""
    return next(fact for fact in FACTS if fact.state == state)


def ideal():
    """Make the result of a run that misses nothing and errs nowhere."""
    claims, citations, sentences, conflicts = [], [], [], []
    names = {document.id: f"f{number}" for number, document in enumerate(CORPUS.files, 1)}
    for fact in FACTS:
        for value in fact.values if fact.state == "contradicted" else (fact.value,):
            spans = [span for span in fact.spans if span.value == value]
            if not spans:
                continue
            n = len(claims) + 1
            quotes = [{"source": names[span.doc], "quote": span.text} for span in spans]
            claims.append(
                {"id": f"c{n}", "text": fact.sentence(value), "state": "supported", "cause": None,
                 "quotes": quotes, "sources": [quote["source"] for quote in quotes]}
            )  # fmt: skip
            citations.append({"n": n, "claim": f"c{n}", **quotes[0]})
            sentences.append(f"{fact.sentence(value)[:-1]} [{n}].")
        if fact.state == "contradicted":
            conflicts.append({"claims": [f"c{len(claims) - 1}", f"c{len(claims)}"], "why": ""})
    sources = [{"id": names[one.id], "path": one.file, "state": "read"} for one in CORPUS.files]
    data = {"title": "t", "question": CORPUS.question, "claims": claims, "sources": sources,
            "citations": citations, "conflicts": conflicts}  # fmt: skip
    return {"report": " ".join(sentences), "data": data}


IDEAL = ideal()


@pytest.fixture
def result():
    """Give the ideal result, to spoil it."""
    return copy.deepcopy(IDEAL)


def told(result=IDEAL):
    return Told(CORPUS, result)


def claim_of(result, fact, value=None):
    """Find the claim that gives a fact a value."""
    text = fact.sentence(fact.value if value is None else value)
    return next(claim for claim in result["data"]["claims"] if claim["text"] == text)


def test_an_ideal_result_is_ideal():
    found = told()
    figures = {
        **metrics.accuracy(found, FACTS),
        **metrics.conflicts(found, FACTS),
        "spans": metrics.span_precision(found),
        "citations": metrics.citation_support(found),
        "evidence": metrics.evidence_recall(found, FACTS),
        "precision": metrics.precision(found),
    }
    assert {name: share.value for name, share in figures.items()} == dict.fromkeys(figures, 1.0)
    assert metrics.staleness(found, FACTS).value == 0
    assert metrics.mirrors(found) == 0
    assert metrics.refuted(found).value == 0
    assert not metrics.unverified(found)
    assert metrics.laziness(found, Log(opened=set(DOCUMENTS))) == 0


def test_no_result_is_no_number_and_no_error():
    nothing = told({})
    assert metrics.accuracy(nothing, FACTS)["answer accuracy"].value is None
    assert metrics.accuracy(nothing, FACTS)["facts found"].value == 0
    assert metrics.span_precision(nothing).value is None
    assert metrics.conflicts(nothing, FACTS)["conflict recall"].value is None


def test_accuracy_sees_a_wrong_value(result):
    fact = of("single")
    claim_of(result, fact)["text"] = fact.sentence(fact.wrong[0])
    before, after = metrics.accuracy(told(), FACTS), metrics.accuracy(told(result), FACTS)
    assert after["answer accuracy"].part == before["answer accuracy"].part - 1
    assert after["facts found"].part == before["facts found"].part - 1


def test_accuracy_sees_a_second_value_beside_the_right_one(result):
    fact = of("single")
    wrong = {**claim_of(result, fact), "id": "c99", "text": fact.sentence(fact.wrong[0])}
    result["data"]["claims"].append(wrong)
    found = metrics.accuracy(told(result), FACTS)
    assert found["answer accuracy"].whole - found["answer accuracy"].part == 1
    assert found["facts found"].value == 1
    assert metrics.precision(told(result)).part == metrics.precision(told(result)).whole - 1


def test_accuracy_reads_free_sentences_with_other_numerals(result):
    fact = next(one for one in FACTS if one.attribute.id == "visitors" and one.answerable)
    plain = fact.value.replace(",", "")
    name = fact.entity.name.upper()
    claim_of(result, fact)["text"] = f"According to the ledger, {name} sees {plain} - no less."
    assert metrics.accuracy(told(result), FACTS)["facts found"].value == 1


def test_labels_and_their_errors():
    claims = labelled(CORPUS)
    said = {"SUPPORTS": "supported", "REFUTES": "refuted", "NOT ENOUGH INFO": "unverified"}
    right = {claim.id: said[claim.label] for claim in claims}
    found = metrics.labels(claims, right)
    assert found["macro F1"] == 1
    assert found["verdict on NOT ENOUGH INFO"].value == 0
    wrong = next(claim for claim in claims if claim.label == "SUPPORTS")
    lost = metrics.labels(claims, {**right, wrong.id: "refuted"})
    assert lost["recall SUPPORTS"].value < 1
    assert lost["precision REFUTES"].value < 1
    assert lost["precision SUPPORTS"].value == 1
    assert lost["macro F1"] < 1
    assert lost["verdict precision"].whole - lost["verdict precision"].part == 1
    assert lost["verdict recall"].whole - lost["verdict recall"].part == 1
    unknown = next(claim for claim in claims if claim.label == "NOT ENOUGH INFO")
    given = metrics.labels(claims, {**right, unknown.id: "qualified"})
    assert given["verdict on NOT ENOUGH INFO"].part == 1
    nothing = metrics.labels(claims, {})
    assert nothing["recall SUPPORTS"].value == 0
    assert nothing["recall NOT ENOUGH INFO"].value == 1


def test_span_precision_sees_a_quote_that_stands_nowhere(result):
    result["data"]["claims"][0]["quotes"][0]["quote"] += " Or so they say."
    result["data"]["citations"][1]["source"] = "f999"
    found = metrics.span_precision(told(result))
    assert found.whole - found.part == 2


def test_span_precision_folds_spaces_and_sees_another_document(result):
    quote = result["data"]["claims"][0]["quotes"][0]
    quote["quote"] = quote["quote"].replace(" ", "\n ")
    assert metrics.span_precision(told(result)).value == 1
    off_topic = next(one for one in CORPUS.files if one.role == "off_topic")
    quote["source"] = off_topic.file
    assert metrics.span_precision(told(result)).value < 1


def test_citation_support_sees_a_mark_that_carries_something_else(result):
    first, second = result["data"]["citations"][:2]
    first["quote"], first["source"] = second["quote"], second["source"]
    found = metrics.citation_support(told(result))
    assert found.whole - found.part == 1
    assert metrics.span_precision(told(result)).value == 1


def test_citation_support_sees_a_value_that_no_quote_has(result):
    fact = of("single")
    result["report"] = f"{fact.sentence(fact.wrong[0])[:-1]} [1]."
    assert metrics.citation_support(told(result)) == Share(0, 1)


def test_citation_support_leaves_out_what_cites_nothing(result):
    result["report"] = "It is all quite old. " + result["report"]
    assert metrics.citation_support(told(result)) == metrics.citation_support(told())


def test_evidence_recall_sees_a_span_that_nobody_cites(result):
    fact = of("single")
    claim = claim_of(result, fact)
    claim["state"] = "unverified"
    number = int(claim["id"][1:])
    result["data"]["citations"].pop(number - 1)
    found = metrics.evidence_recall(told(result), FACTS)
    assert found.whole - found.part == 1


def test_conflicts_that_are_not_shown(result):
    result["data"]["conflicts"].pop(0)
    found = metrics.conflicts(told(result), FACTS)
    assert found["conflict recall"].whole - found["conflict recall"].part == 1


def test_conflicts_of_claims_that_do_not_contradict_each_other(result):
    result["data"]["conflicts"] = [{"claims": ["c1", "c2", "c77"], "why": ""}]
    assert metrics.conflicts(told(result), FACTS)["conflict recall"].part == 0


def test_conflicts_of_which_one_side_fell_or_was_never_read(result):
    fact = of("contradicted")
    claim_of(result, fact, fact.other)["state"] = "unverified"
    result["data"]["conflicts"] = result["data"]["conflicts"][1:]
    found = metrics.conflicts(told(result), FACTS)
    count = sum(one.state == "contradicted" for one in FACTS)
    assert found["conflict recall"] == Share(count - 1, count - 1)
    assert found["conflict recall of those read"] == Share(count - 1, count)
    result["data"]["claims"].remove(claim_of(result, fact, fact.other))
    found = metrics.conflicts(told(result), FACTS)
    assert found["conflict recall of those read"] == Share(count - 1, count - 1)
    assert found["conflict recall of all"] == Share(count - 1, count)


def test_staleness_sees_a_superseded_value(result):
    fact = of("stale")
    claim_of(result, fact)["text"] = fact.sentence(fact.other)
    assert metrics.staleness(told(result), FACTS).part == 1


def test_staleness_lets_a_qualified_claim_be(result):
    fact = of("stale")
    claim = claim_of(result, fact)
    claim["text"], claim["state"] = fact.sentence(fact.other), "qualified"
    assert metrics.staleness(told(result), FACTS).part == 0


def test_mirrors_that_are_counted_as_a_source(result):
    mirror = next(one for one in CORPUS.files if one.role == "mirror")
    result["data"]["claims"][0]["sources"] = [mirror.file, mirror.copy_of.file]
    result["data"]["claims"][1]["sources"] = [mirror.file]
    assert metrics.mirrors(told(result)) == 1


def test_a_failure_that_became_a_verdict(result):
    claims = result["data"]["claims"]
    claims[0]["state"], claims[1]["state"] = "refuted", "unverified"
    assert metrics.failure_as_verdict(told(), told(result)) == 1
    assert metrics.failure_as_verdict(told(), told()) == 0
    del claims[0]
    assert metrics.failure_as_verdict(told(), told(result)) == 0


def test_sources_that_were_said_to_be_read_and_were_not(result):
    opened = set(DOCUMENTS) - {"doc-01", "doc-02"}
    assert metrics.laziness(told(result), Log(opened=opened)) == 2
    result["data"]["sources"][0]["state"] = "failed"
    result["data"]["sources"][1]["state"] = "left out"
    assert metrics.laziness(told(result), Log(opened=opened)) == 0


def test_true_claims_that_were_refuted(result):
    result["data"]["claims"][0]["state"] = "refuted"
    found = metrics.refuted(told(result))
    assert found.part == 1
    result["data"]["claims"][0]["quotes"][0]["quote"] = "Nobody wrote this."
    assert metrics.refuted(told(result)) == Share(0, found.whole - 1)


def test_unverified_claims_by_cause(result):
    result["data"]["claims"][0] |= {"state": "unverified", "cause": "quota"}
    assert metrics.unverified(told(result)) == {"quota": 1}


def test_recall_that_was_said_to_be_less_than_it_is():
    assert metrics.calibration([(0.5, 0.6), (0.9, 0.9), (1.0, 0.98)]) == Share(2, 3)


def test_cost_counts_what_was_paid_for():
    report = {"census": {"ok": 8, "error": 2, "cached": 5}, "elapsed_s": 61.5, "cost_usd": 0.25,
              "usage": {"input": 30_000, "cache_read": 10_000, "cache_write": 5_000,
                        "output": 5_000}}  # fmt: skip
    assert metrics.cost(report, right=20) == {
        "agents": 10, "tokens": 50_000, "dollars": 0.25, "seconds": 61.5,
        "right per 100 k tokens": 40.0,
    }  # fmt: skip
    assert metrics.cost({}, right=20)["right per 100 k tokens"] == 0


def test_sentences_of_a_report_and_their_marks():
    result = {"report": "One [1]. Two and more [2, 3] of it. No mark. Three. [4]", "data": {}}
    assert list(told(result).sentences()) == [
        ("One.", [1]),
        ("Two and more of it.", [2, 3]),
        ("Three.", [4]),
    ]


def test_a_merged_quote_stands_where_it_stands_in_any_of_its_sources(result):
    quote = result["data"]["claims"][0]["quotes"][0]
    quote["source"] = ["nowhere.txt", quote["source"]]
    assert metrics.span_precision(told(result)).value == 1
