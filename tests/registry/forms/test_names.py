"""Names, versions, commits, times and hashes: one form each, and one sentence for all else."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket.registry.forms.names import (
    RESERVED,
    Unfit,
    digest,
    is_device,
    name,
    quoted,
    rev,
    sha256,
    time,
    version,
    written,
)

HEX = "0123456789abcdef" * 4
NO_NAME = "is not a name (a-z, 0-9, single hyphens)"


def said(read, value):
    with pytest.raises(Unfit) as unfit:
        read(value)
    return str(unfit.value)


@pytest.mark.parametrize("value", ["ab", "deep-research", "a1", "7z", "a" * 64, "x-1-y", "console"])
def test_a_name_is_taken_as_it_is(value):
    assert name(value) == value


@pytest.mark.parametrize(
    "value",
    [
        "Deep_Research",
        "Deep",
        "a--b",
        "-a",
        "a-",
        "a b",
        "a.b",
        "../evil",
        "/abs",
        "a/b",
        "",
        "a\n",
    ],
)
def test_what_is_no_name_is_told(value):
    assert said(name, value) == f"{quoted(value)} {NO_NAME}"


def test_the_sentence_of_the_specification():
    assert said(name, "Deep_Research") == f'"Deep_Research" {NO_NAME}'
    assert said(version, "1.4") == '"1.4" is not X.Y.Z'


def test_a_look_alike_is_shown_as_what_it_is():
    assert said(name, "d\u0435ep-research") == f'"d\\u0435ep-research" {NO_NAME}'
    assert said(name, "re\u202esearch") == f'"re\\u202esearch" {NO_NAME}'
    assert said(name, "deep\u0661") == f'"deep\\u0661" {NO_NAME}'


def test_what_is_no_text_is_no_name():
    assert said(name, 7) == f"7 {NO_NAME}"
    assert said(name, None) == f"None {NO_NAME}"
    assert said(name, ["a\x1b"]) == f"['a\\\\x1b'] {NO_NAME}"


def test_a_long_value_is_cut():
    assert said(name, "A" * 1000) == f'"{"A" * 60}\u2026" {NO_NAME}'


@pytest.mark.parametrize(("value", "count"), [("a", 1), ("a" * 65, 65)])
def test_a_name_has_its_length(value, count):
    assert said(name, value).endswith(f"has {count} characters, 2 to 64 allowed")


@pytest.mark.parametrize("value", [*sorted(RESERVED), "con", "aux", "nul", "prn", "com1", "lpt9"])
def test_some_names_are_reserved(value):
    assert said(name, value) == f'"{value}" is reserved'


def test_a_reserved_word_may_be_admitted_but_no_device():
    assert name("core", reserved=True) == "core"
    assert said(lambda value: name(value, reserved=True), "nul") == '"nul" is reserved'


@pytest.mark.parametrize(
    "part", ["con", "CON", "Con.txt", "nul.tar.gz", "aux .md", "LPT1", "com\u00b2", "CONIN$"]
)
def test_a_device_is_one_with_any_ending(part):
    assert is_device(part)


@pytest.mark.parametrize("part", ["", "con-x", "acon", "com", "com0", "com10", ".con", "x.con"])
def test_what_only_looks_like_a_device_is_none(part):
    assert not is_device(part)


def test_a_commit_is_named_in_full():
    assert rev(HEX[:40]) == HEX[:40]
    assert rev(HEX) == HEX
    for value in (
        HEX[:7],
        HEX[:39],
        HEX[:41],
        HEX[:40].upper(),
        "main",
        "v1.0",
        f"{HEX[:40]}\n",
        5,
    ):
        assert said(rev, value) == f"{quoted(value)} is not a full commit id (40 or 64 hex digits)"


def test_digests_have_their_form():
    assert digest(f"hk1:{HEX}") == f"hk1:{HEX}"
    assert sha256(f"sha256:{HEX}") == f"sha256:{HEX}"
    assert said(digest, "hk2:00") == '"hk2:00" is not hk1: and 64 hex digits'
    assert said(sha256, HEX[:10]) == '"0123456789" is not sha256: and 64 hex digits'


def test_a_time_is_read_from_text_and_from_toml():
    moment = datetime(2026, 11, 21, 9, tzinfo=UTC)
    assert time("2026-11-21T09:00:00Z") == moment
    assert time(tomllib.loads("t = 2026-11-21T09:00:00Z")["t"]) == moment
    assert written(moment) == "2026-11-21T09:00:00Z"
    assert written(moment.astimezone(timezone(timedelta(hours=2)))) == "2026-11-21T09:00:00Z"


@pytest.mark.parametrize(
    "value",
    [
        "2026-11-21",
        "2026-11-21T09:00Z",
        "2026-11-21T09:00:00",
        "2026-11-21T09:00:00+00:00",
        "2026-11-21T09:00:00.5Z",
        "2026-11-21t09:00:00z",
        "20261121T090000Z",
        7,
        datetime(2026, 11, 21, 9),  # noqa: DTZ001  (as TOML gives one without a zone)
        datetime(2026, 11, 21, 9, 0, 0, 5, tzinfo=UTC),
        datetime(2026, 11, 21, 9, tzinfo=timezone(timedelta(hours=1))),
    ],
)
def test_another_form_of_a_time_is_refused(value):
    assert said(time, value) == f"{quoted(value)} is not YYYY-MM-DDTHH:MM:SSZ"


@pytest.mark.parametrize(
    "value", ["2026-02-30T09:00:00Z", "2026-13-01T00:00:00Z", "2026-01-01T24:00:01Z"]
)
def test_a_day_that_never_was_is_refused(value):
    assert said(time, value) == f'"{value}" is in no calendar'


@given(st.datetimes(timezones=st.just(UTC)).map(lambda moment: moment.replace(microsecond=0)))
def test_a_time_that_was_written_is_read_again(moment):
    assert time(written(moment)) == moment
    assert time(moment) == moment


@given(st.text())
def test_whatever_is_quoted_is_plain_ascii_with_an_ellipsis_at_most(text):
    shown = quoted(text)
    assert shown.replace("\u2026", "").isascii()
    assert shown.isprintable()


@given(st.text(alphabet="ab-1_A\u0430", max_size=70))
def test_a_name_is_two_to_sixty_four_of_its_characters(text):
    good = 2 <= len(text) <= 64 and set(text) <= set("ab1-") and all(text.split("-"))
    try:
        assert name(text) == text
    except Unfit:
        assert not good
    else:
        assert good
