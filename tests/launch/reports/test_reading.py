"""Reading data: what fits is taken, what does not is kept and named."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hocket.launch.reports.data import Quote
from hocket.launch.reports.fields import Fields, Odd
from hocket.launch.reports.reading import data_of


def test_what_fits_is_read():
    read = data_of(
        {
            "title": "T",
            "claims": [{"text": "c", "votes": {"supported": 2}, "sources": "f1", "error": 0.1,
                        "quotes": [{"source": "f1", "quote": "q", "line": 3}]}],
            "notes": ["a", 1, None, True],
            "findings": [{"title": "x", "severity": "HIGH", "line": 3.0}],
        }
    )  # fmt: skip
    (claim,) = read.claims
    assert claim.quotes == (Quote("f1", "q", "3"),)
    assert (claim.votes, claim.sources, claim.error) == ((("supported", 2),), ("f1",), "0.1")
    assert read.notes == ("a", "1", "true")
    assert (read.findings[0].severity, read.findings[0].line) == ("high", 3)
    assert (read.odd, read.more) == ((), ())


@pytest.mark.parametrize(
    ("data", "where"),
    [
        ({"title": ["x"]}, "title"),
        ({"claims": {"a": 1}}, "claims"),
        ({"claims": ["text alone"]}, "claims[0]"),
        ({"claims": [{"text": "a"}, {"id": "c2"}]}, "claims[1]"),
        ({"claims": [{"text": {"deep": 1}}]}, "claims[0]"),
        ({"claims": [{"text": "a", "votes": {"x": "many"}}]}, "claims[0].votes"),
        ({"claims": [{"text": "a", "votes": [1]}]}, "claims[0].votes"),
        ({"claims": [{"text": "a", "sources": [["x"]]}]}, "claims[0].sources"),
        ({"claims": [{"text": "a", "quotes": [{"quote": ""}]}]}, "claims[0].quotes[0]"),
        ({"marked": "x"}, "marked"),
        ({"tables": [{"rows": ["x"]}]}, "tables[0].rows"),
        ({"errors": [{"what": "v", "p": "high"}]}, "errors[0].p"),
        ("text", "data"),
        (None, "data"),
    ],
)
def test_what_does_not_fit_is_kept_with_its_place(data, where):
    assert [one.where for one in data_of(data).odd] == [where]


def test_fields_that_no_report_shows_are_named():
    assert data_of({"title": "T", "weird": 1, "zz": 2}).more == ("weird", "zz")


def test_the_rest_of_an_object_is_read_although_one_field_is_odd():
    taken = Fields({"a": [1], "b": "x"}, "here")
    assert (taken.text("a"), taken.text("b"), taken.text("c")) == ("", "x", "")
    assert taken.odd == [Odd("here.a", [1])]


@settings(max_examples=60, deadline=None)
@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["claims", "text", "quotes", "line", "p", "rows"]), inner),
))  # fmt: skip
def test_reading_never_fails(value):
    data_of(value)
