"""The loader: a corpus's own files, forms as published, and errors that name file, line, field."""

from __future__ import annotations

import json

import pytest
from loader import (
    Evidence,
    LoadedClaim,
    LoadedDocument,
    Place,
    fever_claims,
    fever_pages,
    scifact_claims,
    scifact_corpus,
    write_documents,
)
from planted.corpus import PlantedCorpus
from planted.labelled import doc_numbers, labelled

from hocket.errors import UsageError


@pytest.fixture
def lines(tmp_path):
    """Write objects, or texts as they are, as lines of a file."""

    def write(*rows):
        file = tmp_path / "claims.jsonl"
        texts = [row if isinstance(row, str) else json.dumps(row) for row in rows]
        file.write_text("\n".join(texts) + "\n", "utf-8")
        return file

    return write


def test_fever_as_published(lines):
    file = lines(
        {"id": 75397, "verifiable": "VERIFIABLE", "label": "SUPPORTS", "claim": "It rained.",
         "evidence": [[[92206, 104971, "Rain_-LRB-weather-RRB-", 7]],
                      [[1, 2, "Rain", 0], [1, 3, "Cloud", 4]]]},
        {"id": 2, "label": "NOT ENOUGH INFO", "claim": "It did.",
         "evidence": [[[1, None, None, None]]]},
        {"id": 3, "claim": "A claim of a test set."},
    )  # fmt: skip
    assert fever_claims(file) == [
        LoadedClaim(
            75397,
            "It rained.",
            "SUPPORTS",
            (
                Evidence("SUPPORTS", (Place("Rain_-LRB-weather-RRB-", 7),)),
                Evidence("SUPPORTS", (Place("Rain", 0), Place("Cloud", 4))),
            ),
        ),
        LoadedClaim(2, "It did.", "NOT ENOUGH INFO"),
        LoadedClaim(3, "A claim of a test set.", None),
    ]


def test_pages_of_fever(lines):
    page = "0\tIt rains.\tRain\tRain\n1\t\n2\tIt pours."
    file = lines({"id": "Rain", "text": "…", "lines": page}, {"id": "", "text": "", "lines": ""})
    assert fever_pages(file) == [LoadedDocument("Rain", "Rain", ("It rains.", "It pours."))]


def test_scifact_as_published(lines):
    support = {"sentences": [0, 2], "label": "SUPPORT"}
    against = {"sentences": [4], "label": "CONTRADICT"}
    file = lines(
        {"id": 0, "claim": "A.", "evidence": {"31715818": [support]}, "cited_doc_ids": [31715818]},
        {"id": 1, "claim": "B.", "evidence": {"4": [against]}, "cited_doc_ids": [4]},
        {"id": 2, "claim": "C.", "evidence": {}, "cited_doc_ids": [4]},
        {"id": 3, "claim": "D.", "evidence": {"4": [against, support]}, "cited_doc_ids": [4]},
        {"id": 4, "claim": "E."},
    )
    claims = scifact_claims(file)
    assert [claim.label for claim in claims] == [
        "SUPPORTS",
        "REFUTES",
        "NOT ENOUGH INFO",
        None,
        None,
    ]
    assert claims[0].evidence == (
        Evidence("SUPPORTS", (Place("31715818", 0), Place("31715818", 2))),
    )
    assert len(claims[3].evidence) == 2


def test_a_corpus_loads_as_what_it_was_made_of(tmp_path):
    corpus = PlantedCorpus(seed=2)
    corpus.write(tmp_path)
    made = labelled(corpus)
    fever = fever_claims(tmp_path / "claims.jsonl")
    scifact = scifact_claims(tmp_path / "scifact" / "claims.jsonl")
    numbers = doc_numbers(corpus)
    for claim, one, other in zip(made, fever, scifact, strict=True):
        assert (one.id, one.claim, one.label) == (claim.id, claim.claim, claim.label)
        assert (other.id, other.claim, other.label) == (claim.id, claim.claim, claim.label)
        spans = [(span.doc, span.sentence) for span in claim.evidence]
        assert [tuple(place) for each in one.evidence for place in each.places] == spans
        assert [tuple(place) for each in other.evidence for place in each.places] == [
            (str(numbers[doc]), sentence) for doc, sentence in spans
        ]


def test_documents_of_a_corpus_load_and_can_be_written(tmp_path):
    corpus = PlantedCorpus(seed=2)
    corpus.write(tmp_path)
    documents = scifact_corpus(tmp_path / "scifact" / "corpus.jsonl")
    assert len(documents) == len(corpus.files)
    write_documents(documents, tmp_path / "again")
    texts = [file.read_text("utf-8") for file in sorted((tmp_path / "again").iterdir())]
    for document, text in zip(corpus.files, texts, strict=True):
        assert text.startswith(f"{document.title}\n\n")
        assert all(span.text in text for span in document.sentences)


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("{", "field (line): no JSON"),
        ("[1]", "field (line): it is [1]"),
        ({"claim": "x"}, "field id: it is missing; expected a number"),
        ({"id": "7", "claim": "x"}, 'field id: it is "7"; expected a number'),
        ({"id": True, "claim": "x"}, "field id: it is true"),
        ({"id": 7}, "field claim: it is missing; expected a text"),
        ({"id": 7, "claim": 5}, "field claim: it is 5"),
        ({"id": 7, "claim": "x", "label": "MAYBE"}, "field label: it is 'MAYBE'; expected one of"),
        ({"id": 7, "claim": "x", "evidence": "no"}, 'field evidence: it is "no"; expected a list'),
        ({"id": 7, "claim": "x", "evidence": ["no"]}, 'field evidence/0: it is "no"'),
        ({"id": 7, "claim": "x", "evidence": [[[1, 2]]]}, "field evidence/0/0: it is [1, 2]"),
        ({"id": 7, "claim": "x", "evidence": [[[1, 2, "p", "0"]]]}, "field evidence/0/0: it is"),
        ({"id": 7, "claim": "x", "evidence": [[], [[1, 2, None, 3]]]}, "field evidence/1/0: it is"),
    ],
)
def test_what_is_wrong_in_fever_is_named(lines, row, field):
    file = lines({"id": 1, "claim": "fine"}, "", row)
    with pytest.raises(UsageError) as refused:
        fever_claims(file)
    assert refused.value.message.startswith(f"claims.jsonl:3: {field}")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"evidence": []}, "field evidence: it is []; expected an object"),
        ({"evidence": {"4": {}}}, "field evidence/4: it is {}; expected a list"),
        ({"evidence": {"4": ["x"]}}, 'field evidence/4/0: it is "x"'),
        ({"evidence": {"4": [{"sentences": [1]}]}}, "field evidence/4/0/label: it is None"),
        (
            {"evidence": {"4": [{"sentences": ["1"], "label": "SUPPORT"}]}},
            'field evidence/4/0/sentences: it is ["1"]; expected a list of numbers',
        ),
        ({"cited_doc_ids": ["4"]}, 'field cited_doc_ids/0: it is "4"; expected a number'),
    ],
)
def test_what_is_wrong_in_scifact_is_named(lines, fields, field):
    with pytest.raises(UsageError) as refused:
        scifact_claims(lines({"id": 1, "claim": "x", **fields}))
    assert refused.value.message.startswith(f"claims.jsonl:1: {field}")


def test_what_is_wrong_in_a_corpus_is_named(lines):
    with pytest.raises(UsageError, match=r"claims.jsonl:1: field abstract/1: it is 3"):
        scifact_corpus(lines({"doc_id": 1, "title": "t", "abstract": ["a", 3]}))


def test_long_values_are_shortened_in_errors(lines):
    with pytest.raises(UsageError) as refused:
        fever_claims(lines({"id": "7" * 500, "claim": "x"}))
    assert "…" in refused.value.message
    assert len(refused.value.message) < 200


def test_lines_end_where_json_lines_end(lines):
    row = json.dumps({"id": 1, "claim": "one\u2028claim"}, ensure_ascii=False)
    assert [claim.id for claim in fever_claims(lines(row, row))] == [1, 1]
