"""The text of a report on its page: the Markdown that people write."""

from __future__ import annotations

import pytest

from hocket.launch.reports.body import blocks, spans
from hocket.launch.reports.document import Code, Grid, Heading, Item, Listing, Prose, Quoted, Span

TEXT = """\
## Part

First line
goes on. **Bold** and *soft*, _also_, `code` [1] [2] a_b_c 2*3*4 \\*kept\\*

---

> quoted
> > twice

- one
  more of it
    - deeper
* two

3. three
4. four

| a | b |
|---|:-:|
| 1 | 2 |
not a row

```py
x = 1

~~~
# y
"""


def test_every_form_becomes_its_block():
    assert blocks(TEXT, {"1": "claim-1"}) == (
        Heading("Part"),
        Prose(
            (
                Span("First line goes on. "), Span("Bold", "strong"), Span(" and "),
                Span("soft", "em"), Span(", "), Span("also", "em"), Span(", "),
                Span("code", "code"), Span(" "), Span("[1]", "to", "claim-1"), Span(" "),
                Span("[2]", "dim"), Span(" a_b_c 2*3*4 *kept*"),
            )
        ),
        Quoted("quoted twice", ""),
        Listing(
            (
                Item((Span("one more of it"),)),
                Item((Span("deeper"),), depth=2),
                Item((Span("two"),)),
            )
        ),
        Listing((Item((Span("three"),)), Item((Span("four"),))), "numbered"),
        Grid(("a", "b"), (("1", "2"),)),
        Prose((Span("not a row"),)),
        Code("x = 1\n\n~~~\n# y\n"),
    )  # fmt: skip


@pytest.mark.parametrize("text", ["", "\n\n", "***", "- - -"])
def test_what_says_nothing_is_nothing(text):
    assert blocks(text, {}) == ()


@pytest.mark.parametrize("text", ["**open", "`open", "* a", "_ b", "[x]", "a * b * c", "**"])
def test_half_a_form_is_plain_words(text):
    assert spans(text, {}) == (Span(text),)


def test_a_paragraph_ends_where_a_list_or_a_quote_begins():
    assert blocks("a\n- b\n> c\n# d", {}) == (
        Prose((Span("a"),)),
        Listing((Item((Span("b"),)),)),
        Quoted("c", ""),
        Heading("d"),
    )


def test_a_text_that_ends_in_a_head_of_a_table_is_words():
    assert blocks("a | b", {}) == (Prose((Span("a | b"),)),)


@pytest.mark.parametrize("piece", ["**", "_x ", "`", "[1", "*a ", "\\", "| ", "> ", "- "])
def test_a_long_text_made_to_be_slow_is_read_at_once(piece):
    assert blocks("x " + piece * 20_000, {})


def test_a_page_draws_them_all(made, browse):
    page = browse(made({"title": "T"}, TEXT).html())
    assert page.open == []
    tags = [tag for tag, _ in page.tags]
    assert {"h4", "h3", "ol", "table", "pre", "blockquote", "em", "code"} & set(tags) >= {
        "ol", "table", "pre", "blockquote", "em", "code",
    }  # fmt: skip
    assert ("li", {"class": "deep2"}) in page.tags
