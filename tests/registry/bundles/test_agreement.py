"""A row, a manifest and a SKILL.md say the same of a bundle, or it is told in what they differ."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket.api.ceiling import Ceiling
from hocket.api.protocols import Tree
from hocket.registry.bundles import manifest
from hocket.registry.bundles.agreement import row_problems, skill_problems
from hocket.registry.bundles.manifest import Around
from hocket.registry.capabilities.table import capability_hash
from hocket.registry.capabilities.wishes import wished
from hocket.registry.forms import ranges
from hocket.registry.forms.names import version
from hocket.registry.indexes.rows import Kind, Row
from hocket.registry.skills.skill_md import Skill, read
from hocket.registry.trees.digest import hk1

RAW = b"""schema = 1
name = "demo"
version = "1.4.0"
description = "d"
license = "MIT"
requires-hocket = ">=0.3, <1"
commands.demo = { script = "w.py" }
dependencies = { web = "^1.2" }
capabilities = { tools = ["Read", "Bash"], shell = ["git"], agents = 3 }
"""
TREE = Tree((("f", "bundle.toml", RAW), ("f", "w.py", b"1234")))
GIT = {"shell": ("git",)}
ASKED = {"tools": ("Bash", "Read"), "agents": 3}
ROW = Row(
    name="demo",
    version=version("1.4.0"),
    kind=Kind.BUNDLE,
    published=datetime(2026, 11, 18, 10, tzinfo=UTC),
    digest=hk1(TREE),
    requires_hocket=ranges.parse(">=0.3,<1"),
    commands=("demo",),
    dependencies={"web": ranges.parse("^1.2")},
    capabilities=Ceiling(**ASKED | {"shell": ("git",)}),
    size=len(RAW) + 4,
    files=2,
)


def bundle():
    return manifest.read(RAW, Around("demo", "demo", frozenset({"w.py"})))


def skill(tools="", body="", more=""):
    front = f"name: demo\ndescription: d\nallowed-tools: {tools}\n{more}"
    return read(f"---\n{front}\n---\n{body}".encode(), "demo")


def test_a_row_that_agrees():
    assert row_problems(ROW, "mit", bundle(), TREE) == ()


@pytest.mark.parametrize(
    ("changed", "sentences"),
    [
        ({"name": "other"}, ['bundle.toml: name: "demo" differs from the registry\'s "other"']),
        (
            {"version": version("1.4.0-rc.1")},
            ['bundle.toml: version: "1.4.0" differs from the registry\'s "1.4.0-rc.1"'],
        ),
        (
            {"requires_hocket": ranges.parse("*")},
            ['bundle.toml: requires-hocket: ">=0.3,<1" differs from the registry\'s "*"'],
        ),
        (
            {"commands": ("demo", "also")},
            ['bundle.toml: commands: "demo" differs from the registry\'s "also, demo"'],
        ),
        (
            {"dependencies": {"web": ranges.parse("*"), "x2": ranges.parse("~1")}},
            [
                'bundle.toml: dependencies.web: "^1.2" differs from the registry\'s "*"',
                'bundle.toml: dependencies.x2: "" differs from the registry\'s "~1"',
            ],
        ),
        (
            {"capabilities": Ceiling(**ASKED | {"shell": ("*",)})},
            [
                'bundle.toml: capabilities: the registry does not state "shell:git"',
                'bundle.toml: capabilities: the registry states "shell:*" and bundle.toml does not',
            ],
        ),
        ({"size": 1}, [f"the bundle: size: {len(RAW) + 4} differs from the registry's 1"]),
        ({"files": 3}, ["the bundle: files: 2 differs from the registry's 3"]),
        (
            {"files": 3, "name": "x2"},
            [
                'bundle.toml: name: "demo" differs from the registry\'s "x2"',
                "the bundle: files: 2 differs from the registry's 3",
            ],
        ),
    ],
)
def test_every_difference_is_told(changed, sentences):
    found = row_problems(replace(ROW, **changed), "MIT", bundle(), TREE)
    assert [str(one) for one in found] == sentences


@pytest.mark.parametrize("rights", ["", "Apache-2.0", "none at all"])
def test_the_license_of_the_index_is_the_bundles(rights):
    (found,) = row_problems(ROW, rights, bundle(), TREE)
    assert str(found) == f'bundle.toml: license: "MIT" differs from the registry\'s "{rights}"'


@pytest.mark.parametrize(
    ("tools", "sentences"),
    [
        ("Read Bash(git add:*) Bash(git:*)", []),
        ("", []),
        ("Bash(*)", ['SKILL.md: allowed-tools: "shell:*" is not declared in bundle.toml']),
        ("Bash", ['SKILL.md: allowed-tools: "shell:*" is not declared in bundle.toml']),
        ("Bash(rm:*)", ['SKILL.md: allowed-tools: "shell:rm" is not declared in bundle.toml']),
        ("Write", ['SKILL.md: allowed-tools: "tools:Write" is not declared in bundle.toml']),
        ('"*"', ['SKILL.md: allowed-tools: "*" is about no tool']),
    ],
)
def test_skill_md_wishes_no_more_from_others_than_is_declared(tools, sentences):
    assert [str(one) for one in skill_problems(skill(tools), bundle())] == sentences


@pytest.mark.parametrize(
    ("tools", "programs"),
    [
        ("Bash", ("*",)),
        ("Bash(*)", ("*",)),
        ("Bash()", ("*",)),
        ("Bash(:*)", ("*",)),
        ("Bash(git*)", ("*",)),
        ("Bash(./run.sh:*)", ("*",)),
        ("Bash(git add; rm:*)", ("*",)),
        ("Bash(git $(rm):*)", ("*",)),
        ("Bash(A=1 git:*)", ("*",)),
        ("Bash(git", ("*",)),
        ("Bash(git)", ("git",)),
        ("Bash(git:*) Bash(npm run test)", ("git", "npm")),
        ("BashOutput", ()),
    ],
)
def test_programs_of_a_wish(tools, programs):
    assert wished(skill(tools)).shell == programs


def test_hooks_and_inline_commands_are_found():
    found = wished(skill(more="hooks:\n  SessionStart: x\n", body="Now: !`date`\n"))
    assert (found.hooks, found.inline_exec, found.is_declared) == (True, True, False)
    found = wished(skill(body="Say `hi`! And ``` !`\n` ```"))
    assert (found.hooks, found.inline_exec) == (False, False)


@given(st.sampled_from(["Read", "Grep", "Write"]), st.integers(0, 5), st.booleans())
def test_a_row_agrees_with_its_own_table_and_no_other(tool, agents, reveal):
    other = Ceiling(tools=("Bash", tool), agents=agents, reveal=reveal, **GIT)
    found = row_problems(replace(ROW, capabilities=other), "MIT", bundle(), TREE)
    is_same = capability_hash(other) == capability_hash(bundle().ceiling)
    assert (found == ()) is is_same


@given(st.text(max_size=12), st.text(max_size=12))
def test_no_wish_is_a_traceback(tools, body):
    found = read(
        f"---\nname: demo\ndescription: d\nallowed-tools: {tools}\n---\n{body}".encode(
            errors="replace"
        ),
        "demo",
    )
    if isinstance(found, Skill):
        told = [str(one) for one in skill_problems(found, bundle())]
        assert all(line.isprintable() for line in told)
        assert bool(told) is bool(found.allowed_tools) or set(found.allowed_tools) <= {"Read"}
