"""`hocket trust`: shown, asked once, pinned, and nothing of it can play tricks on the reader."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

import pytest

from hocket.trust.store import Trust

ASKED = "[N] no\n"
TRUSTED = "This folder is trusted.\n"
UNTRUSTED = "This folder is not trusted.\n"


@pytest.fixture(autouse=True)
def _nothing_is_listed(monkeypatch):
    monkeypatch.delenv("HOCKET_TRUSTED_FOLDERS")


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
    terminal = desk.sit("trust").see("new      .claude/agents/scout.md").see("+Look.").see("memory")
    terminal.see("new      AGENTS.md").see("      +Use tabs.").see(ASKED).press("y")
    assert terminal.see("trusted  AGENTS.md").end() == 0
    assert sorted(pins(desk)) == [".claude/agents/scout.md", "AGENTS.md"]
    code, out, err = desk.type("trust")
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "This folder is trusted.",
        "agents",
        "  trusted  .claude/agents/scout.md",
        "memory",
        "  trusted  AGENTS.md",
    ]


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
        "This folder is trusted.",
        "memory",
        "  changed  AGENTS.md",
        "      @@ -1,2 +1,2 @@",
        "      -Use tabs.",
        "      +Use blanks.",
        "       Be kind.",
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
    assert desk.type("trust", "--yes") == (0, f"{TRUSTED}memory\n  trusted  AGENTS.md\n", "")
    assert pins(desk) == {"AGENTS.md": digest("Use tabs.\n")}


def test_show_shows_and_changes_nothing(desk, put):
    assert desk.type("trust", "--show") == (0, UNTRUSTED, "")
    put()
    told = f"{UNTRUSTED}memory\n  new      AGENTS.md\n      @@ -0,0 +1 @@\n      +Use tabs.\n"
    assert desk.type("trust", "--show")[1] == told
    assert pins(desk) == {}


def test_json_tells_the_same(desk, put):
    put()
    assert desk.json("trust", "--show") == (
        0,
        {
            "schema": 1,
            "command": "trust",
            "project": str(desk.project),
            "folder": "untrusted",
            "files": [
                {
                    "path": "AGENTS.md",
                    "kind": "memory",
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
    told = f"{TRUSTED}memory\n  unfit    CLAUDE.md  it is no regular file\n"
    assert desk.type("trust", "--yes") == (0, told, "")
    assert desk.type("trust") == (0, told, "")
    (unfit,) = desk.json("trust")[1]["files"]
    assert (unfit["state"], unfit["why"]) == ("unfit", "it is no regular file")
    assert "digest" not in unfit
    put()
    assert desk.type("trust", "--yes")[0] == 0
    assert [*pins(desk)] == ["AGENTS.md"]


def test_a_file_that_is_gone_loses_its_pin_without_a_question(desk, put):
    put()
    desk.type("trust", "--yes")
    (desk.project / "AGENTS.md").unlink()
    assert desk.type("trust", "--show")[1] == f"{TRUSTED}memory\n  gone     AGENTS.md\n"
    assert desk.type("trust") == (0, TRUSTED, "")
    assert pins(desk) == {}


def test_forget_takes_everything_back(desk, put):
    assert desk.type("trust", "--forget") == (0, "Nothing here was trusted.\n", "")
    put()
    desk.type("trust", "--yes")
    told = "forgotten  the folder\nforgotten  AGENTS.md\n"
    assert desk.type("trust", "--forget") == (0, told, "")
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
        "This folder is not trusted.",
        "agents",
        r"  new      .claude/agents/\udce9\n\x1b[31m.md",
        "      @@ -0,0 +1 @@",
        "      +Use tabs.",
        "memory",
        "  new      AGENTS.md",
        "      @@ -0,0 +1,2 @@",
        r"      +a\x1b[2J\u202eevil\u2028\rtrusted  AGENTS.md",
        "      +\tb",
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
    assert desk.type("trust", "--yes")[1] == f"{TRUSTED}memory\n  trusted  AGENTS.md\n"


PLACES = (
    ".hocket/config.toml",
    "pyproject.toml",
    ".hocket/plugins/paint.py",
    ".mcp.json",
    ".hocket/workflows/audit.py",
    ".claude/agents/scout.md",
    ".claude/skills/pdf/SKILL.md",
    "CLAUDE.md",
)


@pytest.mark.parametrize("name", PLACES)
def test_unattended_each_state_of_each_kind_is_agreed_to_only_where_it_was_typed(desk, put, name):
    def told():
        return [(one["path"], one["state"]) for one in desk.json("trust", "--show")[1]["files"]]

    put(name, '[tool.hocket]\nmodel = "a"\n')
    assert (desk.type("trust")[0], told()) == (4, [(name, "new")])
    assert (desk.type("trust", "--yes")[0], told()) == (0, [(name, "trusted")])
    assert desk.type("trust")[0] == 0
    put(name, '[tool.hocket]\nmodel = "b"\n')
    assert (desk.type("trust")[0], told()) == (4, [(name, "changed")])
    assert (desk.type("trust", "--yes")[0], told()) == (0, [(name, "trusted")])
    (desk.project / name).unlink()
    assert told() == [(name, "gone")]
    assert (desk.type("trust")[0], told()) == (0, [])
    (desk.project / name).symlink_to(desk.project.parent / "outside")
    (desk.project.parent / "outside").write_text("x")
    assert (desk.type("trust")[0], told()) == (0, [(name, "unfit")])


def test_on_a_terminal_all_kinds_are_shown_in_their_order_and_one_key_is_for_all(desk, put):
    for name in PLACES:
        put(name, '[tool.hocket]\nmodel = "a"\n')
    terminal = desk.sit("trust").see("This folder is not trusted.")
    for kind in ("settings", "plugins", "servers", "workflows", "agents", "skills", "memory"):
        terminal.see(f"\n{kind}\n").see("  new      ")
    assert terminal.see(ASKED).press("y").see(TRUSTED).end() == 0
    assert sorted(pins(desk)) == sorted(PLACES)


def test_where_nobody_may_trust_even_yes_is_refused(desk, put, monkeypatch):
    put()
    desk.type("trust", "--yes")
    monkeypatch.setenv("HOCKET_TRUST", "never")
    code, _, err = desk.type("trust", "--yes")
    assert code == 4
    first, last = err.splitlines()
    assert first.startswith("hocket: trust: HOCKET_TRUST says that nobody trusts a folder here;")
    assert last == "  Nothing is trusted that was not before."
    monkeypatch.delenv("HOCKET_TRUST")
    assert desk.type("trust", "--show")[1] == f"{TRUSTED}memory\n  trusted  AGENTS.md\n"


def test_settings_that_try_to_draw_are_shown_inert_and_as_what_they_say(desk, put):
    put("pyproject.toml", '[tool.hocket.checks]\n"a\\u001b[2J" = "x\\u202e\\n  trusted  y"\n')
    assert desk.type("trust", "--show")[1].splitlines() == [
        "This folder is not trusted.",
        "settings",
        "  new      pyproject.toml",
        "      @@ -0,0 +1 @@",
        r'      +tool.hocket.checks."a\u001b[2J" = "x\u202e\n  trusted  y"',
    ]
