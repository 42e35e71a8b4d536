"""`hocket trust`: shown, asked once, pinned, and nothing of it can play tricks on the reader."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

import pytest

from hocket.launch.trust import Trust

ASKED = "[N] no\n"


@pytest.fixture
def put(desk):
    """Give a function that writes a file of the project."""

    def write(name="AGENTS.md", content="Use tabs.\n"):
        path = desk.project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")

    return write


def pins(desk):
    return Trust().of(desk.project)


def digest(text):
    return sha256(text.encode()).hexdigest()


def test_it_is_shown_asked_once_and_pinned(desk, put):
    put()
    put(".claude/agents/scout.md", "---\nname: scout\n---\nLook.\n")
    terminal = desk.sit("trust").see("new      .claude/agents/scout.md").see("+Look.")
    terminal.see("new      AGENTS.md").see("    +Use tabs.").see(ASKED).press("y")
    assert terminal.see("trusted  AGENTS.md").end() == 0
    assert sorted(pins(desk)) == [".claude/agents/scout.md", "AGENTS.md"]
    code, out, err = desk.type("trust")
    assert (code, err) == (0, "")
    assert out == "trusted  .claude/agents/scout.md\ntrusted  AGENTS.md\n"


@pytest.mark.parametrize("key", ["n", "\r", "x", "\x04"])
def test_everything_else_is_a_no(desk, put, key):
    put()
    terminal = desk.sit("trust").see(ASKED).press(key)
    assert terminal.see("not agreed to").see("Nothing is trusted that was not before.").end() == 4
    assert pins(desk) == {}


def test_ctrl_c_trusts_nothing(desk, put):
    put()
    assert desk.sit("trust").see(ASKED).press("\x03").end() == 130
    assert pins(desk) == {}


def test_a_change_is_shown_as_a_difference_and_asked_again(desk, put):
    put(content="Use tabs.\nBe kind.\n")
    desk.type("trust", "--yes")
    put(content="Use blanks.\nBe kind.\n")
    assert desk.type("trust", "--show")[1].splitlines() == [
        "changed  AGENTS.md",
        "    @@ -1,2 +1,2 @@",
        "    -Use tabs.",
        "    +Use blanks.",
        "     Be kind.",
    ]
    assert pins(desk) == {"AGENTS.md": digest("Use tabs.\nBe kind.\n")}
    assert desk.sit("trust").see("-Use tabs.").see(ASKED).press("y").end() == 0
    assert pins(desk) == {"AGENTS.md": digest("Use blanks.\nBe kind.\n")}


def test_a_change_whose_former_text_is_lost_is_shown_whole(desk, put):
    put()
    desk.type("trust", "--yes")
    for text in (Path(os.environ["HOCKET_DATA_HOME"]) / "trust").iterdir():
        text.unlink()
    put(content="Use blanks.\n")
    out = desk.type("trust", "--show")[1]
    assert "(what was trusted is not kept; this is all of it)" in out


def test_with_nobody_there_it_is_refused_and_says_what_to_type(desk, put):
    put()
    code, out, err = desk.type("trust")
    assert (code, out) == (4, "")
    assert err.splitlines() == [
        "hocket: trust: nobody is here to look at the files; expected --yes.",
        "  Look first: hocket trust --show",
        "  Allow it: hocket trust --yes",
        "  Nothing is trusted that was not before.",
    ]
    assert desk.json("trust")[1]["error"]["code"] == "consent"
    assert pins(desk) == {}
    assert desk.type("trust", "--yes") == (0, "trusted  AGENTS.md\n", "")
    assert pins(desk) == {"AGENTS.md": digest("Use tabs.\n")}


def test_show_shows_and_changes_nothing(desk, put):
    assert desk.type("trust", "--show") == (0, "Nothing here would instruct agents.\n", "")
    put()
    assert (
        desk.type("trust", "--show")[1] == "new      AGENTS.md\n    @@ -0,0 +1 @@\n    +Use tabs.\n"
    )
    assert pins(desk) == {}


def test_json_tells_the_same(desk, put):
    put()
    assert desk.json("trust", "--show") == (
        0,
        {
            "schema": 1,
            "command": "trust",
            "project": str(desk.project),
            "files": [
                {
                    "path": "AGENTS.md",
                    "state": "new",
                    "digest": digest("Use tabs.\n"),
                    "difference": ["@@ -0,0 +1 @@", "+Use tabs."],
                }
            ],
        },
    )
    code, told = desk.json("trust", "--yes")
    assert (code, told["files"][0]["state"], told["files"][0]["difference"]) == (0, "trusted", [])


def test_what_is_unfit_is_told_and_never_trusted(desk, put):
    (desk.project / "CLAUDE.md").mkdir()
    assert desk.type("trust") == (0, "unfit    CLAUDE.md  it is no regular file\n", "")
    assert desk.json("trust")[1]["files"] == [
        {"path": "CLAUDE.md", "state": "unfit", "why": "it is no regular file", "difference": []}
    ]
    put()
    assert desk.type("trust", "--yes")[0] == 0
    assert [*pins(desk)] == ["AGENTS.md"]


def test_a_file_that_is_gone_loses_its_pin_without_a_question(desk, put):
    put()
    desk.type("trust", "--yes")
    (desk.project / "AGENTS.md").unlink()
    assert desk.type("trust", "--show")[1] == "gone     AGENTS.md\n"
    assert desk.type("trust") == (0, "Nothing here would instruct agents.\n", "")
    assert pins(desk) == {}


def test_forget_takes_everything_back(desk, put):
    assert desk.type("trust", "--forget") == (0, "Nothing here was trusted.\n", "")
    put()
    desk.type("trust", "--yes")
    assert desk.type("trust", "--forget") == (0, "forgotten  AGENTS.md\n", "")
    assert pins(desk) == {}
    assert desk.json("trust", "--forget")[1]["forgotten"] == []


@pytest.mark.parametrize("options", [("--show", "--yes"), ("--yes", "--forget")])
def test_contradictions_are_refused(desk, put, options):
    put()
    assert desk.type("trust", *options)[0] == 2
    assert pins(desk) == {}


def test_text_and_names_of_files_are_inert(desk, put):
    put(content="a\x1b[2J\u202eevil\u2028\rtrusted  AGENTS.md\n\tb\n")
    put(os.fsdecode(b".claude/agents/\xe9\n\x1b[31m.md"))
    out = desk.type("trust", "--show")[1]
    assert out.splitlines() == [
        r"new      .claude/agents/\udce9\n\x1b[31m.md",
        "    @@ -0,0 +1 @@",
        "    +Use tabs.",
        "new      AGENTS.md",
        "    @@ -0,0 +1,2 @@",
        r"    +a\x1b[2J\u202eevil\u2028\rtrusted  AGENTS.md",
        "    +\tb",
    ]


@pytest.mark.parametrize("option", ["--yes", "--forget"])
def test_where_nothing_can_be_kept_it_says_so(desk, put, option):
    put()
    desk.type("trust", "--yes")
    put(content="Use blanks.\n")
    blocked = Path(os.environ["HOCKET_DATA_HOME"]) / f"trust.{os.getpid()}.new"
    blocked.mkdir()
    code, _, err = desk.type("trust", option)
    assert code == 1
    assert err.startswith("hocket: trust: it could not be kept (Is a directory); expected a data")
    assert pins(desk) == {"AGENTS.md": digest("Use tabs.\n")}


def test_the_project_is_found_from_a_folder_inside(desk, put, monkeypatch):
    put()
    (desk.project / "src").mkdir()
    monkeypatch.chdir(desk.project / "src")
    assert desk.type("trust", "--yes")[1] == "trusted  AGENTS.md\n"
