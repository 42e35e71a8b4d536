"""What is written is read back, and holds the six fields and nothing else."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from hocket.registry.bundles import manifest
from hocket.registry.bundles.manifest import Around
from hocket.registry.forms.fields import line
from hocket.registry.forms.names import Unfit
from hocket.registry.skills.fields import SIX, rules
from hocket.registry.skills.skill_md import Skill, read
from hocket.registry.skills.writer import Portable, portable, write

PLAIN = Portable(name="demo", description="d")


def is_line(text):
    try:
        return line(1024)(text) == text.strip()
    except Unfit:
        return False


LINES = st.text(max_size=80).map(str.strip).filter(is_line)
NAMES = st.from_regex(r"[a-z0-9]{2,9}(-[a-z0-9]{1,9}){0,3}", fullmatch=True)
RULES = st.from_regex(r"[A-Z][a-z]{0,9}(\([a-z :*,]{0,9}\))?", fullmatch=True)
BODIES = st.text().map(lambda text: text.replace("\0", "").replace("\r\n", "\n"))
SKILLS = st.builds(
    Portable,
    name=NAMES.filter(
        lambda name: name not in {"core", "all", "con", "nul", "aux", "prn", "latest"}
    ),
    description=LINES,
    license=LINES | st.just(""),
    compatibility=LINES | st.just(""),
    metadata=st.dictionaries(LINES, LINES, max_size=4),
    allowed_tools=st.lists(RULES, max_size=4).map(tuple),
    body=BODIES,
)


def test_a_bundle_is_told_in_six_fields():
    raw = b"""schema = 1
name = "demo"
version = "1.4.0"
description = "Ask: and answer"
license = "MIT"
commands.demo = { script = "w.py" }
commands.also = { script = "w.py" }
capabilities = { agents = 1 }
"""
    found = manifest.read(raw, Around(paths=frozenset({"w.py"})))
    assert write(portable(found, "Run it.\r\n", ("Read", "Grep"))).decode() == (
        "---\nname: demo\ndescription: 'Ask: and answer'\nlicense: MIT\nallowed-tools: Read Grep\n"
        "metadata:\n  hocket-bundle: demo\n  hocket-commands: also demo\n  hocket-version: 1.4.0\n"
        "---\nRun it.\n"
    )


def test_a_plain_skill_names_no_commands():
    raw = b'schema = 1\nname = "demo"\nversion = "1.4.0"\ndescription = "d"\n'
    assert portable(manifest.read(raw, Around()), "").metadata == {
        "hocket-bundle": "demo",
        "hocket-version": "1.4.0",
    }


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": "Demo"}, '"Demo" is not a name (a-z, 0-9, single hyphens)'),
        ({"name": ""}, "name: empty"),
        ({"description": ""}, "description: empty"),
        ({"description": "x" * 1025}, "description: 1025 characters, 1024 allowed"),
        ({"description": "a\nb"}, "description: more than one line"),
        ({"license": "\x1b"}, "license: holds the control character U+001B"),
        ({"compatibility": "x" * 501}, "compatibility: 501 characters, 500 allowed"),
        ({"metadata": {"a": "x\ny"}}, "metadata: more than one line"),
        ({"metadata": {"": "x"}}, "metadata: empty"),
        ({"metadata": {f"k{n}": "x" * 900 for n in range(20)}}, "front matter of more than 16 KiB"),
        ({"allowed_tools": ("Read Write",)}, 'allowed-tools: "Read Write" is not one rule'),
        ({"allowed_tools": ("",)}, 'allowed-tools: "" is not one rule'),
        ({"body": "a\0"}, "the body holds a NUL"),
        ({"body": "\ud800"}, "the body holds half a character"),
    ],
)
def test_what_a_strict_host_would_not_take_is_not_written(fields, sentence):
    given = {"name": "demo", "description": "d"} | fields
    with pytest.raises(Unfit) as caught:
        write(Portable(**given))
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    "word", ["yes", "1.0", "null", "2026-11-21", "0x1F", "=", "<<", "~", "- x"]
)
def test_a_text_stays_a_text(word):
    found = read(write(Portable(name="demo", description=word, metadata={word: word})), "demo")
    assert isinstance(found, Skill)
    assert (found.description, found.metadata, found.remarks) == (word, {word: word}, ())


@given(SKILLS)
def test_what_is_written_is_read_back(skill):
    raw = write(skill)
    found = read(raw, skill.name)
    assert isinstance(found, Skill)
    assert found.remarks == ()
    assert (found.key, found.name, found.description) == (skill.name, skill.name, skill.description)
    assert (found.license, found.compatibility) == (skill.license, skill.compatibility)
    assert (found.metadata, found.allowed_tools) == (skill.metadata, skill.allowed_tools)
    assert found.body == skill.body
    assert write(skill) == raw


@given(SKILLS)
def test_a_host_that_knows_only_yaml_finds_six_fields_of_text(skill):
    fields = yaml.safe_load(write(skill).decode().split("\n---\n", 1)[0].removeprefix("---\n"))
    assert set(fields) <= set(SIX)
    assert all(isinstance(one, str) for one in {**fields, "metadata": ""}.values())
    assert all(isinstance(one, str) for one in fields.get("metadata", {}).values())
    assert rules(fields.get("allowed-tools", "")) == skill.allowed_tools
