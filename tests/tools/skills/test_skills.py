"""Skills: listed in few words, loaded on demand, and only as they were trusted."""

from __future__ import annotations

import os

import pytest

from hocket.api.tools import Effect, Workspace
from hocket.host import PluginHost


def test_without_a_skill_there_is_no_tool(place):
    assert place.tools == []
    place.put(".claude/skills/pdf", trusted=False)
    assert place.tools == []


def test_a_skill_is_listed_and_loaded(place):
    place.put(".claude/skills/pdf", place.text_of("Fills forms.", "Use the form."))
    assert place.listed == ["- pdf: Fills forms."]
    assert place.load("pdf") == "The skill pdf:\n\nUse the form."
    assert place.load(" pdf ") == place.load("pdf")
    assert place.tool.effects == {Effect.READ_PROJECT}
    assert place.tool.shown({"name": "pdf"}) == "Skill(pdf)"
    assert place.tool.shown({"name": 1}) == "Skill()"


def test_skills_come_from_all_places_sorted(place, told):
    for number, folder in enumerate((".hocket/skills", ".claude/skills", ".agents/skills")):
        place.put(f"{folder}/p{3 - number}")
    for number, folder in enumerate(("data/skills", ".claude/skills", ".agents/skills")):
        place.mine(f"{folder}/m{3 - number}")
    names = ["m1", "m2", "m3", "p1", "p2", "p3"]
    assert place.listed == [f"- {name}: Does it." for name in names]
    assert place.tool.description == place.tool.description
    assert told() == []


def test_who_comes_first_keeps_a_name(place):
    place.put(".hocket/skills/pdf", place.text_of("First."))
    place.put(".agents/skills/pdf", place.text_of("Second."))
    place.mine("data/skills/pdf", place.text_of("Third."))
    assert place.listed == ["- pdf: First."]


def test_what_changed_is_left_out_and_what_changes_later_is_not_loaded(place, told):
    place.put(".claude/skills/pdf")
    tool = place.tool
    place.put(".claude/skills/pdf", place.text_of("Does it.", "CANARY"), trusted=False)
    assert "CANARY" not in place.fails(tool, name="pdf")
    assert place.fails(tool, name="pdf").endswith("it changed since it was trusted.")
    assert place.tools == []
    line = "hocket: .claude/skills/pdf/SKILL.md is left out: it changed since it was trusted"
    assert told() == [line]


def test_a_skill_that_is_gone_says_so(place):
    place.mine("data/skills/pdf")
    tool = place.tool
    (place.home / "data/skills/pdf/SKILL.md").unlink()
    assert "it cannot be read" in place.fails(tool, name="pdf")


@pytest.mark.parametrize("arguments", [{}, {"name": 1}, {"name": "pdf", "args": "x"}])
def test_an_input_that_does_not_fit_is_refused(place, arguments):
    place.put(".claude/skills/pdf")
    assert place.fails(**arguments) == "The input is one 'name', a text."


def test_an_unknown_name_is_answered_with_the_nearest(place):
    for name in ("pdf", "docx", "xlsx", "pptx"):
        place.put(f".claude/skills/{name}")
    text = place.fails(name="pdfs\x1b")
    assert text.startswith(r"There is no skill 'pdfs\x1b'; the nearest are pdf, ")


BROKEN = {
    "no front": "Just text.",
    "no description": "---\nname: x\n---\nDo.",
    "description list": "---\ndescription: [a]\n---\nDo.",
    "bytes": b"\xff",
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_skill_is_named_and_the_others_work(place, told, case):
    place.put(".claude/skills/broken", BROKEN[case])
    place.put(".claude/skills/good")
    assert [line.partition(":")[0] for line in place.listed] == ["- good"]
    assert all(".claude/skills/broken/SKILL.md is left out: it " in line for line in told())
    assert told()


def test_a_folder_that_is_no_name_is_left_out(place, told):
    place.put(os.fsdecode(b".claude/skills/a\xe9 \x1b[31m"))
    assert place.tools == []
    assert told()[0].endswith(r"is left out: 'a\udce9 \x1b[31m' is no name for a skill")


def test_workflows_and_skills_for_people_are_left_out_in_silence(place, told):
    place.put(".hocket/skills/flow")
    place.file(".hocket/skills/flow/bundle.toml", 'commands.x = { script = "x.py" }')
    place.put(".hocket/skills/odd")
    place.file(".hocket/skills/odd/bundle.toml", "[[[")
    place.put(".hocket/skills/shim", place.text_of("x", more="metadata: {hocket-commands: x}\n"))
    place.put(".hocket/skills/mine", place.text_of("x", more="disable-model-invocation: true\n"))
    place.put(".hocket/skills/plain", place.text_of("x", more="metadata: {author: me}\n"))
    place.file(".hocket/skills/plain/bundle.toml", 'name = "plain"')
    assert place.listed == ["- plain: x"]
    assert told() == []


def test_its_files_are_named_as_the_file_tools_want_them(place):
    place.put(".claude/skills/pdf")
    for name in ("b.md", "deep/er/c.py", "a.md", ".git/config", "deep/SKILL.md"):
        place.file(f".claude/skills/pdf/{name}")
    assert place.load("pdf").split("\n\n")[-1].splitlines() == [
        "Files that belong to it, in .claude/skills/pdf.",
        "- a.md",
        "- b.md",
        "- deep/SKILL.md",
        "- deep/er/c.py",
    ]


def test_files_in_the_agents_own_tree_go_before_the_projects(place, tmp_path):
    place.put(".claude/skills/pdf")
    place.file(".claude/skills/pdf/a.md")
    tree = tmp_path / "tree"
    (tree / ".claude/skills/pdf").mkdir(parents=True)
    (tree / ".claude/skills/pdf/b.md").touch()
    place.workspace = Workspace(tree, "worktree")
    assert place.load("pdf").endswith("in .claude/skills/pdf.\n- b.md")
    place.workspace = Workspace(tmp_path / "empty", "worktree")
    away = place.project / ".claude/skills/pdf"
    assert place.load("pdf").endswith(f"in {away}. They cannot be read from here.\n- a.md")


def test_files_of_a_persons_skill_are_in_reach_when_it_lies_in_a_root(place):
    place.mine(".agents/skills/pdf")
    folder = place.home / ".agents/skills/pdf"
    (folder / "a.md").touch()
    assert place.load("pdf").endswith(f"in {folder}. They cannot be read from here.\n- a.md")
    place.workspace = Workspace(place.project, roots=(place.home / ".agents/skills",))
    assert place.load("pdf").endswith(f"in {folder}.\n- a.md")


def test_links_are_not_followed_and_odd_names_are_inert(place, tmp_path):
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "CANARY").touch()
    place.put(".claude/skills/pdf")
    (place.project / ".claude/skills/pdf/link").symlink_to(tmp_path / "outside")
    place.file(os.fsdecode(b".claude/skills/pdf/\xe9\n- fake"))
    assert place.load("pdf").endswith("in .claude/skills/pdf.\n" r"- \udce9\n- fake")


def test_very_many_files_are_cut(place):
    place.put(".claude/skills/pdf")
    for number in range(250):
        place.file(f".claude/skills/pdf/{number:03}")
    lines = place.load("pdf").splitlines()
    assert lines[-2:] == ["- 199", "- and more"]


def test_a_long_skill_is_cut_and_says_so(place):
    place.put(".claude/skills/pdf", place.text_of("x", "é" * 40_000))
    assert place.load("pdf").endswith("é\n(Cut here: 14,464 bytes more.)")


def test_a_skills_root_may_be_a_link_inside_the_project(place):
    place.put(".agents/skills/pdf")
    (place.project / ".claude/skills").mkdir(parents=True)
    (place.project / ".claude/skills/pdf").symlink_to("../../.agents/skills/pdf")
    place.trusted[".claude/skills/pdf/SKILL.md"] = place.trusted.pop(".agents/skills/pdf/SKILL.md")
    assert place.load("pdf") == "The skill pdf:\n\nDo it."


def test_nothing_in_a_skill_is_run_or_filled_in(place):
    body = "!`touch canary` and $ARGUMENTS and @AGENTS.md"
    place.put(".claude/skills/pdf", place.text_of("x", body))
    assert place.load("pdf").endswith(body)
    assert not (place.project / "canary").exists()


def test_it_comes_in_by_the_door_of_all_plugins():
    assert "tools.skills" in {plugin.name for plugin in PluginHost.load().plugins()}
