"""The path rules: what is allowed means the same on every system, asked of Python's own paths."""

from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath
from unicodedata import category, is_normalized

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket.registry.trees.path_rules import RESERVED_PARTS, folded, misfits

ODD = '\\:*?"<>|/. \t\n\x1b\x7f\u200b\u202e\u0301\u00e9ab\ud800\U0001f600'
PARTS = st.sampled_from(
    [
        "..",
        ".",
        "",
        "con",
        "NUL.txt",
        "a",
        "b.md",
        ".git",
        "GIT~12",
        ".Claude",
        "a ",
        "a.",
        "\u00e9",
    ]
)
PATHS = st.text(alphabet=ODD, max_size=8) | st.lists(PARTS, max_size=14).map("/".join)


@given(PATHS | st.text(max_size=20))
def test_an_allowed_path_means_the_same_everywhere(path):
    if any(misfits(path)):
        return
    posix, windows = PurePosixPath(path), PureWindowsPath(path)
    assert str(posix) == path
    assert posix.parts == windows.parts == tuple(path.split("/"))
    assert not posix.is_absolute()
    assert not windows.anchor
    assert not {".", ".."} & set(posix.parts)
    assert not any(part.endswith((" ", ".")) for part in posix.parts)
    assert not {part.casefold() for part in posix.parts} & RESERVED_PARTS
    assert len(path.encode()) <= 240
    assert len(posix.parts) <= 12
    assert is_normalized("NFC", path)
    assert not any(category(one) in {"Cc", "Cf", "Cs"} for one in path)
    assert repr(path).isprintable()


@given(PARTS, PARTS)
def test_a_part_is_as_bad_below_as_above(one, other):
    alone = any(misfits(one)) or any(misfits(other))
    assert any(misfits(f"{one}/{other}")) == alone


@pytest.mark.parametrize("part", sorted(RESERVED_PARTS))
def test_reserved_parts_are_refused_wherever_they_stand(part):
    for path in (part, f"{part}/a", f"a/{part}", f"a/{part.upper()}/b"):
        assert any("has the reserved part" in what for what in misfits(path))
    for path in (f"{part}x", f"x{part}", part[1:] + "x", f"a/{part}.bak"):
        assert not any(misfits(path))


@given(st.text(max_size=10))
def test_folding_settles_at_once(text):
    assert folded(folded(text)) == folded(text)
    assert folded(text.upper()) == folded(text.upper().lower()) or not text.isascii()
