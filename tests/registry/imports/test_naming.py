"""Every folder gets a name of its own, made of its path and of nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket.registry.forms import names
from hocket.registry.forms.versions import Version
from hocket.registry.imports.dated import version_of
from hocket.registry.imports.naming import distinguished, made

AT = datetime(2026, 11, 20, 7, 5, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("folders", "told"),
    [
        (["skills/pdf", "skills/docx"], {"skills/pdf": "pdf", "skills/docx": "docx"}),
        (["a/pdf", "b/pdf"], {"a/pdf": "a-pdf", "b/pdf": "b-pdf"}),
        (["x/a/pdf", "y/a/pdf", "pdf"], {"x/a/pdf": "x-a-pdf", "y/a/pdf": "y-a-pdf"}),
        (["Café", "wordpress.com"], {"Café": "cafe", "wordpress.com": "wordpress-com"}),
        (["a/bb", "a-bb"], {"a/bb": "bb", "a-bb": "a-bb"}),
        (["日本"], {}),
    ],
)
def test_the_shortest_path_that_tells_apart(folders, told):
    found = distinguished(folders)
    for folder, name in told.items():
        assert found[folder] == name
    assert all(one in found or one not in told for one in folders)


def test_the_one_with_no_longer_path_keeps_its_name():
    assert distinguished(["pdf", "x/pdf"]) == {"pdf": "pdf", "x/pdf": "x-pdf"}


@given(st.lists(st.text("ab/-.", max_size=8), max_size=8))
def test_names_are_names_and_nobody_shares_one(folders):
    told = distinguished(folders)
    assert len(set(told.values())) == len(told)
    for name in told.values():
        assert names.name(name) == name


def test_what_cannot_be_a_name_gives_none():
    assert made("...") == ""
    assert made("core") == ""


def test_a_version_is_taken_if_it_is_one():
    assert version_of("1.2.3", AT) == Version((1, 2, 3))
    assert str(version_of("1.2", AT)) == "0.20261120.70509"
    assert str(version_of(None, AT)) == "0.20261120.70509"


def test_a_later_commit_is_a_higher_version():
    moments = [AT, AT + timedelta(seconds=1), AT.replace(hour=23), AT + timedelta(days=30)]
    told = [version_of(None, moment) for moment in moments]
    assert told == sorted(told)
    assert len(set(told)) == len(told)


def test_where_the_commit_was_made_does_not_count():
    there = AT.astimezone(timezone(timedelta(hours=-9)))
    assert version_of(None, there) == version_of(None, AT)
