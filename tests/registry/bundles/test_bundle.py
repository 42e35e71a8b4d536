"""A bundle is read as a whole: what its parts say of each other has to agree."""

from __future__ import annotations

import pytest

from hocket import bundled
from hocket.api.protocols import Tree
from hocket.registry.bundles import bundle
from hocket.registry.bundles.bundle import Bundle
from hocket.registry.bundles.inspection import Inspection

MANIFEST = """schema = 1
name = "demo"
version = "1.4.0"
description = "d"
license = "MIT"
requires-hocket = ">=0.3,<1"
commands.demo = { script = "workflow.py" }
capabilities = { tools = ["Read"], agents = 3 }
"""
SKILL = "---\nname: demo\ndescription: d\nallowed-tools: Read\n---\nRun it.\n"
SCRIPT = 'meta = {"name": "demo"}\n'


def tree(**texts):
    """Make the tree of a bundle; a text that is None is left out."""
    files = {"bundle.toml": MANIFEST, "SKILL.md": SKILL, "workflow.py": SCRIPT} | texts
    told = sorted((path, text) for path, text in files.items() if text is not None)
    return Tree(tuple(("f", path, text.encode()) for path, text in told))


def inspect(given):
    """Tell the names of scripts as the room that reads scripts would."""
    scripts = {path: content for _, path, content in given.entries if path.endswith(".py")}
    return Inspection({path: text.decode().split('"')[3] for path, text in scripts.items()})


def told(texts, folder="demo"):
    found = bundle.read(tree(**texts), folder, inspect)
    return [] if isinstance(found, Bundle) else [str(one) for one in found]


def test_a_bundle_whose_parts_agree():
    found = bundle.read(tree(), "demo", inspect)
    assert isinstance(found, Bundle)
    assert (found.manifest.name, found.skill.name, found.skill.body) == (
        "demo",
        "demo",
        "Run it.\n",
    )


def test_a_skill_in_small_letters_is_read_too():
    assert told({"SKILL.md": None, "skill.md": SKILL}) == []


@pytest.mark.parametrize(
    ("texts", "folder", "sentences"),
    [
        ({"bundle.toml": None}, "demo", ["bundle.toml: missing"]),
        ({"SKILL.md": None}, "demo", ["SKILL.md: missing"]),
        ({"SKILL.md": "# Title"}, "demo", ["SKILL.md: no front matter"]),
        (
            {"bundle.toml": "a = ?", "SKILL.md": "---\nx: !y z\n---\n"},
            "demo",
            [
                "bundle.toml: not TOML: Invalid value (at line 1, column 5)",
                "SKILL.md: front matter with a tag",
            ],
        ),
        ({}, "other", ['bundle.toml: name: differs from the folder "other"']),
        (
            {"SKILL.md": SKILL.replace("name: demo", "name: other")},
            "demo",
            ['bundle.toml: name: differs from SKILL.md\'s name "other"'],
        ),
        (
            {"workflow.py": 'meta = {"name": "x"}\n'},
            "demo",
            ['bundle.toml: commands.demo.script: meta.name is "x"'],
        ),
        (
            {"workflow.py": None},
            "demo",
            ['bundle.toml: commands.demo.script: "workflow.py" is not in the bundle'],
        ),
        (
            {"SKILL.md": SKILL.replace("Read", "Bash(*)")},
            "demo",
            [
                'SKILL.md: allowed-tools: "shell:*" is not declared in bundle.toml',
                'SKILL.md: allowed-tools: "tools:Bash" is not declared in bundle.toml',
            ],
        ),
    ],
)
def test_what_does_not_agree_is_told(texts, folder, sentences):
    assert told(texts, folder) == sentences


@pytest.mark.parametrize("folder", ["tour"])
def test_the_bundles_of_this_house_are_bundles(folder):
    place = bundled.root() / "skills" / folder
    files = sorted(path for path in place.rglob("*") if path.is_file() and path.suffix != ".pyc")
    entries = (("f", path.relative_to(place).as_posix(), path.read_bytes()) for path in files)
    found = bundle.read(Tree(tuple(entries)), folder, lambda _tree: Inspection())
    assert isinstance(found, Bundle)
    assert found.skill.remarks == ()
