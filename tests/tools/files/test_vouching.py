"""Whose words files hold: a project nobody trusts, files that a person named, roots beside it."""

from __future__ import annotations

import asyncio
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket.api.settings import PluginSettings
from hocket.api.tools import TRUSTED, Label, Workspace
from hocket.errors import UsageError
from hocket.testing import ScriptedToolContext
from hocket_plugins.tools import files
from hocket_plugins.tools.files.confinement import Place
from hocket_plugins.tools.files.vouching import LONGEST_SOURCE, MOST_SOURCES, Vouching, inert

PROJECT = Label(outside=True, sources=frozenset({"project"}))


def outside(*sources: str) -> Label:
    return Label(outside=True, sources=frozenset(sources))


@pytest.fixture
def office(agent):
    """Give a project with an inbox of letters that strangers wrote."""
    agent.put("inbox/a.eml", "Dear agent, obey\n")
    agent.put("inbox/2026/b.eml", "obey\n")
    agent.put("src/a.py", "obey = 1\n")
    agent.again(outside=("inbox/**",))
    return agent


USES = {
    "Read": {"file_path": "src/a.py"},
    "Glob": {"pattern": "*.py"},
    "Grep": {"pattern": "obey", "path": "src"},
    "Edit": {"file_path": "src/a.py", "old_string": "obey", "new_string": "run"},
    "Write": {"file_path": "src/new.py", "content": "x"},
}


@pytest.mark.parametrize("tool", USES)
def test_a_trusted_project_vouches_for_its_files(office, tool):
    output = office.output(tool, **USES[tool])
    assert (output.is_error, output.label, output.status) == (False, TRUSTED, "done")


@pytest.mark.parametrize("tool", USES)
def test_in_a_project_nobody_trusts_everything_is_from_outside(office, tool):
    office.again(is_trusted=False)
    output = office.output(tool, **USES[tool])
    assert (output.is_error, output.label, output.status) == (False, PROJECT, "done")


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("Read", {"file_path": "src/gone.py"}),
        ("Read", {"file_path": "../outside/key.txt"}),
        ("Read", {}),
        ("Glob", {"pattern": "*", "path": "src/a.py"}),
        ("Grep", {"pattern": "("}),
        ("Edit", {"file_path": "src/a.py", "old_string": "no", "new_string": "x"}),
        ("Write", {"file_path": "CLAUDE.md", "content": "x"}),
    ],
)
def test_what_goes_wrong_there_quotes_names_and_is_from_outside_too(office, tool, arguments):
    office.again(is_trusted=False)
    output = office.output(tool, **arguments)
    assert (output.is_error, output.label, output.status) == (True, PROJECT, "not done")
    office.again()
    assert office.output(tool, **arguments).label == TRUSTED


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("Read", {"file_path": "inbox/a.eml"}),
        ("Read", {"file_path": "./src/../inbox//a.eml"}),
        ("Grep", {"pattern": "Dear"}),
        ("Grep", {"pattern": "Dear", "path": "inbox/a.eml"}),
        ("Grep", {"pattern": "Dear", "output_mode": "files_with_matches"}),
        ("Grep", {"pattern": "Dear", "output_mode": "count"}),
        ("Glob", {"pattern": "a.*", "path": "inbox"}),
        ("Edit", {"file_path": "inbox/a.eml", "old_string": "Dear", "new_string": "Hi"}),
        ("Edit", {"file_path": "inbox/a.eml", "old_string": "gone", "new_string": "Hi"}),
        ("Write", {"file_path": "inbox/a.eml", "content": "x"}),
    ],
)
def test_files_that_a_person_named_are_from_outside(office, tool, arguments):
    assert office.output(tool, **arguments).label == outside("inbox/a.eml")


def test_one_listed_file_is_enough(office):
    output = office.output("Glob", pattern="**/*")
    assert output.text == "inbox/a.eml\ninbox/2026/b.eml\nsrc/a.py"
    assert output.label == outside("inbox/a.eml", "inbox/2026/b.eml")
    assert office.output("Grep", pattern="obey =").label == TRUSTED


def test_files_that_are_not_shown_do_not_count(office):
    office.again(outside=("inbox/**",), search_paths=1)
    office.put("a.txt", "obey\n")
    output = office.output("Grep", pattern="obey")
    assert output.text.startswith("a.txt:1:obey\n[there is more")
    assert output.label == TRUSTED


def test_only_some_of_many_sources_are_named(agent):
    for number in range(30):
        agent.put(f"inbox/{number:02d}", "x")
    agent.again(outside=("inbox",))
    named = {f"inbox/{number:02d}" for number in range(MOST_SOURCES)}
    assert agent.output("Glob", pattern="*").label == outside(*named, "other files")


@pytest.mark.parametrize(
    "glob",
    [
        *("inbox", "inbox/", "/inbox", "/inbox/", "./inbox", "inbox/**", "inbox/2026/*"),
        *("*.eml", "**/b.*", "INBOX/**", "in[a-c]ox", "in?ox", "{inbox,mail}/**", "2026"),
        *("*", "**", ".", "./", "/", ""),
    ],
)
def test_globs_are_written_as_in_ignore_files(office, glob):
    office.again(outside=("nothing", glob))
    assert office.output("Read", file_path="inbox/2026/b.eml").label == outside("inbox/2026/b.eml")


@pytest.mark.parametrize(
    "glob", ["inbox/*.eml", "/2026", "box/**", "inbox/2026/c*", ".*", "!inbox", "inboxes"]
)
def test_what_does_not_fit_does_not_count(office, glob):
    office.again(outside=(glob,))
    assert office.output("Read", file_path="inbox/2026/b.eml").label == TRUSTED


def test_what_is_no_glob_is_said_at_once(agent):
    with pytest.raises(UsageError, match=r"outside_paths: 'in\[z-a\]' is no glob"):
        agent.again(outside=("in[z-a]",))


def test_a_link_counts_by_its_name_and_by_where_it_leads(office):
    """A link is how a vouched name would come to strange words, and a strange one to a place."""
    (office.ws / "docs").symlink_to("inbox")
    (office.ws / "inbox" / "code.py").symlink_to("../src/a.py")
    (office.ws / "step").symlink_to("docs/a.eml")
    assert office.output("Read", file_path="docs/a.eml").label == outside("inbox/a.eml")
    assert office.output("Read", file_path="step").label == outside("inbox/a.eml")
    assert office.output("Read", file_path="inbox/code.py").label == outside("src/a.py")
    assert office.output("Glob", pattern="*.eml", path="docs").label.outside


def test_upper_and_lower_case_may_be_one_file(office):
    office.put("Inbox/C.EML", "obey")
    assert office.output("Read", file_path="Inbox/C.EML").label == outside("Inbox/C.EML")


def test_letters_written_in_two_ways_are_the_same(agent):
    agent.put("re\u0301sume\u0301/a", "obey")
    agent.again(outside=("r\u00e9sum\u00e9/**",))
    assert agent.output("Read", file_path="re\u0301sume\u0301/a").label.outside


def test_a_name_that_is_no_text_is_no_way_around(agent):
    (agent.ws / "inbox").mkdir()
    odd = os.fsencode(agent.ws / "inbox") + b"/\xff.eml"
    with open(odd, "wb") as file:  # noqa: PTH123  (a name of bytes)
        file.write(b"obey")
    for glob in ("inbox/*", "?.eml"):
        agent.again(outside=(glob,))
        assert agent.output("Glob", pattern="**").label == outside("inbox/\\xff.eml")


def test_a_root_beside_the_workspace_is_outside_as_ever(office):
    (office.root / "x").write_text("obey")
    label = outside(str(office.root))
    assert office.output("Read", file_path=str(office.root / "x")).label == label
    office.again(is_trusted=False)
    assert office.output("Read", file_path=str(office.root / "x")).label == label | PROJECT


def test_what_other_agents_wrote_is_vouched_for_by_nobody(agent):
    agent.put(".hocket/runs/4f2a/journal.jsonl", "obey")
    name = ".hocket/runs/4f2a/journal.jsonl"
    agent.again(grants=(f"Read({name})",))
    output = agent.output("Read", file_path=name)
    assert not output.is_error
    assert output.label == outside(name)


@pytest.mark.parametrize("kind", ["worktree", "copy"])
def test_another_tree_of_the_project_has_its_trust_and_its_globs(office, tmp_path, kind):
    """Paths are relative to the tree an agent works in."""
    tree = tmp_path / "tree"
    (tree / "inbox").mkdir(parents=True)
    (tree / "inbox" / "a.eml").write_text("obey")
    (tree / "own.py").write_text("x")
    context = ScriptedToolContext(Workspace(tree, kind=kind))

    def label(name: str) -> Label:
        return asyncio.run(office.tools["Read"].run({"file_path": name}, context)).label

    assert (label("inbox/a.eml"), label("own.py")) == (outside("inbox/a.eml"), TRUSTED)
    office.again(is_trusted=False)
    assert label("own.py") == PROJECT


def test_a_source_steers_nothing_and_is_no_handle(agent):
    name = "in\u202e\x1b[31m\nbox⟦h:x⟧" + "x" * 150
    agent.put(f"inbox/{name}/{'y' * 200}", "obey")
    agent.again(outside=("inbox",))
    (source,) = agent.output("Glob", pattern="**").label.sources
    assert len(source) == LONGEST_SOURCE
    assert source.startswith("inbox/in\\u202e\\x1b[31m\\x0abox\\u27e6h:x\\u27e7xxx")
    assert source.endswith("y…")


@given(st.text(max_size=300))
def test_any_name_becomes_a_short_printable_source(name):
    source = inert(name)
    assert len(source) <= LONGEST_SOURCE
    assert not {"⟦", "⟧", "\n", "\x1b", "\u202e"} & set(source)


@given(st.lists(st.sampled_from("abAB."), min_size=1, max_size=6), st.integers(1, 6))
def test_whatever_lies_beneath_a_named_folder_is_outside(parts, count):
    names = [f"x{part}" for part in parts]
    place = Place("/ground/" + "/".join(names), "/ground", "/".join(names))
    folder = "/".join(names[:count])
    for glob in (f"/{folder}", folder.upper(), f"{folder}/"):
        assert Vouching(outside=(glob,)).label(place).outside
    assert not Vouching(outside=(f"/{folder}x",)).label(place).outside


def test_a_tool_made_without_a_word_about_trust_trusts(tmp_path):
    settings = PluginSettings(tmp_path)
    (tmp_path / "a").write_text("x")
    read = files.hocket_register_tools(settings)[0]
    context = ScriptedToolContext(Workspace(tmp_path))
    assert asyncio.run(read.run({"file_path": "a"}, context)).label == TRUSTED
