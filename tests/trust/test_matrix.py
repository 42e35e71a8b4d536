"""Every state of a file of every kind: what is said of it, and whether it holds."""

from __future__ import annotations

import pytest

from hocket.config import Trusting
from hocket.trust.candidates import State
from hocket.trust.kinds import Kind
from hocket.trust.store import Trust

PLACES = {
    Kind.SETTINGS: (".hocket/config.toml", "pyproject.toml"),
    Kind.PLUGINS: (".hocket/plugins/paint.py",),
    Kind.SERVERS: (".mcp.json",),
    Kind.WORKFLOWS: (".hocket/workflows/audit.py", ".claude/skills/tour/bundle.toml"),
    Kind.AGENTS: (".hocket/agents/scout.md", ".claude/agents/scout.md"),
    Kind.SKILLS: (".agents/skills/pdf/SKILL.md",),
    Kind.MEMORY: ("AGENTS.md", ".claude/CLAUDE.md"),
}
EACH = [(kind, path) for kind, paths in PLACES.items() for path in paths]
BEFORE, AFTER = b'[tool.hocket]\nmodel = "a"\n', b'[tool.hocket]\nmodel = "b"\n'


class File:
    """A file of a project, and the person in front of it."""

    def __init__(self, folder, path):
        self.trust, self.root, self.path = Trust(folder / "data"), folder / "project", path
        self.file = self.root / path
        self.file.parent.mkdir(parents=True)
        self.outside = folder / "outside"
        self.outside.write_bytes(BEFORE)

    def standing(self, **said):
        return self.trust.standing(self.root, Trusting(**said))

    def seen(self, **said):
        return self.trust.review(self.standing(**said))

    def agree(self):
        self.trust.pin(self.root, self.seen())

    def told(self):
        """Say its kind, its state, and whether it holds as it is now."""
        (one,) = self.seen()
        return one.kind, one.state, self.standing().holds(self.path, one.content)

    def link_out(self):
        self.file.unlink(missing_ok=True)
        self.file.symlink_to(self.outside)


@pytest.fixture(params=EACH, ids=lambda one: one[1])
def one(request, tmp_path):
    kind, path = request.param
    return kind, File(tmp_path, path)


def test_a_file_that_comes_and_goes(one):
    kind, file = one
    assert file.seen() == []
    file.file.write_bytes(BEFORE)
    assert file.told() == (kind, State.NEW, False)
    file.agree()
    assert file.told() == (kind, State.TRUSTED, True)
    file.file.write_bytes(AFTER)
    assert file.told() == (kind, State.CHANGED, False)
    assert file.standing().is_trusted
    assert file.seen()[0].difference() != []
    file.file.unlink()
    assert file.told() == (kind, State.GONE, False)
    file.agree()
    assert file.seen() == []


def test_a_file_that_cannot_be_trusted_never_is(one):
    kind, file = one
    file.link_out()
    assert file.told() == (kind, State.UNFIT, False)
    file.agree()
    assert file.told() == (kind, State.UNFIT, False)


def test_a_trusted_file_that_leads_out_later_is_out(one):
    kind, file = one
    file.file.write_bytes(BEFORE)
    file.agree()
    file.link_out()
    assert file.told() == (kind, State.UNFIT, False)


def test_a_folder_that_is_listed_has_nothing_to_look_at(one):
    kind, file = one
    file.file.write_bytes(BEFORE)
    listed = {"folders": (str(file.root),), "origin": "managed"}
    (seen,) = file.seen(**listed)
    assert (seen.kind, seen.state) == (kind, State.TRUSTED)
    assert file.standing(**listed).pins == {file.path: seen.digest}


def test_where_it_is_forbidden_a_pinned_file_is_new_again(one):
    kind, file = one
    file.file.write_bytes(BEFORE)
    file.agree()
    (seen,) = file.seen(forbidden="owner")
    assert (seen.kind, seen.state) == (kind, State.NEW)


@pytest.mark.parametrize(
    ("content", "states"),
    [
        (b"not = TOML =", [State.UNFIT]),
        (b"\xff", [State.UNFIT]),
        (b"[project]\nname = 'x'\n", []),
        (b"tool = 5\n", []),
    ],
)
def test_a_shared_file_counts_for_its_one_table(tmp_path, content, states):
    file = File(tmp_path, "pyproject.toml")
    file.file.write_bytes(content)
    assert [one.state for one in file.seen()] == states
    file.file.write_bytes(BEFORE)
    file.agree()
    file.file.write_bytes(b"# more\n[project]\nname = 'x'\n" + BEFORE)
    assert file.told() == (Kind.SETTINGS, State.TRUSTED, True)
    file.file.write_bytes(content)
    assert [one.state for one in file.seen()] == (states or [State.GONE])
