"""Quotes are looked for in the texts they are said to come from."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hocket.screens.quotes import WIDEST, quote_in_source

BRIDGE = (
    "The bridge, opened on 12 March 1921, cost 5.3 million \u201ccrowns\u201d \u2014 a record. "
    "Some infor-\nmation[3] follows here; it is \u22125 degrees. "
    "It fell to 50 from 1,500 and from 2019."
)


def judge(quote: object, text: str | None = BRIDGE) -> str:
    return quote_in_source({"quote": quote, "source": "s"}, {"s": text}.get)


@pytest.mark.parametrize(
    "quote",
    [
        "The bridge, opened on 12 March 1921",
        "the bridge,  opened\non 12 March 1921.",
        "cost 5.3 million 'crowns' - a record",
        "\u201ccost 5.3 million \u00abcrowns\u00bb\u2014a record\u201d",
        "[t]he bridge, opened",
        "-5 degrees",
        "fell to 50 from 1,500",
        "The bridge \u2026 cost 5.3 million",
        "The bridge, [...] a record. [\u2026] It fell",
        "...a record. Some (...) follows here...",
    ],
)
def test_what_stands_there_is_ok(quote: str) -> None:
    assert judge(quote) == "ok"


@pytest.mark.parametrize(
    "quote",
    [
        "The bridge opened on 12 March 1921",
        "THE BRIDGE, OPENED",
        "Some information follows here",
        "the [new] bridge, opened",
        "5 degrees",
        "a record; some",
    ],
)
def test_only_its_words_stand_there(quote: str) -> None:
    assert judge(quote) == "differs"


@pytest.mark.parametrize(
    "quote",
    [
        "",
        " \n",
        "...",
        "[...]",
        ".,;",
        None,
        7,
        "The tunnel, opened on 12 March 1921",
        "cost 5",
        "3 million",
        "fell to 5",
        "500 and",
        "201",
        "rid",
        "a record ... The bridge",
        "The bridge, opened ... The bridge, opened",
        "opened on 21 March 1921",
    ],
)
def test_what_does_not_stand_there_is_absent(quote: object) -> None:
    assert judge(quote) == "absent"


def test_no_text_no_quote() -> None:
    assert judge("The bridge", None) == "absent"
    assert quote_in_source({"quote": "The bridge"}, {}.get) == "absent"
    assert quote_in_source({"quote": "x", "source": 3}, {}.get) == "absent"
    assert quote_in_source("The bridge", {}.get) == "absent"


def test_any_of_several_sources_will_do() -> None:
    stored = {"a": "The tunnel is long.", "b": "The bridge, opened.", "c": "The bridge opened."}
    item = {"quote": "The bridge, opened"}
    assert quote_in_source({**item, "source": "a", "sources": ["a", "b"]}, stored.get) == "ok"
    assert quote_in_source({**item, "source": ["a", "c"]}, stored.get) == "differs"
    assert quote_in_source({**item, "source": "a"}, stored.get) == "absent"


def test_an_ellipsis_does_not_join_what_is_far_apart() -> None:
    near, far = " word" * (WIDEST // 5 - 2), " word" * WIDEST
    assert judge("It is ... not so", f"It is{near} not so") == "ok"
    assert judge("It is ... not so", f"It is{far} not so") == "differs"
    assert judge("It is ... not so", f"It is{far} not so. It is{near} not so") == "ok"


def test_an_ellipsis_of_the_source_is_text() -> None:
    assert judge("Well... yes", "Well\u2026 yes") == "ok"


def test_scripts_without_spaces_have_no_word_borders() -> None:
    assert (
        judge("\u6a4b\u306f\u9577\u3044", "\u3053\u306e\u6a4b\u306f\u9577\u3044\u3067\u3059")
        == "ok"
    )


TEXTS = st.text(st.sampled_from("ab1 -.,'\n\u2026\u2019\u2014"), max_size=60)


@settings(deadline=None)
@given(TEXTS, TEXTS, st.data())
def test_white_space_changes_no_verdict(quote: str, text: str, data: st.DataObject) -> None:
    def spaced(written: str) -> str:
        return re.sub(
            r"\s", lambda _: data.draw(st.sampled_from([" ", "\n", "\t ", "\u00a0"])), written
        )

    assert judge(spaced(quote), spaced(text)) == judge(quote, text)


@settings(deadline=None)
@given(st.lists(st.from_regex(r"[a-z]{1,8}", fullmatch=True), min_size=1, max_size=30), st.data())
def test_every_run_of_words_is_found(told: list[str], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(told) - 1))
    end = data.draw(st.integers(start + 1, len(told)))
    assert judge(" ".join(told[start:end]), " ".join(told)) == "ok"


@settings(deadline=None)
@given(st.lists(st.from_regex(r"[a-z]{3,8}", fullmatch=True), min_size=4, unique=True), st.data())
def test_pieces_are_found_in_their_order_only(told: list[str], data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(told) - 2))
    second = data.draw(st.integers(first + 1, len(told) - 1))
    text = " ".join(told)
    assert judge(f"{told[first]} \u2026 {told[second]}", text) == "ok"
    assert judge(f"{told[second]} [...] {told[first]}", text) == "absent"
