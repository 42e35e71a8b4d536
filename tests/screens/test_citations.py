"""Each sentence of a report is held against what it cites."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hocket.screens.sentences import cited, sentences
from hocket.screens.table import run

STORED = {
    "a": "The bridge opened on 12 March 1921. It cost 5.3 million crowns.",
    "b": "About 2,000 people cross it each day.",
}
CITE = [
    {"n": 1, "quote": "The bridge opened on 12 March 1921", "source": "a"},
    {"n": 2, "quote": "It cost 5.3 million crowns", "source": "a"},
    {"n": "3", "quote": "2,000 people cross it", "source": "b"},
    {"n": 4, "quote": "It is blue", "source": "b"},
    {"n": None, "quote": "no number", "source": "b"},
    "no entry",
]


def judge(text: str, cite: object = CITE) -> object:
    return run("citations", {"text": text, "cite": cite}, STORED.get)


def test_a_report_that_is_carried() -> None:
    text = "It opened in 1921 [1]. It cost 5,300,000 crowns and serves 2 000 people. [2, 3]"
    assert judge(text) == {"sentences": 2, "wrong": [], "uncited": []}


def faults(text: str, cite: object = CITE) -> list[tuple[int, str]]:
    told = judge(text, cite)
    for each in told["wrong"]:
        assert text[each["start"] : each["end"]] == sentences(text)[each["sentence"] - 1]
    return [(each["sentence"], each["why"]) for each in told["wrong"]]


def test_what_is_wrong_is_named_by_sentence_and_reason() -> None:
    text = (
        "# The bridge in 1999\n\nIt opened on 12 March 1921 [1]. It opened on 13 March 1921 [1]. "
        "It cost 6 million [2]. It is blue [4]. It is old [7]. It is long.\n"
        "- Of 5.3 million, 2,000 were lent [1-3].\n"
    )
    assert faults(text) == [(3, "dates"), (4, "numbers"), (5, "quote"), (6, "unknown")]
    assert (judge(text)["sentences"], judge(text)["uncited"]) == (8, [7])


def test_a_number_is_not_carried_by_what_another_sentence_cites() -> None:
    assert faults("It cost 5.3 million [1]. So it is [2].") == [(1, "numbers")]


@pytest.mark.parametrize("cite", [None, [], "x", [{"quote": "x"}], [{"n": 1.5}]])
def test_without_entries_every_number_is_unknown(cite: object) -> None:
    assert faults("So [1].", cite) == [(1, "unknown")]


def test_no_text_has_no_sentence() -> None:
    nothing = {"sentences": 0, "wrong": [], "uncited": []}
    assert judge("") == run("citations", None, STORED.get) == nothing


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One. Two! Three? Four", 4),
        ("One. [1] Two [2].", 2),
        ("One.[1][2] \u201cTwo.\u201d Three", 3),
        ("It costs e.g. 5.3 million, says Dr. Smith of No. 5 in the U.S. Army.", 1),
        ("One\n\nTwo\n- three\n- four\n1. five. Six", 6),
        ("one... and on. Then", 2),
        ("Lines\nthat go on", 1),
        ("......................", 1),
    ],
)
def test_sentences(text: str, count: int) -> None:
    assert len(sentences(text)) == count


@pytest.mark.parametrize(
    ("sentence", "numbers"),
    [
        ("x [1] y [3, 2]", [1, 3, 2]),
        ("x [2-4; 9]", [2, 3, 4, 9]),
        ("x [a] [1.5]", []),
        ("[4-2]", [4]),
    ],
)
def test_marks(sentence: str, numbers: list[int]) -> None:
    assert cited(sentence) == numbers


def test_a_range_of_marks_is_bounded() -> None:
    assert len(cited("x [1-9999]")) == 101


@settings(deadline=None)
@given(st.text(st.sampled_from("aB. !?[1]\n-#\u2026\"'")))
def test_joined_sentences_are_the_text(text: str) -> None:
    assert "".join(sentences(text)) == text
