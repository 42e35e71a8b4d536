"""Lines are edited where they stand; what is written in another way is not touched."""

from __future__ import annotations

import tomllib

import pytest
from authors import NOW
from hypothesis import given
from hypothesis import strategies as st

from hocket.registry.authoring import edits
from hocket.registry.authoring.edits import Unwritable
from hocket.registry.forms import names

HEAD = """\
schema = 1
# the number
serial = 7      # seven
updated = 2026-01-01T00:00:00Z
include = ["packages/*.toml"]   # all
renames = { "serial" = "x" }

[owner]
serial = 9
"""
ROWS = """\
[[package]]
name = "one"
[[package.version]]
version = "1.0.0"
[package.version.source]
version = "2.0.0"
[[package.version]]
digest = "x"
version = "2.0.0"  # two
[[ package ]]
name = "two"
[[ package . version ]]
version = "2.0.0"
yanked = "before"  # why
size = 1"""


def test_the_head_is_set_and_all_else_stays():
    assert edits.with_head(HEAD, 8, NOW, "hk1:ab").splitlines() == [
        "schema = 1",
        "# the number",
        "serial = 8      # seven",
        "updated = 2026-11-21T12:00:00Z",
        'include = ["packages/*.toml"]   # all',
        'include-digest = "hk1:ab"',
        *HEAD.splitlines()[5:],
    ]
    again = edits.with_head(edits.with_head(HEAD, 8, NOW, "hk1:ab"), 9, NOW, "hk1:cd")
    assert again.count("include-digest") == 1
    assert tomllib.loads(again)["include-digest"] == "hk1:cd"


def test_without_included_files_there_is_no_digest():
    assert "digest" not in edits.with_head(HEAD, 8, NOW, "")


@pytest.mark.parametrize("lacks", ["serial", "updated", "include"])
def test_a_line_that_is_not_there_cannot_be_set(lacks):
    text = "".join(one for one in HEAD.splitlines(keepends=True)[:5] if not one.startswith(lacks))
    with pytest.raises(Unwritable, match=lacks):
        edits.with_head(text, 8, NOW, "hk1:ab")


def test_a_reason_goes_into_the_one_row():
    once = edits.with_yank(ROWS, "one", names.version("2.0.0"), "bad")
    assert once == ROWS.replace('"2.0.0"  # two\n', '"2.0.0"  # two\nyanked = "bad"\n')
    twice = edits.with_yank(ROWS, "two", names.version("2.0.0"), 'a "b"')
    assert twice == ROWS.replace('"before"  # why', '"a \\"b\\""  # why')


@pytest.mark.parametrize(("name", "version"), [("one", "3.0.0"), ("nobody", "1.0.0")])
def test_a_row_that_is_not_there_is_not_found(name, version):
    with pytest.raises(Unwritable, match=f"{name} {version}"):
        edits.with_yank(ROWS, name, names.version(version), "bad")


def test_a_hash_in_a_text_is_no_comment():
    text = '[[package]]\nname = "a-b"\n[[package.version]]\nversion = "1.0.0"\nyanked = "no #1"\n'
    assert edits.with_yank(text, "a-b", names.version("1.0.0"), "#2").endswith('yanked = "#2"\n')


@given(st.text(min_size=1, max_size=30).filter(lambda one: one.isprintable()))
def test_any_reason_is_read_back(reason):
    text = edits.with_yank(ROWS, "one", names.version("1.0.0"), reason)
    rows = tomllib.loads(text)["package"][0]["version"]
    assert [one.get("yanked") for one in rows] == [reason, None]
    again = edits.with_yank(text, "one", names.version("1.0.0"), "new")
    assert tomllib.loads(again)["package"][0]["version"][0]["yanked"] == "new"
