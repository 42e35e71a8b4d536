"""Ignore files mean what git says they mean."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from hocket_plugins.tools.files.ignoring import Ignoring, is_ignored

GIT = shutil.which("git")


def ignored(text: str, path: str, *, is_folder: bool = False) -> bool:
    return is_ignored((Ignoring("", text),), path, is_folder=is_folder)


@pytest.mark.parametrize(
    ("text", "path", "answer"),
    [
        ("*.log", "a.log", True),
        ("*.log", "deep/a.log", True),
        ("/a.log", "deep/a.log", False),
        ("deep/a.log", "x/deep/a.log", False),
        ("**/deep/a", "x/deep/a", True),
        ("deep/**", "deep/x/a", True),
        ("a/**/b", "a/b", True),
        ("a/**/b", "a/x/y/b", True),
        ("# a", "# a", False),
        (r"\#a", "#a", True),
        (r"\!a", "!a", True),
        ("a  ", "a", True),
        ("*\n!a", "a", False),
        ("!a\n*", "a", True),
        ("{a,b}", "a", False),
        ("{a,b}", "{a,b}", True),
        ("[!a]", "b", True),
        ("[^a]", "a", False),
        ("[a-c]x", "bx", True),
        ("a?c", "a/c", False),
        ("a.c", "abc", False),
        ("\r\na\r\n", "a", True),
        ("[z-a]", "z", False),
        ("", "", False),
    ],
)
def test_one_line_after_another(text, path, answer):
    assert ignored(text, path) is answer


def test_a_slash_at_the_end_means_folders():
    assert ignored("build/", "build", is_folder=True)
    assert not ignored("build/", "build")


def test_the_nearest_file_decides():
    above, below = Ignoring("", "*.log"), Ignoring("src", "!keep.log\n/local")
    assert not is_ignored((above, below), "src/keep.log", is_folder=False)
    assert is_ignored((above, below), "src/other.log", is_folder=False)
    assert is_ignored((above, below), "src/local", is_folder=False)
    assert not is_ignored((above, below), "src/deep/local", is_folder=False)


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    """Make an empty repository that git can be asked in."""
    if GIT is None:
        pytest.skip("git is not installed")
    folder = tmp_path_factory.mktemp("repository")
    subprocess.run([GIT, "init", "-q"], cwd=folder, check=True)
    return folder


PART = st.sampled_from(["a", "b", "ab", "*", "a*", "?", "*b", "[ab]", "[!a]", "**"])
PATTERN = st.builds(
    lambda bang, front, parts, end: bang + front + "/".join(parts) + end,
    st.sampled_from(["", "", "!"]),
    st.sampled_from(["", "/"]),
    st.lists(PART, min_size=1, max_size=3),
    st.sampled_from(["", ""]),
)
PATH = st.lists(st.sampled_from(["a", "b", "ab", "ba", "c"]), min_size=1, max_size=3).map("/".join)


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@example(["**/**/a"], "a")
@example(["a/**/**"], "a/b")
@example(["**/**/**/b"], "a/c/b")
@given(patterns=st.lists(PATTERN, min_size=1, max_size=4), path=PATH)
def test_git_agrees(repository, patterns, path):
    """Git looks at the folders above first, and so does a walk: it never enters one left out."""
    (repository / ".gitignore").write_text("\n".join(patterns) + "\n")
    asked = subprocess.run(
        [GIT or "git", "check-ignore", "-q", "--no-index", path], cwd=repository, check=False
    )
    files = (Ignoring("", "\n".join(patterns)),)
    parts = path.split("/")
    ways = ["/".join(parts[: count + 1]) for count in range(len(parts))]
    mine = any(is_ignored(files, way, is_folder=way != path) for way in ways)
    assert mine == (asked.returncode == 0), (patterns, path)
