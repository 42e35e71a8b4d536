"""Trust in a project's files: pinned to what was shown, and gone with the first change."""

from __future__ import annotations

import json
import os
import stat
from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hocket import paths
from hocket.trust.candidates import MOST_BYTES, Candidate, State
from hocket.trust.kinds import WHERE, Kind
from hocket.trust.standing import Word
from hocket.trust.store import Trust

WORKFLOWS = (
    ".hocket/workflows/audit.py",
    ".hocket/workflows/deep/bundle/rubric.txt",
    ".claude/workflows/old.js",
    ".claude/skills/tour.py",
    ".claude/skills/tour/bundle.toml",
    ".claude/skills/tour/workflow.py",
    ".agents/skills/audit/bundle.toml",
)
RULES = b"# Rules\nUse tabs.\n"


class Home:
    """A person with a project."""

    def __init__(self, folder):
        self.data, self.project = folder / "data" / "hocket", folder / "project"
        self.project.mkdir()

    @property
    def trust(self):
        """Make it anew, as every command does."""
        return Trust(self.data)

    def put(self, name, content=RULES):
        path = self.project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def agree(self):
        self.trust.pin(self.project, self.seen())

    def seen(self, project=None):
        return self.trust.review(self.trust.standing(project or self.project))

    def notes(self):
        """Say what is left out, beside the line on the folder."""
        return self.trust.notes(replace(self.trust.standing(self.project), word=Word.TRUSTED))

    @property
    def states(self):
        return {one.path: one.state.value for one in self.seen()}

    @property
    def pins(self):
        return self.trust.of(self.project)

    def one(self, name="AGENTS.md"):
        return next(one for one in self.seen() if one.path == name)


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path)


def test_a_file_is_new_then_trusted_then_changed_then_gone(home):
    path = home.put("AGENTS.md")
    assert (home.states, home.pins) == ({"AGENTS.md": "new"}, {})
    home.agree()
    assert home.states == {"AGENTS.md": "trusted"}
    assert home.pins == {"AGENTS.md": sha256(RULES).hexdigest()}
    path.write_bytes(b"# Rules\nUse blanks.\n")
    assert home.states == {"AGENTS.md": "changed"}
    assert home.one().difference() == ["@@ -1,2 +1,2 @@", " # Rules", "-Use tabs.", "+Use blanks."]
    path.write_bytes(RULES)
    assert home.states == {"AGENTS.md": "trusted"}
    path.unlink()
    assert home.states == {"AGENTS.md": "gone"}
    home.agree()
    assert (home.states, home.pins) == ({}, {})


def test_everything_that_instructs_agents_is_found_and_nothing_else(home):
    kinds = {glob.replace("*", "one"): kind for kind, globs in WHERE.items() for glob in globs}
    kinds |= dict.fromkeys(WORKFLOWS, Kind.WORKFLOWS)
    for name in kinds:
        home.put(name, b"[tool.hocket]\nmodel = 1\n")
    for name in ("src/AGENTS.md", ".claude/agents/deep/x.md", ".claude/skills/SKILL.md", "x.md"):
        home.put(name)
    assert {one.path: one.kind for one in home.seen()} == kinds
    assert [one.kind for one in home.seen()] == sorted(kinds.values(), key=[*Kind].index)


def test_only_what_was_shown_is_trusted(home):
    path = home.put("AGENTS.md")
    shown = home.seen()
    path.write_bytes(b"Do evil.\n")
    home.put("CLAUDE.md")
    home.trust.pin(home.project, shown)
    assert home.states == {"AGENTS.md": "changed", "CLAUDE.md": "new"}


def test_projects_do_not_know_each_other(home, tmp_path):
    home.put("AGENTS.md")
    home.agree()
    other = tmp_path / "other"
    other.mkdir()
    (other / "AGENTS.md").write_bytes(RULES)
    assert home.trust.of(other) == {}
    home.trust.pin(other, home.seen(other))
    assert home.trust.forget(home.project) == ["the folder", "AGENTS.md"]
    assert (home.pins, home.trust.forget(home.project)) == ({}, [])
    assert home.trust.of(other) == {"AGENTS.md": sha256(RULES).hexdigest()}


def test_a_project_is_the_same_by_every_way_that_leads_to_it(home, tmp_path):
    home.put("AGENTS.md")
    link = tmp_path / "link"
    link.symlink_to(home.project)
    home.trust.pin(link, home.seen(link))
    assert home.states == {"AGENTS.md": "trusted"}


def test_the_store_is_for_its_owner_alone_and_keeps_no_text_that_nobody_trusts(home):
    path = home.put("AGENTS.md")
    home.agree()
    path.write_bytes(b"other\n")
    home.agree()
    files = [one for one in home.data.rglob("*") if one.is_file()]
    assert sorted(one.name for one in files) == [sha256(b"other\n").hexdigest(), "trust.json"]
    assert {stat.S_IMODE(one.stat().st_mode) for one in files} == {0o600}
    assert {stat.S_IMODE(one.stat().st_mode) for one in (home.data, home.data / "trust")} == {0o700}
    home.trust.forget(home.project)
    assert [one.name for one in home.data.rglob("*") if one.is_file()] == ["trust.json"]


@pytest.mark.parametrize(
    "content", [b"", b"[1]", b"{", b"\xff", b"[" * 100_000, b'{"/": []}', b'{"PROJECT": {"a": 1}}']
)
def test_a_damaged_file_trusts_nothing_and_is_replaced(home, content):
    home.data.mkdir(parents=True)
    told = content.replace(b"PROJECT", os.fsencode(home.project))
    (home.data / "trust.json").write_bytes(told)
    home.put("AGENTS.md")
    assert (home.pins, home.states) == ({}, {"AGENTS.md": "new"})
    home.agree()
    assert home.states == {"AGENTS.md": "trusted"}


def test_a_kept_text_that_was_tampered_with_is_not_shown_as_what_was_trusted(home):
    path = home.put("AGENTS.md")
    home.agree()
    (kept,) = (home.data / "trust").iterdir()
    kept.write_bytes(b"never trusted\n")
    path.write_bytes(b"new\n")
    assert (home.one().before, home.one().difference()) == (None, ["@@ -0,0 +1 @@", "+new"])
    kept.unlink()
    assert home.one().before is None


def test_a_link_left_in_the_way_is_not_followed(home, tmp_path):
    target = tmp_path / "target"
    target.write_text("precious")
    home.data.mkdir(parents=True)
    for name in ("trust.json", f"trust.{os.getpid()}.new"):
        (home.data / name).symlink_to(target)
    home.put("AGENTS.md")
    home.agree()
    assert target.read_text() == "precious"
    assert home.states == {"AGENTS.md": "trusted"}


def test_a_link_inside_the_project_is_followed_and_one_that_leaves_it_is_not(home, tmp_path):
    home.put("AGENTS.md")
    (home.project / "CLAUDE.md").symlink_to("AGENTS.md")
    outside = tmp_path / "outside"
    (outside / "agents").mkdir(parents=True)
    (outside / "agents" / "x.md").write_bytes(RULES)
    (outside / "mcp").write_bytes(b"secret")
    (home.project / ".hocket").symlink_to(outside)
    (home.project / ".mcp.json").symlink_to(outside / "mcp")
    home.agree()
    assert home.states == {
        ".hocket/agents/x.md": "unfit",
        ".mcp.json": "unfit",
        "AGENTS.md": "trusted",
        "CLAUDE.md": "trusted",
    }
    assert home.one(".mcp.json").why == "it leads out of the project"
    assert home.one(".mcp.json").content == b""


def test_a_trusted_file_that_becomes_a_link_to_the_outside_is_unfit(home, tmp_path):
    path = home.put("AGENTS.md")
    home.agree()
    path.rename(tmp_path / "AGENTS.md")
    path.symlink_to(tmp_path / "AGENTS.md")
    assert home.states == {"AGENTS.md": "unfit"}
    home.agree()
    assert home.pins == {}


def test_what_is_no_regular_file_or_too_large_is_unfit(home):
    (home.project / "AGENTS.md").mkdir()
    os.mkfifo(home.project / "CLAUDE.md")
    home.put(".mcp.json", b"x" * (MOST_BYTES + 1))
    home.put(".claude/CLAUDE.md", b"x" * MOST_BYTES)
    home.agree()
    assert home.notes() == (
        ".mcp.json is not used: it is larger than 256 KiB",
        "AGENTS.md is not used: it is no regular file",
        "CLAUDE.md is not used: it is no regular file",
    )
    assert [*home.pins] == [".claude/CLAUDE.md"]


def test_what_cannot_be_read_is_unfit(home):
    home.put(".claude/CLAUDE.md")
    home.agree()
    (home.project / ".claude" / "CLAUDE.md").unlink()
    (home.project / ".claude").rmdir()
    home.put(".claude")
    assert home.one(".claude/CLAUDE.md").why == "it cannot be read (Not a directory)"


def test_links_in_a_circle_end(home):
    home.put("AGENTS.md")
    home.agree()
    (home.project / "AGENTS.md").unlink()
    (home.project / "AGENTS.md").symlink_to("CLAUDE.md")
    (home.project / "CLAUDE.md").symlink_to("AGENTS.md")
    assert home.one().state in {State.UNFIT, State.GONE}


def test_odd_names_survive(home):
    odd = os.fsdecode(b".claude/agents/caf\xe9 \n\x1b[31m.md")
    home.put(odd)
    home.agree()
    assert home.states == {odd: "trusted"}
    assert json.loads((home.data / "trust.json").read_text("utf-8"))


def test_a_difference_hides_nothing(home):
    path = home.put("AGENTS.md", b"a\nb")
    assert home.one().difference()[1:] == ["+a", "+b", f"+{MARK}"]
    home.agree()
    path.write_bytes(b"a\nb\n")
    assert home.states == {"AGENTS.md": "changed"}
    assert home.one().difference() == ["@@ -1,3 +1,2 @@", " a", " b", f"-{MARK}"]
    path.write_bytes(b"a\r\nb\xff\x0b\n")
    assert home.one().difference()[1:] == ["-a", "-b", f"-{MARK}", "+a\r", "+b\\xff\x0b"]
    path.write_bytes(b"")
    assert home.one().difference()[1:] == ["-a", "-b", f"-{MARK}"]


MARK = "\\ no newline at the end"


def test_a_very_long_difference_is_everything():
    before, after = b"same\n" * 6_000, b"same\n" * 6_001
    lines = Candidate("AGENTS.md", State.CHANGED, after, before).difference()
    assert lines == ["-same"] * 6_000 + ["+same"] * 6_001


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=60), st.binary(max_size=60))
def test_texts_that_differ_have_a_difference(before, after):
    lines = Candidate("AGENTS.md", State.CHANGED, after, before).difference()
    shown = lambda raw: raw.decode("utf-8", "backslashreplace")  # noqa: E731
    assert bool(lines) == (shown(before) != shown(after))


def test_the_card_says_what_is_left_out(home):
    assert home.notes() == ()
    path = home.put("AGENTS.md")
    note = "AGENTS.md is not used: not trusted yet (hocket trust)"
    assert home.notes() == (note,)
    home.agree()
    assert home.notes() == ()
    path.write_bytes(b"x")
    for number in range(5):
        home.put(f".claude/agents/{number}.md")
    new, changed = home.notes()
    names = ", ".join(f".claude/agents/{number}.md" for number in range(3))
    assert new == f"{names} and 2 more are not used: not trusted yet (hocket trust)"
    assert changed == "AGENTS.md is not used: changed since it was trusted (hocket trust)"
    path.unlink()
    assert len(home.notes()) == 1


def test_where_nothing_can_be_kept_it_raises(home, tmp_path):
    (tmp_path / "file").write_text("")
    home.put("AGENTS.md")
    with pytest.raises(OSError, match="Not a directory"):
        Trust(tmp_path / "file" / "deep").pin(home.project, home.seen())


def test_the_persons_own_folder_is_the_usual_place(hocket_project):
    (hocket_project / "AGENTS.md").write_bytes(RULES)
    Trust().pin(hocket_project, Trust().review(Trust().standing(hocket_project)))
    assert Trust(paths.user_data()).of(hocket_project) == {"AGENTS.md": sha256(RULES).hexdigest()}
