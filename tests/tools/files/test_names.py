"""Names on disk are bytes; a model sees one line of text and can give it back."""

from __future__ import annotations

import os
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket_plugins.tools.files.glob_pattern import glob
from hocket_plugins.tools.files.names import shown, typed, unescaped
from hocket_plugins.tools.files.trouble import Trouble

RAW = st.binary(min_size=1, max_size=20).filter(lambda raw: b"\0" not in raw and b"/" not in raw)


@given(RAW)
def test_a_shown_name_is_one_line_of_valid_text(raw):
    text = shown(os.fsdecode(raw))
    assert text.encode("utf-8")
    assert text.splitlines() in ([text], [])
    assert not any(ord(sign) < 32 or 0x7F <= ord(sign) < 0xA0 for sign in text)


@given(RAW.filter(lambda raw: b"\\" not in raw))
def test_a_shown_name_leads_back_where_no_control_character_is_in_it(raw):
    name = os.fsdecode(raw)
    if shown(name) == name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace"):
        assert unescaped(shown(name)) == name


@pytest.mark.parametrize("name", ["", "a\0", "\ud800", "a\udfff"])
def test_what_no_file_can_be_called(name):
    with pytest.raises(Trouble):
        typed(name)


@pytest.mark.parametrize(
    ("pattern", "fits", "fails"),
    [
        ("*.py", ["a.py", "x/a.py", ".py"], ["a.pyc", "a.py/x"]),
        ("src/*.py", ["src/a.py"], ["x/src/a.py", "src/x/a.py"]),
        ("src/", ["src", "x/src"], ["src/a"]),
        ("**/*.py", ["a.py", "x/y/a.py"], ["a.js"]),
        ("src/**", ["src/a", "src/x/a"], ["src"]),
        ("src/**/test", ["src/test", "src/x/y/test"], ["src/xtest"]),
        ("a**b", ["ab", "axxb", "d/ab"], ["a/b"]),
        ("*.{ts,tsx}", ["a.ts", "a.tsx"], ["a.js", "a.{ts,tsx}"]),
        ("{a,b}/{c,d}", ["a/c", "b/d"], ["a/b"]),
        ("{a", ["{a"], ["a"]),
        ("a}", ["a}"], ["a"]),
        ("[]a]", ["]", "a"], ["b"]),
        ("[a&&b]", ["a", "&", "b"], ["c"]),
        ("[!a-c]", ["d"], ["a", "b", "/"]),
        (r"\*", ["*"], ["a"]),
        ("a+(b)|c.^$", ["a+(b)|c.^$"], ["aab"]),
        ("ü*", ["übung"], ["ubung"]),
        ("new?line", ["new\nline"], ["new/line"]),
    ],
)
def test_globs(pattern, fits, fails):
    compiled = glob(pattern)
    assert [path for path in fits if not compiled.finds(path)] == []
    assert [path for path in fails if compiled.finds(path)] == []


@given(st.text("ab*?[]{},!/\\.^-&", min_size=1, max_size=15), st.text("ab/.", max_size=10))
def test_no_glob_breaks_it(pattern, path):
    with suppress(Trouble):
        glob(pattern).finds(path)


@given(st.text("abc.-_ü+()$", min_size=1, max_size=12))
def test_a_name_without_signs_fits_itself_alone(name):
    assert glob(f"/{name}").finds(name)
    assert not glob(f"/{name}").finds(f"{name}x")
    assert not glob(f"/{name}").finds(f"x/{name}")
