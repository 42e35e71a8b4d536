"""Questions that ask for several things, facts cut to what was asked, days more or less exact."""

from __future__ import annotations

import pytest

BOTH = "When was the Velora bridge opened, and how long is it?"


@pytest.mark.parametrize(
    ("asked", "parts"),
    [
        (BOTH, ["When was the Velora bridge opened?", "How long is the Velora bridge?"]),
        ("When was the Velora bridge opened? What is its length?",
         ["When was the Velora bridge opened?", "What is the Velora bridge's length?"]),
        ("Who designed the Torgast pier and when was the Velora bridge opened?",
         ["Who designed the Torgast pier?", "When was the Velora bridge opened?"]),
        ("When and where was it opened?", ["When and where was it opened?"]),
        ("How long and wide is the Velora bridge?", ["How long and wide is the Velora bridge?"]),
    ],
)  # fmt: skip
def test_a_question_is_taken_apart_and_a_pronoun_takes_the_name(bridge, asked, parts):
    told = bridge.ask("angles", {"question": asked, "angles": 3})
    assert [one["question"] for one in told["parts"]] == parts
    if len(parts) > 1:
        assert [one["question"] for one in told["angles"]] == parts


def said(room, question: str):
    angle = {"id": "a1", "question": question, "terms": []}
    item = {"question": question, "angle": angle, "files": room.files, "per_angle": 5}
    return [one["text"] for one in room.ask("search-read", item)["claims"]]


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("When the Velora bridge was opened in 1921, the ferry ended.",
         "The Velora bridge was opened in 1921."),
        ("The Velora bridge was opened in 1921, and the whole town was there.",
         "The Velora bridge was opened in 1921."),
        ("The Velora bridge was opened in 1921 by the mayor of the town.",
         "The Velora bridge was opened in 1921."),
        ("The Velora bridge was opened in 1921, and that is wrong.",
         "The Velora bridge was opened in 1921, and that is wrong."),
    ],
)  # fmt: skip
def test_a_claim_is_the_clause_that_was_asked_for(room, quote, text):
    room.write("a.txt", quote)
    assert said(room, "When was the Velora bridge opened?") == [text]


@pytest.mark.parametrize(
    ("claim", "other", "verdict"),
    [
        ("in May 1921", "on 7 May 1921", "supported"),
        ("in 1921", "on 7 May 1921", "supported"),
        ("on 7 May 1921", "in May 1921", "supported"),
        ("in May 1921", "in June 1921", "qualified"),
        ("on 7 May 1921", "in May 1922", "qualified"),
    ],
)
def test_a_day_that_is_less_exact_speaks_for_one_that_it_does_not_contradict(
    room, claim, other, verdict
):
    room.write("b.txt", f"The Velora bridge was opened {other}. Nobody was there to see it.")
    assert room.vote(f"The Velora bridge was opened {claim}.")["verdict"] == verdict


OLD = "The weight limit of the Velora bridge is 7 tonnes."
NEW = "The weight limit of the Velora bridge is 3 tonnes."


@pytest.mark.parametrize(
    ("days", "kinds", "new", "until"),
    [
        (("1998-01-01", "2022-01-01"), ("primary", "primary"), NEW, True),
        (("1998-01-01", "2022-01-01"), ("primary", "secondary"), NEW, False),
        (("2021-12-01", "2022-01-01"), ("primary", "primary"), NEW, False),
        (("2021-12-01", "2022-01-01"), ("primary", "secondary"),
         "The weight limit of the Velora bridge is 3 tonnes since 1 January.", True),
        (("2022-01-01", "2022-01-01"), ("primary", "primary"), NEW, False),
    ],
)  # fmt: skip
def test_a_newer_value_takes_the_place_of_an_older_one(room, days, kinds, new, until):
    room.write("old.txt", OLD, date=days[0], kind=kinds[0])
    room.write("new.txt", new, date=days[1], kind=kinds[1])
    older = room.vote(OLD, source="old.txt", quote=OLD)
    newer = room.vote(new, source="new.txt", quote=new)
    assert older["verdict"] == "qualified"
    assert older["qualification"].startswith(f"until {days[1]}: new.txt says") == until
    assert newer["verdict"] == ("cannot_tell" if until else "qualified")


def test_what_is_said_of_some_thing_contradicts_no_named_one(room):
    room.write("a.txt", "A new crossing beside the Velora bridge would cost 38 million pounds.")
    claim = "The crossing at the Velora bridge cost 18,400 pounds."
    assert room.vote(claim)["verdict"] == "cannot_tell"
