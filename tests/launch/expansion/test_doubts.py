"""Globs of what is outside: about a file, a name at any depth, or a folder and all in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket.launch.expansion.doubts import Doubts, literal


@pytest.mark.parametrize(
    ("glob", "name", "holds"),
    [
        ("inbox/**", "inbox/a/b.eml", True),
        ("inbox", "inbox/a/b.eml", True),
        ("inbox", "old/inbox/b.eml", True),
        ("/inbox", "old/inbox/b.eml", False),
        ("*.eml", "a/b.EML", True),
        ("a/*.eml", "a/b/c.eml", False),
        ("a/**/c.eml", "a/c.eml", True),
        ("*.{eml,txt}", "a/b.txt", True),
        ("*.{eml,txt}", "a/b.md", False),
        ("[^a].txt", "b.txt", True),
        (".", "anything", True),
        ("", "anything", True),
        ("{a,b}" * 9, "anything", True),
        ("cafe\u0301", "caf\u00e9", True),
    ],
)
def test_what_a_glob_is_about(glob, name, holds):
    assert Doubts((glob,)).hold(name) is holds


@given(st.text(st.sampled_from("ab*?[]!-{}./"), min_size=1).filter(lambda one: one.strip("./")))
def test_a_path_as_a_glob_is_about_that_path(name):
    way = "/".join(part for part in name.split("/") if part not in {"", "."})
    assert Doubts((literal(way),)).hold(f"{way}/beneath")


def test_nothing_said_is_about_nothing():
    assert not Doubts().hold("a")
