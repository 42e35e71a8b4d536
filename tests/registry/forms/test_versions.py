"""Versions: one form, and the same order for SemVer and for Python."""

from __future__ import annotations

from functools import cmp_to_key

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version as PythonVersion

from hocket.registry.forms.names import Unfit, version
from hocket.registry.forms.versions import Version

NUMBERS = st.integers(0, 30) | st.integers(0, 10**9)
VERSIONS = st.builds(Version, st.tuples(NUMBERS, NUMBERS, NUMBERS)) | st.builds(
    Version, st.tuples(NUMBERS, NUMBERS, NUMBERS), st.sampled_from(["a", "b", "rc"]), NUMBERS
)


@pytest.mark.parametrize(
    "text", ["0.0.0", "1.4.0", "10.20.30", "1.0.0-a.0", "1.0.0-rc.12", "0.20261121.93000"]
)
def test_a_version_is_written_as_it_was_read(text):
    assert str(version(text)) == text
    assert version(text).is_pre == ("-" in text)


@pytest.mark.parametrize(
    "value",
    [
        *(
            "1.4",
            "1",
            "v1.0.0",
            "1.0.0.0",
            "01.0.0",
            "1.00.0",
            "1.0.0-rc",
            "1.0.0-rc1",
            "1.0.0-rc.01",
        ),
        *("1.0.0-alpha.1", "1.0.0a1", "1.0.0+x", "1.0.0-rc.1+x", "1.0.0 ", "1.0.0\n", "\u0661.0.0"),
        *("-1.0.0", "1!1.0.0", "1.0.0.dev0", "1.0.0-RC.1", "", f"{'9' * 19}.0.0", 1.4, None),
    ],
)
def test_what_is_no_version_is_told(value):
    with pytest.raises(Unfit, match=r" is not X\.Y\.Z$"):
        version(value)


def semver(one: str, other: str) -> int:
    """Compare as section 11 of SemVer 2.0.0 says, word for word."""
    (core, _, pre), (other_core, _, other_pre) = one.partition("-"), other.partition("-")
    left, right = [*map(int, core.split("."))], [*map(int, other_core.split("."))]
    if left != right:
        return -1 if left < right else 1
    if not (pre and other_pre):
        return bool(other_pre) - bool(pre)
    for mine, theirs in zip(pre.split("."), other_pre.split("."), strict=True):
        if mine != theirs:
            is_less = int(mine) < int(theirs) if mine.isdigit() else mine < theirs
            return -1 if is_less else 1
    return 0


@given(st.lists(VERSIONS, max_size=12))
def test_everybody_sorts_versions_alike(versions):
    mine = [str(one) for one in sorted(versions)]
    assert mine == sorted(map(str, versions), key=PythonVersion)
    assert mine == sorted(map(str, versions), key=cmp_to_key(semver))
    assert [one.python for one in sorted(versions)] == sorted(one.python for one in versions)


@given(VERSIONS)
def test_a_version_that_was_written_is_read_again(one):
    assert version(str(one)) == one
    assert one.python.is_prerelease == one.is_pre
