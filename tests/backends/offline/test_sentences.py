"""Sentences that can be quoted: verbatim, with their lines, and nothing that is no prose."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket.screens.quotes import quote_in_source
from hocket_plugins.backends.offline.document import document
from hocket_plugins.backends.offline.sentences import LEAST, MOST, sentences

LONG = "The Velora bridge was opened in 1921"


def cut(body: str) -> list[tuple[str, int]]:
    return [(one.quote, one.line) for one in sentences(body)]


def test_each_has_the_line_where_it_begins_also_over_broken_lines():
    first, second = f"{LONG}. It has two towers of grey\nstone", "and one of brick."
    body = f"{first} {second}\n\nA third sentence is here, too."
    assert cut(body) == [
        (f"{LONG}.", 1),
        ("It has two towers of grey stone and one of brick.", 1),
        ("A third sentence is here, too.", 4),
    ]


@pytest.mark.parametrize(
    ("body", "quotes"),
    [
        (f"- {LONG}.\n- Its length is 340 metres in all.\n", 2),
        (f"> {LONG}.\n", 1),
        (f"1. {LONG}.\n", 1),
        (f"# {LONG}.\n", 0),
        (f"```\n{LONG}.\n```\n", 0),
        (f"~~~\n{LONG}.\n", 0),
        (f"| {LONG}. | yes |\n", 0),
        (f"<!-- {LONG}. -->\n", 0),
        (f"<script>{LONG}.</script>\n", 0),
        (f"<p>{LONG}.</p>\n", 1),
        (f"---\ntitle: {LONG}.\n---\n", 0),
        ("Too short.", 0),
        (f"{LONG} {'and ' * 120}so on.", 0),
        (f"{LONG} without a stop\n\nand another one without a stop", 0),
        (f"{LONG} \x1b[31mred for all who look.", 0),
        (f"{LONG} \u202e.1291 for all who look.", 0),
        (f"{LONG} \u27e6h:1234\u27e7 for all who look.", 0),
        ("{[(1+2)*3-4]/5}={[6*7]-8}+9=10;11;12;13.", 0),
        (f"Dr. Holm of No. 7 said that {LONG.lower()}.", 1),
        (
            "橋は1921年に開通し、多くの人々が集まり、町の楽団が演奏した。その長さは三百四十メートルであり、とても美しいと言われる。",
            1,
        ),
        ("", 0),
        ("\n\n\n", 0),
    ],
)
def test_what_is_no_prose_is_passed_over(body: str, quotes: int):
    assert len(cut(body)) == quotes


def test_head_lines_and_a_title_are_not_quoted_but_told():
    body = (
        f"Date: 2024-03-01\nSource: s-1 primary\nAuthor: Ada Holm\n\nA short guide to it\n{LONG}.\n"
    )
    told = document("/x/a.txt", "docs/a.txt", body)
    assert [(one.quote, one.line) for one in told.sentences] == [(f"{LONG}.", 6)]
    assert (told.date, told.kind, told.title) == ("2024-03-01", "primary", "A short guide to it")
    assert told.head["author"] == "Ada Holm"


@pytest.mark.parametrize(
    ("head", "date", "kind"),
    [
        ("Date: 2024-02-31\n\n", None, "unknown"),
        ("date: 2024-02-28\nsource: x Secondary\n\n", "2024-02-28", "secondary"),
        ("Date: yesterday\n\n", None, "unknown"),
        ("", None, "unknown"),
    ],
)
def test_a_head_that_says_nothing_useful_is_no_trouble(head: str, date: str | None, kind: str):
    told = document("/x/a.txt", "a.txt", f"{head}{LONG}.\n")
    assert (told.date, told.kind) == (date, kind)


def test_a_title_is_its_heading_else_its_name():
    assert document("/x/a.md", "docs/a.md", f"# All of it\n\n{LONG}.\n").title == "All of it"
    assert document("/x/a.md", "docs/a.md", f"{LONG}.\n").title == "a.md"


def test_copies_have_one_digest_however_their_lines_are_broken():
    one = document("/a", "a", f"Date: 2024-03-01\n\n{LONG} by a choir.\n")
    two = document(
        "/b", "b", f"Title: other\n\n{LONG.replace(' opened', chr(10) + 'opened')} by a choir."
    )
    assert one.copy == two.copy
    assert one.copy != document("/c", "c", f"{LONG} by a band.").copy


PIECES = st.sampled_from(
    ["The bridge ", "was opened in 1921. ", "\n", "\n\n", "# ", "- ", "> ", "```", "<b>", "</b>",
     "<!--", "-->", "|", "é", "橋", "\x1b", "Dr. ", "\u27e6h:", "1,234.5 metres ", "“so” ", "—",
     "\t", "\u00a0"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=60).map("".join))
def test_every_quote_stands_in_its_text_and_has_its_length(body: str):
    lines = body.split("\n")
    for one in sentences(body):
        assert LEAST <= len(one.quote) <= MOST
        item = {"quote": one.quote, "source": "x"}
        assert quote_in_source(item, {"x": body}.get) == "ok"
        assert one.quote.split()[0] in lines[one.line - 1]


@pytest.mark.parametrize(
    "body",
    ["a" * 1_000_000, "a. " * 330_000, "<a " * 330_000, "|" * 1_000_000, "> " * 500_000,
     "```\n" * 250_000, "\n" * 1_000_000, " \n" * 500_000, "<!--" * 250_000, "1" * 1_000_000,
     "a|b " * 250_000, "[" * 1_000_000, "-" * 1_000_000]
)  # fmt: skip
def test_a_megabyte_of_anything_takes_no_time_that_grows_with_its_square(body: str):
    begun = time.process_time()
    document("/x", "x", body)
    assert time.process_time() - begun < 20  # a square would take hours
