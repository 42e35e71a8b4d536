"""Patterns for paths mean what they mean in a `.gitignore`."""

from __future__ import annotations

import os
import shutil
import subprocess
from itertools import product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hocket.api import protected
from hocket_plugins.policies.permissions import paths

SEGMENTS = st.sampled_from(["a", "b", "src", "*", "*.py", "a?", "[ab]", "**", "x.py"])
PATTERNS = st.builds(
    "{}{}".format,
    st.sampled_from(["", "/"]),
    st.lists(SEGMENTS, min_size=1, max_size=4).map("/".join),
)
PATHS = st.lists(
    st.sampled_from(["a", "b", "ab", "src", "x.py", ".x"]), min_size=1, max_size=4
).map("/".join)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("src/**", "src/a/b.py"),
        ("src", "src/a/b.py"),
        ("src/", "lib/src/a"),
        ("*.py", "a/b.py"),
        ("/a.py", "a.py"),
        ("./src/a.py", "src/a.py"),
        ("a/**/b", "a/b"),
        ("a/**/b", "a/x/y/b"),
        ("**/b", "b"),
        ("**", "."),
        ("src/[ab].py", "src/a.py"),
        ("//etc/**", "/etc/passwd"),
        ("~/notes/**", str(Path("~/notes/x").expanduser())),
    ],
)
def test_a_pattern_is_about_a_path(pattern, path):
    assert paths.matches(pattern, path)
    assert paths.loosely(pattern, path)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("src/**", "src"),
        ("src/**", "lib/src/a"),
        ("/a.py", "b/a.py"),
        ("*.py", "a.pyc"),
        ("a*b", "a/b"),
        ("src/[ab].py", "src/c.py"),
        ("**", "/etc/passwd"),
        ("//etc", "etc"),
        ("src/**", "SRC/a"),
        ("src/**", "src2/a"),
        ("a/b", "a"),
    ],
)
def test_a_pattern_is_not_about_a_path(pattern, path):
    assert not paths.matches(pattern, path)


@pytest.fixture(scope="module")
def git(tmp_path_factory):
    """Give git itself: it says which of some paths it ignores by one pattern."""
    folder = tmp_path_factory.mktemp("git")
    program = shutil.which("git")
    environment = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run([program, "init", "-q", folder], env=environment, check=True)

    def ignored(pattern, given):
        (folder / ".gitignore").write_text(f"{pattern}\n")
        asked = subprocess.run(
            [program, "check-ignore", "--no-index", "--stdin"],
            cwd=folder, env=environment, input="\n".join(given), capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        return set(asked.stdout.splitlines())

    return ignored


ALL = [
    "/".join(one) for size in (1, 2, 3) for one in product(["a", "ab", "src", "x.py"], repeat=size)
]


@settings(
    max_examples=80,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(pattern=PATTERNS)
def test_it_agrees_with_git(git, pattern):
    assert {path for path in ALL if paths.matches(pattern, path)} == git(pattern, ALL)


@given(pattern=PATTERNS, path=PATHS)
def test_what_is_matched_strictly_is_matched_loosely(pattern, path):
    if paths.matches(pattern, path):
        assert paths.loosely(pattern, path)
        assert paths.loosely(pattern, f"/some/where/{path}")
        assert paths.loosely(pattern, path.upper())


@pytest.mark.parametrize(
    ("path", "inside"),
    [
        ("a/b", True),
        ("./a/../b", True),
        (".", True),
        ("", True),
        ("..", False),
        ("../a", False),
        ("a/../../b", False),
        ("/a", False),
        ("~/a", False),
        ("a\\b", False),
        ("..a", True),
    ],
)
def test_what_stays_inside(path, inside):
    assert protected.is_inside(path) == inside


@pytest.mark.parametrize(
    "path",
    [
        ".git/config",
        "a/.git",
        ".GIT/x",
        "x/../.git/hooks",
        ".hocket/config.toml",
        ".claude/x",
        ".agents/a",
        ".vscode/tasks.json",
        ".mcp.json",
        "AGENTS.md",
        "sub/Claude.md",
        "hocket.lock",
    ],
)
def test_what_steers_something_later(path):
    assert protected.is_steering(path)


@pytest.mark.parametrize("path", [".gitignore", "git", "agents.md.txt", "src/.gitx/a"])
def test_what_steers_nothing(path):
    assert not protected.is_steering(path)


@pytest.mark.parametrize(
    "path", [".env", ".env.local", "a/key.PEM", "id_rsa", "x.p12", ".npmrc", "h/.netrc"]
)
def test_what_holds_keys(path):
    assert protected.is_secret(path)


@pytest.mark.parametrize("path", ["env", "pem", "idx", "src/.envrc.d/x", "a.pem.txt"])
def test_what_holds_none(path):
    assert not protected.is_secret(path)


@pytest.mark.parametrize(
    ("path", "pattern", "named"),
    [
        (".git/config", ".git/**", True),
        (".git/config", ".git/config", True),
        (".git/config", "**", False),
        (".git/config", "*/config", False),
        (".git/config", "**/config", False),
        (".env.local", ".env*", True),
        (".env.local", "*", False),
        ("a/.env", "a/**", False),
        ("a/.env", "a/.env", True),
        ("k/x.pem", "*.pem", True),
        (".claude/AGENTS.md", ".claude/**", False),
        (".claude/AGENTS.md", ".claude/agents.md", True),
        ("src/a.py", "**", True),
    ],
)
def test_what_is_protected_has_to_be_named(path, pattern, named):
    assert protected.is_named(path, pattern) == named
