"""Cells that a spreadsheet shows and does not calculate, and that come back as they were."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket.api.inert import cell, csv_line, stripped

FORMULA = "=+-@\uff1d\uff0b\uff0d\uff20"
VALUES = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None))
)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=1+1", "'=1+1"),
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-2+3+cmd|' /C calc'!D2", "'-2+3+cmd|' /C calc'!D2"),
        ("@SUM(1+1)", "'@SUM(1+1)"),
        ('=HYPERLINK("https://evil.example","x")', "'=HYPERLINK(\"https://evil.example\",\"x\")"),
        ("  =1", "'  =1"),
        ("\xa0=1", "'\xa0=1"),
        ("\t=1", "'\t'=1"),
        ("\tx", "'\tx"),
        ("\rx", "'\nx"),
        ("\ufeff=1", "'=1"),
        ("\u200b\u202e=1", "'=1"),
        ("\x00=1", "'=1"),
        ("\uff1d1", "'\uff1d1"),
        ("\uff0b1", "'\uff0b1"),
        ("\uff0d1+1", "'\uff0d1+1"),
        ("\uff20x", "'\uff20x"),
        ("a;=1", "a;'=1"),
        ("a\n@x", "a\n'@x"),
        ("- an item", "'- an item"),
        ("-", "'-"),
        ("a - b = c", "a - b = c"),
        ("'=1", "'=1"),
        ("me@bank.example", "me@bank.example"),
        ("-3.5", "-3.5"),
        (" +1e9 ", "+1e9"),
        ("-3.5.1", "'-3.5.1"),
        ("\u0661", "\u0661"),
        (-3.5, "-3.5"),
        (7, "7"),
        (True, "true"),
        (None, ""),
        (["=1"], '["=1"]'),
        ({"a": "\x1b[31mred"}, '{"a": "\\u001b[31mred"}'),
    ],
)  # fmt: skip
def test_no_cell_is_a_formula_and_numbers_stay_numbers(value, written: str):
    assert cell(value) == written
    assert cell(written) == (written if isinstance(value, str) else cell(written))


def test_a_line_is_quoted_where_it_has_to_be():
    line = csv_line(["a", 1, 'say "b", c', "two\nlines", "x;y", None, "=1", " a"])
    assert line == 'a,1,"say ""b"", c","two\nlines","x;y",,\'=1," a"\r\n'


@given(VALUES)
def test_what_begins_a_cell_never_begins_a_formula(value):
    text = cell(value)
    assert stripped(text) == text
    is_number = isinstance(value, int | float) or text.strip()[:1] == "'"
    assert is_number or text.lstrip()[:1] not in {*FORMULA} or float(text) is not None
    assert text[:1] not in {"\t", "\n"}


@given(st.lists(VALUES, min_size=1))
def test_a_reader_gets_the_cells_back(values):
    line = csv_line(values)
    (row,) = csv.reader(io.StringIO(line, newline=""), strict=True) if line != "\r\n" else ([""],)
    assert row == [cell(value) for value in values]
