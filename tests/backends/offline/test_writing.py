"""Texts of quotes alone, statements, evidence, groups, and answers made to fit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket.screens.citations import citations
from hocket_plugins.backends.offline.fitting import fitted

FIRST = "The Velora bridge was opened in 1921."
SECOND = "Dr. Holm said in 1950 that it is 3.5 metres wide. Why not?"
PARTS = [
    {"n": 1, "text": FIRST, "state": "supported", "quote": FIRST, "source": "a-9.txt"},
    {"n": 2, "text": "x", "state": "qualified", "quote": SECOND, "source": "b.txt",
     "qualification": 'c-77.txt says "1951"'},
    {"n": 3, "text": "y", "state": "unverified", "quote": "It has 14 lamps.", "source": "a-9.txt"},
    {"n": 4, "text": "z", "state": "supported", "quote": "It is old.", "sources": ["a", "b", "c"]},
]  # fmt: skip


def judged(text: str):
    texts = {"x": "\n".join(part["quote"] for part in PARTS)}
    cite = [{"n": part["n"], "quote": part["quote"], "source": "x"} for part in PARTS]
    return citations({"text": text, "cite": cite}, texts.get)


def test_quotes_stand_in_groups_with_their_marks_and_pass_the_screen(room):
    text = room.ask("synthesize", PARTS)
    assert text.splitlines()[0] == (
        "## Made without a language model: sentences quoted from 5 files, "
        "chosen and compared by rules."
    )
    heads = [line.removeprefix("### ") for line in text.splitlines() if line.startswith("### ")]
    assert set(heads[:2]) == {"Supported by several sources", "Supported by 3 sources"}
    assert heads[2:] == ["One source", "Sources disagree"]
    assert f"- \u201c{FIRST}\u201d [1]" in text
    assert judged(text)["wrong"] == []


def test_nothing_is_refused_in_these_words(room):
    assert room.ask("synthesize", []).endswith("\n\nNo passage in these files answers this.")


def test_what_was_condensed_comes_back_in_its_groups(room):
    one, two = room.ask("synthesize", PARTS[:2]), room.ask("synthesize", PARTS[2:])
    text = room.ask("synthesize", [one, two, "words of somebody else"])
    assert sorted(line for line in text.splitlines() if line.startswith("- ")) == sorted(
        line for line in room.ask("synthesize", PARTS).splitlines() if line.startswith("- ")
    )


def test_a_schema_gets_the_text_in_its_field(room):
    schema = {
        "type": "object",
        "properties": {"report": {"type": "string"}},
        "required": ["report"],
    }
    assert "[1]" in room.ask("synthesize", PARTS, schema)["report"]


QUOTES = st.text(alphabet="aB1 .,!?\u2019()[]\u00e9-", min_size=1, max_size=40)


@given(st.lists(QUOTES, max_size=5))
def test_no_quote_makes_a_sentence_that_its_mark_does_not_carry(quotes):
    from hocket_plugins.backends.offline.writing import synthesize  # noqa: PLC0415

    class Desk:
        item = [{"n": n, "quote": quote, "state": "supported"} for n, quote in enumerate(quotes, 1)]

    text = synthesize(Desk())
    cite = [{"n": n, "quote": quote, "source": "x"} for n, quote in enumerate(quotes, 1)]
    told = citations({"text": text, "cite": cite}, {"x": " ".join(quotes)}.get)
    assert {fault["why"] for fault in told["wrong"]} <= {"quote", "unknown"}


ROWS = [
    ("s1", "The Velora bridge was opened in 1921.", None),
    ("s2", "I think that it is the best bridge of all.", "opinion"),
    ("s3", "Is it open on Sundays?", "question"),
    ("s4", "# The history", "heading"),
    ("s5", "A short history", "heading"),
    ("s6", "A pier is a platform that stands on pillars.", "definition"),
    ("s7", "It should have cost 3 euros.", None),
    ("s8", "The keeper lives in the house beside it.", None),
]


def test_every_sentence_is_a_statement_or_has_a_reason(room):
    sentences = [{"id": name, "line": 1, "text": text} for name, text, _ in ROWS]
    sentences.append({"id": "s9", "line": 2, "text": "x = 1", "kind": "code"})
    told = room.ask("statements", {"file": "a.md", "sentences": sentences})
    assert {row["sentence"]: row["why"] for row in told["others"]} == {
        **{name: why for name, _, why in ROWS if why}, "s9": "code",
    }  # fmt: skip
    assert [row["sentence"] for row in told["statements"]] == [n for n, _, why in ROWS if not why]
    assert told["statements"][0]["numbers"] == ["1921"]
    assert told["statements"][0]["importance"] == "high"


def test_evidence_is_what_agrees_or_differs_each_file_once(bridge):
    bridge.write("mirror.txt", (bridge.project / "notes.txt").read_text())
    claim = {"text": "The Velora bridge was opened in 1921."}
    told = bridge.ask("evidence", {"claim": claim, "files": bridge.files, "most": 6})["passages"]
    assert [row["source"] for row in told] == ["f1", "f3"]
    assert {row["says"] for row in told} == {"supports"}
    assert (told[0]["line"], told[0]["date"]) == (6, "2024-03-01")
    claim = {"text": "The Velora bridge is 340 metres long."}
    told = bridge.ask("evidence", {"claim": claim, "files": bridge.files, "most": 6})["passages"]
    assert {row["source"]: row["says"] for row in told} == {"f1": "supports", "f2": "refutes"}
    assert bridge.ask("evidence", {"claim": claim, "files": []}) == {"passages": []}


def test_equal_statements_are_grouped_and_doubtful_ones_are_not(room):
    values = [
        "The Velora bridge was opened in 1921.",
        {"text": "In 1921 the Velora bridge was opened."},
        "The Velora bridge was opened in 1922.",
        "The Velora bridge was not opened in 1921.",
        "The Torgast pier was opened in 1921.",
        "", "", None, 7,
    ]  # fmt: skip
    assert room.ask("same", values) == {"groups": [[1, 2]]}
    assert room.ask("same", "no list") == {"groups": []}


def test_claims_that_cannot_both_be_so_are_paired(room):
    claims = [
        {"n": 1, "text": "The Velora bridge was opened in 1921."},
        {"n": 2, "text": "The Velora bridge was opened in 1931."},
        {"n": 3, "text": "The Velora bridge is 340 metres long."},
    ]
    (pair,) = room.ask("relation", {"claims": claims})["opposites"]
    assert (pair["a"], pair["b"]) == (1, 2)


@pytest.mark.parametrize(
    ("answer", "schema", "told"),
    [
        ({"a": 1, "b": 2}, {"properties": {"a": {}}}, {"a": 1}),
        ({"a": 1}, {}, {"a": 1}),
        ([1, 2, 3], {"maxItems": 2}, [1, 2]),
        ("abc", {"type": "string", "maxLength": 2}, "ab"),
        ("abc", {"type": "object", "properties": {"x": {}}}, {}),
        ("abc", {"type": "object", "properties": {"answer": {}}}, {"answer": "abc"}),
        ({}, {"properties": {"s": {"type": "string"}}, "required": ["s"]}, {"s": ""}),
        ({}, {"properties": {"n": {"type": "integer", "minimum": 3}}, "required": ["n"]}, {"n": 3}),
        ({}, {"properties": {"n": {"type": "number"}}, "required": ["n"]}, {"n": 0}),
        (
            {},
            {"properties": {"e": {"enum": ["a", "unknown"]}}, "required": ["e"]},
            {"e": "unknown"},
        ),
        ({}, {"properties": {"e": {"enum": ["a", "b"]}}, "required": ["e"]}, {"e": "a"}),
        ({}, {"properties": {"l": {"type": "array"}}, "required": ["l"]}, {"l": []}),
        (7, {"type": "string"}, 7),
    ],
)
def test_an_answer_is_made_to_fit(answer, schema, told):
    assert fitted(answer, schema) == told
