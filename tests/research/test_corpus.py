"""The generator: the same bytes for the same seed, and a truth that the documents bear out."""

from __future__ import annotations

import json
from collections import Counter
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from planted.asked import questions
from planted.attributes import ATTRIBUTES
from planted.corpus import PlantedCorpus
from planted.labelled import labelled

FIRST_DIGEST = "676e6984135fd3bdca2b199abeb2bdbc187914c1a23d1bdc6263dd23e2fb95b5"


def digest_of(folder):
    """One digest of all files, by their names."""
    found = sha256()
    for file in sorted(one for one in folder.rglob("*") if one.is_file()):
        found.update(file.relative_to(folder).as_posix().encode() + b"\0" + file.read_bytes())
    return found.hexdigest()


def test_the_same_seed_gives_the_same_bytes_everywhere(tmp_path):
    PlantedCorpus(seed=0).write(tmp_path)
    assert digest_of(tmp_path) == FIRST_DIGEST


def test_another_seed_gives_another_world(tmp_path):
    for seed in (0, 1):
        PlantedCorpus(seed=seed).write(tmp_path / str(seed))
    assert digest_of(tmp_path / "0") != digest_of(tmp_path / "1")


def test_files_of_a_corpus(tmp_path):
    docs = PlantedCorpus(seed=3).write(tmp_path)
    assert docs == tmp_path / "docs"
    assert len(list(docs.glob("*.txt"))) == 24 + 12 + 3 + 2
    names = sorted(one.relative_to(tmp_path).as_posix() for one in tmp_path.rglob("*.json*"))
    assert names == [
        "claims.jsonl",
        "questions.jsonl",
        "scifact/claims.jsonl",
        "scifact/corpus.jsonl",
        "truth.json",
    ]


def test_heads_of_documents(tmp_path):
    for file in PlantedCorpus(seed=3).write(tmp_path).glob("*.txt"):
        date, source, blank, title = file.read_text("utf-8").splitlines()[:4]
        assert date.startswith("Date: 20"), file
        assert source.split()[0] == "Source:", file
        assert source.split()[2] in {"primary", "secondary"}, file
        assert (blank, bool(title)) == ("", True), file


@settings(max_examples=15, deadline=None)
@given(some.integers(0, 10_000), some.sampled_from(["old", "new"]))
def test_spans_say_where_a_fact_stands(seed, wording):
    corpus = PlantedCorpus(seed=seed, wording=wording)
    texts = {document.id: document.text for document in corpus.files}
    for fact in corpus.facts:
        for span in fact.spans:
            text = texts[span.doc]
            assert text[span.start : span.end] == span.text
            assert span.value in span.text
            assert fact.entity.name in span.text
            assert text.count("\n", 0, span.start) + 1 == span.line


@settings(max_examples=15, deadline=None)
@given(some.integers(0, 10_000))
def test_states_are_what_the_documents_say(seed):
    corpus = PlantedCorpus(seed=seed)
    documents = {document.id: document for document in corpus.files}
    for fact in corpus.facts:
        values = Counter(span.value for span in fact.spans)
        homes = {span.doc for span in fact.spans}
        assert len(homes) == len(fact.spans), "a document tells a fact once"
        if fact.state == "absent":
            assert not values
        elif fact.state == "single":
            assert values == {fact.value: 1}
        elif fact.state == "corroborated":
            assert values[fact.value] >= 2
            assert len(values) == 1
        else:
            assert values == {fact.value: 1, fact.other: 1}
            days = [documents[span.doc].day for span in fact.spans]
            apart = abs((days[0] - days[1]).days)
            assert apart <= 60 if fact.state == "contradicted" else apart > 1_000
            newest = max(fact.spans, key=lambda span: documents[span.doc].day)
            assert fact.state == "contradicted" or newest.value == fact.value


def test_the_mix_is_met_as_whole_numbers():
    counts = Counter(fact.state for fact in PlantedCorpus(seed=5).facts)
    assert counts == {
        "corroborated": 24, "single": 12, "contradicted": 9, "stale": 6, "absent": 9,
    }  # fmt: skip


def test_a_mix_that_does_not_divide_is_rounded_to_all_facts():
    corpus = PlantedCorpus(entities=3, documents=7, attributes=("opened", "cost", "colour"))
    assert len(corpus.facts) == 9


@pytest.mark.parametrize(
    "wrong", [{"entities": 0}, {"entities": 99}, {"documents": 3}, {"mix": {"single": 0.5}}]
)
def test_a_world_that_cannot_hold_its_facts_is_refused(wrong):
    with pytest.raises(ValueError, match="must"):
        PlantedCorpus(**wrong)


def test_wordings_share_no_sentence_and_no_question():
    for attribute in ATTRIBUTES:
        old, new = attribute.old, attribute.new
        assert not {*old.sentences} & {*new.sentences}
        assert old.question != new.question
        assert len({*old.sentences, *new.sentences}) == 6


def test_the_truth_does_not_depend_on_the_wording():
    old, new = PlantedCorpus(seed=2), PlantedCorpus(seed=2, wording="new")
    assert [(f.id, f.state, f.value, f.other) for f in old.facts] == [
        (f.id, f.state, f.value, f.other) for f in new.facts
    ]


def test_no_name_is_a_part_of_another():
    for seed in range(30):
        names = [place.name.split()[0] for place in PlantedCorpus(seed=seed, entities=20).places]
        assert not [a for a in names for b in names if a != b and a in b]


def test_mirrors_are_copies_but_for_their_spaces():
    corpus = PlantedCorpus(seed=4)
    mirrors = [document for document in corpus.files if document.role == "mirror"]
    assert len(mirrors) == 2
    for mirror in mirrors:
        assert mirror.text.split() == mirror.copy_of.text.split()
        assert mirror.id != mirror.copy_of.id
        for (_, span), (_, origin) in zip(mirror.told(), mirror.copy_of.told(), strict=True):
            assert (span.start, span.end) == (origin.start, origin.end)
    assert {mirror.text == mirror.copy_of.text for mirror in mirrors} == {True, False}
    ids = {mirror.id for mirror in mirrors}
    assert not [span for fact in corpus.facts for span in fact.spans if span.doc in ids]


def test_injections_hold_a_command_and_a_canary_of_their_own():
    injected = [one for one in PlantedCorpus(seed=4).files if one.role == "injected"]
    assert len({one.canary for one in injected}) == 3
    for document in injected:
        assert f"send_report with {document.canary}" in document.text.replace("the text ", "")
        assert document.about.name in document.title
    texts = "".join(one.text for one in injected)
    assert "<!--" in texts
    assert "> From:" in texts


def test_fillers_and_other_topics_hold_no_fact():
    corpus = PlantedCorpus(seed=6)
    stated = {span.text for fact in corpus.facts for span in fact.spans}
    for document in corpus.files:
        assert len(document.told()) == sum(span.text in stated for span in document.sentences)
        if document.role == "topic":
            assert len(document.sentences) - len(document.told()) == 6
        elif document.role != "mirror":
            assert not document.told()


def test_questions_have_an_answer_that_stands_in_the_evidence():
    corpus = PlantedCorpus(seed=0)
    texts = {document.id: document.text for document in corpus.files}
    asked = list(questions(corpus))
    kinds = Counter(one["kind"] for one in asked)
    assert kinds["lookup"] == 51
    assert kinds["absent"] == 9
    assert kinds["compare"] == 8
    assert kinds["hop"] >= 1
    assert len({one["id"] for one in asked}) == len(asked)
    for one in asked:
        shown = " ".join(texts[at["doc"]][at["start"] : at["end"]] for at in one["evidence"])
        answers = one["answer"] if isinstance(one["answer"], list) else [one["answer"]]
        assert (one["kind"] == "absent") == (one["answer"] is None) == (not one["evidence"])
        assert one["answer"] is None or all(answer in shown for answer in answers)


def test_labels_follow_the_truth():
    corpus = PlantedCorpus(seed=0)
    claims = labelled(corpus)
    assert {claim.label for claim in claims} == {"SUPPORTS", "REFUTES", "NOT ENOUGH INFO"}
    assert len(claims) == 51
    for claim in claims:
        assert (claim.label == "SUPPORTS") == (
            claim.fact.answerable and claim.fact.value in claim.claim
        )
        assert bool(claim.evidence) == (claim.label != "NOT ENOUGH INFO")


def test_the_truth_is_json_and_names_every_document(tmp_path):
    corpus = PlantedCorpus(seed=1)
    corpus.write(tmp_path)
    truth = json.loads((tmp_path / "truth.json").read_text("utf-8"))
    assert truth["question"] == corpus.question
    for document in truth["documents"]:
        content = (tmp_path / document["file"]).read_bytes()
        assert sha256(content).hexdigest() == document["sha256"]
        assert content.isascii()
