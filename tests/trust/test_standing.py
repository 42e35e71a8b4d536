"""How a folder stands: each word, who it came from, and what holds under it."""

from __future__ import annotations

import os

import pytest

from hocket.config import Trusting
from hocket.testing import run_script
from hocket.testing.running import Stage
from hocket.trust.candidates import State
from hocket.trust.standing import DAMAGED, UNTRUSTED, Word
from hocket.trust.store import Trust

TEXT = b"Use tabs.\n"


class Home:
    """A person with a project that came from somewhere."""

    def __init__(self, folder):
        self.project, self.trust = folder / "project", Trust(folder / "data")
        self.project.mkdir()
        self.file = self.project / "AGENTS.md"
        self.file.write_bytes(TEXT)

    def standing(self, **said):
        return self.trust.standing(self.project, Trusting(**said))

    def agree(self):
        self.trust.pin(self.project, self.trust.review(self.standing()))


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path)


def test_what_nobody_trusted_is_untrusted_and_nothing_of_it_holds(home):
    standing = home.standing()
    assert (standing.word, standing.pins) == (Word.UNTRUSTED, {})
    assert not standing.holds("AGENTS.md", TEXT)
    assert (standing.is_trusted, standing.can_be_trusted) == (False, True)
    assert standing.notes() == (UNTRUSTED,)


def test_after_a_yes_folder_and_files_hold_and_a_change_puts_out_one_file(home):
    home.agree()
    standing = home.standing()
    assert (standing.word, standing.notes()) == (Word.TRUSTED, ())
    assert (standing.is_trusted, standing.can_be_trusted) == (True, False)
    assert standing.holds("AGENTS.md", TEXT)
    assert not standing.holds("AGENTS.md", b"evil")
    assert not standing.holds("CLAUDE.md", TEXT)
    home.file.write_bytes(b"evil")
    assert home.standing().is_trusted


def test_a_folder_without_any_such_file_is_trusted_all_the_same(home):
    home.file.unlink()
    home.agree()
    assert home.standing().is_trusted
    assert home.trust.forget(home.project) == ["the folder"]
    assert home.standing().word is Word.UNTRUSTED


def test_a_listed_folder_holds_as_it_is_and_is_not_pinned(home):
    listed = home.standing(folders=(str(home.project),), origin="HOCKET_TRUSTED_FOLDERS")
    assert (listed.word, listed.why) == (Word.LISTED, "HOCKET_TRUSTED_FOLDERS")
    assert (listed.is_trusted, listed.can_be_trusted, listed.notes()) == (True, False, ())
    assert listed.holds("AGENTS.md", b"whatever")
    (seen,) = home.trust.review(listed)
    assert (seen.state, seen.difference()) == (State.TRUSTED, [])
    assert home.trust.of(home.project) == {}


def test_where_it_is_forbidden_a_former_yes_is_worth_nothing(home):
    home.agree()
    forbidden = home.standing(forbidden="/etc/hocket/config.toml")
    assert (forbidden.word, forbidden.pins) == (Word.FORBIDDEN, {})
    assert (forbidden.is_trusted, forbidden.can_be_trusted) == (False, False)
    assert not forbidden.holds("AGENTS.md", TEXT)
    (note,) = forbidden.notes()
    assert note.startswith("this folder is not trusted: what agents read here")
    assert note.endswith("/etc/hocket/config.toml forbids to trust it")
    assert home.standing(folders=(str(home.project),), forbidden="owner").is_trusted


def test_another_folder_in_the_same_place_is_not_trusted_though_equal_files_are(home, tmp_path):
    home.agree()
    home.project.rename(tmp_path / "old")
    home.project.mkdir()
    home.file.write_bytes(TEXT)
    standing = home.standing()
    assert (standing.word, standing.is_trusted) == (Word.REPLACED, False)
    assert standing.holds("AGENTS.md", TEXT)
    assert standing.notes() == (f"another folder was trusted in this place; {UNTRUSTED}",)
    home.agree()
    assert home.standing().is_trusted


def test_files_of_the_older_form_are_trusted_and_their_folder_is_not(home):
    home.agree()
    (digest,) = home.trust.of(home.project).values()
    file = home.project.parent / "data" / "trust.json"
    file.write_text(f'{{"{os.path.realpath(home.project)}": {{"AGENTS.md": "{digest}"}}}}')
    standing = home.standing()
    assert (standing.word, standing.holds("AGENTS.md", TEXT)) == (Word.UNTRUSTED, True)


def test_a_damaged_file_trusts_nothing_and_is_said(home):
    home.agree()
    (home.project.parent / "data" / "trust.json").write_text("{")
    standing = home.standing()
    assert (standing.word, standing.damaged, standing.pins) == (Word.UNTRUSTED, True, {})
    assert standing.notes() == (DAMAGED, UNTRUSTED)
    home.agree()
    assert (home.standing().word, home.standing().damaged) == (Word.TRUSTED, False)


def test_a_project_inside_a_trusted_one_is_another(home):
    home.agree()
    inner = home.project / "vendor" / "inner"
    (inner / ".hocket").mkdir(parents=True)
    assert home.trust.standing(inner).word is Word.UNTRUSTED


def test_a_link_to_a_project_is_that_project(home, tmp_path):
    home.agree()
    (tmp_path / "link").symlink_to(home.project)
    assert home.trust.standing(tmp_path / "link").is_trusted


SCRIPT = """
from hocket.script import agent
meta = {"name": "one", "description": "One agent."}
async def main():
    return await agent("Look.")
"""


def test_a_script_in_a_test_has_a_trusted_folder_unless_it_says_otherwise(hocket_project):
    (hocket_project / ".hocket" / "config.toml").write_text('model = "a"\nmax_agents = 3\n')
    trusted = run_script(SCRIPT, project=hocket_project)
    assert (trusted.card.notes, trusted.card.agents) == ((), 3)
    untrusted = run_script(SCRIPT, project=hocket_project, stage=Stage(trusted=False))
    assert (untrusted.status, untrusted.card.agents) == ("completed", 3)
    note, folder = untrusted.card.notes
    assert note.endswith("(hocket trust): only what tightens holds of it: max_agents")
    assert folder == UNTRUSTED
