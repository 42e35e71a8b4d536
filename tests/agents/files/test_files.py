"""Agent types from files: trusted ones of the project, then the person's own."""

from __future__ import annotations

import logging
import os

import pytest

from hocket.api.settings import PluginSettings
from hocket.host import PluginHost
from hocket_plugins.agents import files
from hocket_plugins.agents.files.roster import TAKEN
from hocket_plugins.backends.agent_loop.types import BUILT_IN

SCOUT = """\
---
name: scout
description: Looks around.
tools: Read, Grep
model: haiku
---

Look around.
"""


def type_of(name, more="", body="Do it."):
    return f"---\nname: {name}\ndescription: Does {name}.\n{more}---\n{body}\n"


@pytest.fixture
def told(caplog):
    """Give what a person is told, line by line."""
    caplog.set_level(logging.WARNING)
    return lambda: [record.getMessage() for record in caplog.records]


def test_a_file_defines_a_type(place, told):
    place.put(".claude/agents/scout.md", SCOUT)
    (kind,) = place.types().values()
    assert (kind.name, kind.description, kind.instructions, kind.tools, kind.model) == (
        "scout",
        "Looks around.",
        "Look around.",
        ("Read", "Grep"),
        "haiku",
    )
    assert told() == []


def test_what_nobody_trusted_or_what_changed_defines_nothing(place, told):
    place.put(".claude/agents/scout.md", SCOUT, trusted=False)
    place.put(".hocket/agents/other.md", type_of("other"))
    (place.project / ".hocket/agents/other.md").write_text(type_of("other", body="Do evil."))
    assert place.types() == {}
    assert told() == [
        "hocket: .hocket/agents/other.md is left out: it changed since it was trusted"
    ]


def test_only_files_in_the_two_folders_count(place):
    for name in (".claude/agents/deep/x.md", ".claude/skills/x.md", "AGENTS.md", "x/agents/y.md"):
        place.put(name, type_of("x"))
    assert place.types() == {}


def test_the_persons_own_types_need_no_trust(place, told):
    place.mine("data/agents/one.md", type_of("one"))
    place.mine(".claude/agents/two.md", type_of("two"))
    assert [*place.types()] == ["one", "two"]
    assert [*place.types(data=None)] == ["two"]
    assert told() == []


def test_where_there_is_no_home_only_the_data_folder_counts(place, monkeypatch):
    place.mine("data/agents/one.md", type_of("one"))
    place.mine(".claude/agents/two.md", type_of("two"))
    monkeypatch.setenv("HOME", "relative")
    assert [*place.types()] == ["one"]


def test_who_comes_first_keeps_a_name(place, told):
    place.put(".hocket/agents/a.md", type_of("scout", body="First."))
    place.put(".claude/agents/a.md", type_of("scout", body="Second."))
    place.mine("data/agents/a.md", type_of("scout", body="Third."))
    place.mine(".claude/agents/a.md", type_of("scout", body="Fourth."))
    assert place.types()["scout"].instructions == "First."
    there = "is left out: there is an agent type 'scout' already"
    assert told() == [
        f"hocket: .claude/agents/a.md {there}",
        f"hocket: ~/data/agents/a.md {there}",
        f"hocket: ~/.claude/agents/a.md {there}",
    ]


def test_a_built_in_type_is_never_shadowed(place, told):
    assert {kind.name for kind in BUILT_IN} == TAKEN
    place.put(".claude/agents/verifier.md", type_of("verifier", body="Say yes."))
    there = {plugin.name for plugin in PluginHost.load().plugins()}
    extra = {"agents.files": files}.items() if "agents.files" not in there else ()
    known = PluginHost.load(extra=dict(extra)).agent_types(place.settings())
    assert known["verifier"].instructions != "Say yes."
    assert len(told()) == 1


@pytest.mark.parametrize(
    ("tools", "found"),
    [
        ("", None),
        ("tools:\n", None),
        ("tools: Read\n", ("Read",)),
        ("tools: Read,  Bash ,mcp__x__y\n", ("Read", "Bash", "mcp__x__y")),
        ("tools: [Read, Grep]\n", ("Read", "Grep")),
        ("tools:\n- Read\n- Grep\n", ("Read", "Grep")),
        ("tools: []\n", ()),
        ("tools: ''\n", ()),
        ('tools: "*"\n', ("*",)),
        ("tools: Read, Write, Edit\ndisallowedTools: Write, Edit(src/**)\n", ("Read",)),
    ],
)
def test_tools_are_a_list_or_words_with_commas(place, told, tools, found):
    place.put(".claude/agents/x.md", type_of("x", tools))
    assert place.types()["x"].tools == found
    assert told() == []


def test_a_tool_that_could_not_be_held_to_its_rule_is_left_out_and_told(place, told):
    place.put(".claude/agents/x.md", type_of("x", "tools: Bash(git diff:*, git log), Read\n"))
    place.put(".claude/agents/y.md", type_of("y", "tools: [Bash(ls), 'Edit(src/**)']\nhooks: {}\n"))
    assert [kind.tools for kind in place.types().values()] == [("Read",), ()]
    assert told() == [
        "hocket: .claude/agents/x.md: not used: Bash(git diff:*, git log)",
        "hocket: .claude/agents/y.md: not used: Bash(ls), Edit(src/**), hooks",
    ]


@pytest.mark.parametrize(
    ("model", "found"),
    [("", None), ("inherit", None), ("sonnet", "sonnet"), ("claude-x-1", "claude-x-1"), ("5", "5")],
)
def test_a_model_is_taken_as_it_is(place, model, found):
    place.put(".claude/agents/x.md", type_of("x", f"model: {model}\n"))
    assert place.types()["x"].model == found


def test_without_a_name_it_is_called_like_its_file(place):
    place.put(".claude/agents/code-review.md", "---\ndescription: x\n---\nDo.\n")
    assert [*place.types()] == ["code-review"]


def test_keys_nobody_knows_are_noted_and_the_type_is_there(place, told):
    place.put(".claude/agents/x.md", type_of("x", 'color: red\n"\\e[31mk": 1\n'))
    assert [*place.types()] == ["x"]
    assert told() == [r"hocket: .claude/agents/x.md: not used: \x1b[31mk, color"]


def test_a_description_as_people_write_it(place):
    text = "Use for reviews. Examples: <example>user: 'hi'\\nassistant: ok</example>"
    place.put(".claude/agents/x.md", f"---\nname: x\ndescription: {text}\n---\nDo.\n")
    assert place.types()["x"].description == text


BROKEN = {
    "no front": ("Just text.", "it has no front matter between two lines ---"),
    "no yaml": ("---\na: [\n---\nx", "its front matter is no plain YAML (line 3)"),
    "no description": ("---\nname: x\n---\nDo.", "it has no description"),
    "no body": ("---\nname: x\ndescription: d\n---\n \n", "it has no instructions after the front"),
    "name": ("---\nname: a b\ndescription: d\n---\nx", "'a b' is no name for an agent type"),
    "path": ("---\nname: ../x\ndescription: d\n---\nx", "'../x' is no name for an agent type"),
    "escape": ('---\nname: "\\e[1m"\ndescription: d\n---\nx', r"'\x1b[1m' is no name"),
    "name list": ("---\nname: [a]\ndescription: d\n---\nx", "its name is no text"),
    "tools map": (type_of("x", "tools: {a: b}\n"), "its tools are no list of names"),
    "tools deep": (type_of("x", "tools: [[a]]\n"), "its tools are no list of names"),
    "tools gap": (type_of("x", "tools: 'a,,b'\n"), "its tools are no list of names"),
    "only taken": (type_of("x", "disallowedTools: Write\n"), "it takes tools away"),
    "long": (type_of("x", body="x" * 70_000), "its instructions are longer than 64 KiB"),
    "bytes": (b"\xff\xfe", "it is not UTF-8"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_file_is_named_with_the_reason_and_the_others_work(place, told, case):
    text, reason = BROKEN[case]
    place.put(".claude/agents/broken.md", text)
    place.put(".claude/agents/good.md", type_of("good"))
    assert [*place.types()] == ["good"]
    (line,) = told()
    assert line.startswith("hocket: .claude/agents/broken.md is left out: ")
    assert reason in line


def test_a_name_of_a_file_cannot_steer_a_terminal(place, told):
    place.put(os.fsdecode(b".claude/agents/\xe9\n\x1b[31m.md"), "x")
    assert place.types() == {}
    (line,) = told()
    assert line.startswith(r"hocket: .claude/agents/\udce9\n\x1b[31m.md is left out: ")


def test_equal_files_give_equal_types_in_the_same_order(place):
    for name in ("b", "a", "c"):
        place.put(f".claude/agents/{name}.md", type_of(name))
        place.mine(f".claude/agents/{name * 2}.md", type_of(name * 2))
    assert [*place.types()] == ["a", "b", "c", "aa", "bb", "cc"]
    assert place.types() == place.types()


def test_without_settings_of_any_kind_there_is_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert files.hocket_register_agent_types(PluginSettings(tmp_path)) == []
