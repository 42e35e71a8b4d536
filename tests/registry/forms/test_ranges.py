"""Ranges: what caret and tilde mean, and that nobody gets a pre-release by chance."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version as PythonVersion

from hocket.registry.forms.names import Unfit, version
from hocket.registry.forms.ranges import parse
from hocket.registry.forms.versions import Version

PARTS = st.integers(0, 3)


@pytest.mark.parametrize(
    ("text", "specifiers"),
    [
        ("*", ""),
        ("^1.2", ">=1.2,<2.0.0"),
        ("^1.2.3", ">=1.2.3,<2.0.0"),
        ("^1", ">=1,<2.0.0"),
        ("^0.3", ">=0.3,<0.4.0"),
        ("^0.3.7", ">=0.3.7,<0.4.0"),
        ("^0.0.3", ">=0.0.3,<0.0.4"),
        ("^0.0", ">=0.0,<0.1.0"),
        ("^0", ">=0,<1.0.0"),
        ("^0.0.0", ">=0.0.0,<0.0.1"),
        ("^1.2.3-rc.1", ">=1.2.3-rc.1,<2.0.0"),
        ("~0.3", ">=0.3,<0.4.0"),
        ("~1.2.3", ">=1.2.3,<1.3.0"),
        ("~1", ">=1,<2.0.0"),
        ("~0", ">=0,<1.0.0"),
        ("~1.2.0-b.2", ">=1.2.0-b.2,<1.3.0"),
        (">=1.2,<2", ">=1.2,<2"),
        (">=1.2 , <2", ">=1.2,<2"),
        ("==1.4.0", "==1.4.0"),
        (">1.0.0,!=1.3.0,<=2.0", ">1.0.0,!=1.3.0,<=2.0"),
    ],
)
def test_a_range_becomes_specifiers(text, specifiers):
    assert parse(text).specifiers == specifiers
    assert str(parse(text)) == text.replace(" ", "")
    assert parse(str(parse(text))) == parse(text)


@pytest.mark.parametrize(
    "value",
    [
        *(
            "0.3 or so",
            "",
            "1.2",
            "=1.2",
            "===1.2",
            "~=1.2",
            "^",
            "^1.2,<2",
            "^^1",
            "~ 1",
            ">= 1.2",
        ),
        *(
            "* ",
            "**",
            "1.*",
            "==1.*",
            ">=1,",
            ",>=1",
            ">=1,,<2",
            ">=01.2",
            "^1.2.3.4",
            "^1.2-rc.1",
            ">=1\n",
        ),
        *(">=\u0661", ">=1.0a1", ">=1.0+x", ",".join([">=1.0.0"] * 50), 1, None, [">=1"]),
    ],
)
def test_what_is_no_range_is_told(value):
    with pytest.raises(Unfit, match=r" is not a range$"):
        parse(value)


def test_the_sentence_of_the_specification():
    with pytest.raises(Unfit, match=r'^"0.3 or so" is not a range$'):
        parse("0.3 or so")


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("*", ["0.0.0", "9.9.9"], ["1.0.0-rc.1"]),
        ("^1.4", ["1.4.0", "1.9.0"], ["1.3.9", "2.0.0", "2.0.0-rc.1", "1.5.0-rc.1", "1.4.0-rc.1"]),
        ("^0.0.3", ["0.0.3"], ["0.0.4", "0.0.2", "0.0.4-a.0"]),
        ("~1.2", ["1.2.0", "1.2.9"], ["1.3.0", "1.1.9"]),
        (">=1.4.0,<2.0.0", ["1.4.0", "1.99.0"], ["1.5.0-rc.1", "2.0.0-rc.1", "2.0.0"]),
        (">=1.5.0-rc.1", ["1.5.0-rc.1", "1.5.0-rc.2", "1.5.0", "1.6.0-a.1"], ["1.5.0-b.9"]),
        ("^1.5.0-rc.1", ["1.5.0-rc.1", "1.9.0-a.1", "1.5.0"], ["2.0.0-rc.1", "2.0.0", "1.5.0-b.1"]),
        ("==1.4", ["1.4.0"], ["1.4.1", "1.4.0-rc.1"]),
        ("==1.4.0-rc.1", ["1.4.0-rc.1"], ["1.4.0"]),
        (">1.0.0", ["1.0.1"], ["1.0.0"]),
    ],
)
def test_a_range_holds_what_it_says(text, inside, outside):
    for one in inside:
        assert parse(text).contains(version(one)), one
        assert parse(text).contains(one)
    for one in outside:
        assert not parse(text).contains(version(one)), one


def test_pre_releases_count_when_a_person_wants_them():
    range_ = parse(">=1.4.0,<2.0.0")
    assert range_.contains("1.5.0-rc.1", pre=True)
    assert not range_.contains("2.0.0-rc.1", pre=True)
    assert not range_.contains("1.4.0-rc.1", pre=True)


def test_versions_of_python_and_of_hocket_itself_can_be_asked_about():
    assert parse(">=3.11").contains("3.12.4")
    assert not parse(">=0.3,<1").contains(PythonVersion("0.1.0"))
    assert parse(">=0.3,<1").contains(PythonVersion("0.4.0.dev1"), pre=True)


@given(
    st.sampled_from("^~"), st.lists(PARTS, min_size=1, max_size=3), st.tuples(PARTS, PARTS, PARTS)
)
def test_caret_and_tilde_are_what_the_words_say(sign, given_parts, release):
    """From there on, and the part that must stay is still the same."""
    low = (*given_parts, 0, 0)[:3]
    if sign == "~":
        kept = min(len(given_parts), 2)
    else:
        kept = (
            next((place for place, part in enumerate(given_parts) if part), len(given_parts) - 1)
            + 1
        )
    expected = release >= low and release[:kept] == low[:kept]
    text = sign + ".".join(map(str, given_parts))
    assert parse(text).contains(Version(release)) == expected


@given(st.text(max_size=20) | st.text(alphabet="^~<>=!,.0123*-abrc ", max_size=20))
def test_no_text_breaks_the_reader(text):
    try:
        range_ = parse(text)
    except Unfit:
        return
    assert isinstance(range_.contains("1.0.0"), bool)
