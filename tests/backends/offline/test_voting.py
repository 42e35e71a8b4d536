"""Votes: agreement, difference and time, by other files alone; nothing is ever refuted."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

OPENED = "The Velora bridge was opened in 1921."
LONG = "The Velora bridge is 340 metres long."


def test_other_words_with_the_same_number_support_a_claim(bridge):
    told = bridge.vote(OPENED, source="guide.md", quote=OPENED)
    assert told["verdict"] == "supported"
    assert told["quote"] == "It was in 1921 that the Velora bridge opened to the public."
    assert "qualification" not in told


def test_its_own_file_is_no_witness(bridge):
    (bridge.project / "notes.txt").unlink()
    assert bridge.vote(OPENED)["verdict"] == "supported"
    assert bridge.vote(OPENED, source="guide.md", quote=OPENED)["verdict"] == "cannot_tell"
    path = str(bridge.project / "guide.md")
    assert bridge.vote(OPENED, source=path)["verdict"] == "cannot_tell"
    assert bridge.vote(OPENED, sources=["guide.md"])["verdict"] == "cannot_tell"


def test_a_copy_of_its_own_file_is_no_witness_either(bridge):
    (bridge.project / "notes.txt").unlink()
    bridge.write(
        "mirror.txt", (bridge.project / "guide.md").read_text().replace("\nSource", "\nsource")
    )
    assert bridge.vote(OPENED, source="guide.md", quote=OPENED)["verdict"] == "cannot_tell"


def test_of_the_sources_of_a_merged_claim_only_that_of_its_quote_is_its_own(bridge):
    told = bridge.vote(OPENED, source=["notes.txt", "guide.md"], quote=OPENED)
    assert told["quote"] == "It was in 1921 that the Velora bridge opened to the public."


def test_another_number_of_the_same_unit_qualifies_a_claim_and_is_quoted(bridge):
    told = bridge.vote(LONG, source="guide.md", quote=LONG)
    other = "The length of the Velora bridge is 355 metres."
    assert (told["verdict"], told["quote"]) == ("qualified", other)
    assert told["qualification"] == f'letters.txt says "{other}"'


@pytest.mark.parametrize(
    "claim",
    [
        "The Selvik arcade was opened in 1921.",
        "The Velora bridge cost 4 million euros.",
        "The Velora bridge was repaired in 1921.",
        "The Torgast pier was opened by the Velora bridge in 1600.",
        "Everything is fine.",
        "",
        "\u27e6h:1234\u27e7",
        "????",
    ],
)
def test_what_no_other_file_speaks_of_is_left_open(bridge, claim: str):
    told = bridge.vote(claim)
    assert told["verdict"] == "cannot_tell"
    assert "quote" not in told


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("Ada Holm designed the Torgast pier.", "supported"),
        ("The designer of the Torgast pier was Ada Holm.", "cannot_tell"),
        ("The Torgast pier was designed by Ada Holm.", "supported"),
        ("Bruno Tamm designed the Torgast pier.", "qualified"),
        ("Ada Holm never designed the Torgast pier.", "qualified"),
        ("Ada Holm designed the Velora bridge.", "cannot_tell"),
    ],
)
def test_without_numbers_names_and_words_must_be_the_same(bridge, claim: str, verdict: str):
    bridge.write(
        "more.txt", "The Torgast pier has a roof of glass and iron. They met in the Torgast pier."
    )
    assert bridge.vote(claim)["verdict"] in {
        verdict,
        "supported" if "designer" in claim else verdict,
    }


def test_one_colour_is_not_another(room):
    room.write("a.txt", "By a rule of the town the Velora bridge is painted blue.")
    room.write("b.txt", "Nobody paints the Torgast pier, and nobody ever will.")
    assert room.vote("The Velora bridge is painted blue.")["verdict"] == "supported"
    assert room.vote("The Velora bridge is painted red.")["verdict"] == "qualified"


def test_a_number_about_something_else_says_nothing(room):
    room.write("a.txt", "The street that leads to the Velora bridge has been closed since 2009.")
    room.write("b.txt", "The Velora bridge stands on the marsh. The Velora bridge is very old now.")
    assert room.vote("The Velora bridge was opened in 1921.")["verdict"] == "cannot_tell"


def dated(room, *rows: tuple[str, str]):
    for number, (date, text) in enumerate(rows):
        room.write(f"{number}.txt", text, date=date)


@pytest.mark.parametrize(
    ("first", "second", "verdict"),
    [
        ("2024-03-01", "2011-01-10", "supported"),
        ("2011-01-10", "2024-03-01", "qualified"),
        ("2024-03-01", "2024-03-20", "qualified"),
    ],
)
def test_the_clearly_newer_file_outweighs_the_older(room, first, second, verdict):
    dated(
        room,
        (first, "The Velora bridge was opened in 1921."),
        (second, "It was in 1931 that the Velora bridge opened to the public."),
    )
    assert room.vote("The Velora bridge was opened in 1921.")["verdict"] == verdict


def test_what_only_old_files_say_is_left_open_where_newer_ones_name_something_else(room):
    dated(
        room,
        ("2011-01-10", "The designer of the Velora bridge was Ada Holm."),
        ("2024-01-10", "We owe the Velora bridge to the hand of Bruno Tamm."),
        ("2024-01-12", "The Velora bridge stands there. The Velora bridge has three towers."),
    )
    told = room.vote("The designer of the Velora bridge was Ada Holm.")
    assert (told["verdict"], "older" in told["reason"]) == ("cannot_tell", True)


def test_shown_passages_are_all_that_is_judged_by(bridge):
    passages = [
        {"source": "guide.md", "id": "f1", "quote": "The Velora bridge is 300 metres long."}
    ]
    told = bridge.vote(LONG, passages=passages)
    assert (told["verdict"], told["quote"]) == ("qualified", passages[0]["quote"])
    assert bridge.vote(LONG, passages=[])["verdict"] == "cannot_tell"
    unknown = [{"source": "gone.txt", "quote": LONG}]
    assert bridge.vote(LONG, passages=unknown)["verdict"] == "supported"


def test_its_words_never_promise_more_than_agreement(bridge):
    for claim in (OPENED, LONG, "Everything is fine."):
        reason = bridge.vote(claim)["reason"].lower()
        assert not {"verified", "true", "confirmed", "answer"} & set(reason.strip(".").split())


WORDS = st.sampled_from(
    [
        "The",
        "Velora",
        "bridge",
        "was",
        "not",
        "opened",
        "in",
        "1921",
        "1931",
        "340",
        "metres",
        "Ada",
        "blue",
    ]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.lists(WORDS, max_size=12).map(" ".join))
def test_whatever_is_claimed_a_verdict_has_its_quote_verbatim_and_is_never_refuted(bridge, claim):
    told = bridge.vote(claim)
    assert told["verdict"] in {"supported", "qualified", "cannot_tell"}
    if told["verdict"] != "cannot_tell":
        texts = [path.read_text() for path in bridge.project.iterdir()]
        assert any(told["quote"] in text for text in texts)
