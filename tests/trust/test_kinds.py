"""What comes with a folder is found where it has a say; links are told, not followed."""

from __future__ import annotations

import pytest

from hocket.trust.kinds import Kind, below, bundle_of, found, in_workflows, kind_of


@pytest.fixture
def put(tmp_path):
    """Give a function that makes empty files of a project."""

    def write(*names):
        for name in names:
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).touch()

    return write


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (".hocket/config.toml", Kind.SETTINGS),
        ("pyproject.toml", Kind.SETTINGS),
        (".hocket/plugins/a.py", Kind.PLUGINS),
        (".mcp.json", Kind.SERVERS),
        (".claude/agents/a.md", Kind.AGENTS),
        (".agents/skills/a/SKILL.md", Kind.SKILLS),
        (".claude/CLAUDE.md", Kind.MEMORY),
        (".hocket/workflows/a.py", Kind.WORKFLOWS),
        (".hocket/workflows/AGENTS.md", Kind.WORKFLOWS),
        (".claude/skills/a/bundle.toml", Kind.WORKFLOWS),
    ],
)
def test_the_place_says_the_kind(path, kind):
    assert kind_of(path) is kind


def test_a_folder_of_skills_is_listed_where_it_can_be_run_from(put, tmp_path):
    put(".claude/skills/README.md", ".claude/skills/LICENSE", ".claude/skills/run.py")
    put(".claude/skills/plain/SKILL.md", ".claude/skills/plain/script.py")
    put(".claude/skills/tour/bundle.toml", ".claude/skills/tour/rubrics/deep.txt")
    assert found(tmp_path) == {
        ".claude/skills/run.py",
        ".claude/skills/plain/SKILL.md",
        ".claude/skills/tour/bundle.toml",
        ".claude/skills/tour/rubrics/deep.txt",
    }


def test_workflows_count_from_where_the_command_was_typed(put, tmp_path):
    put("src/deep/.claude/workflows/a.py", "src/other/.claude/workflows/b.py")
    assert found(tmp_path) == set()
    assert found(tmp_path, tmp_path / "src/deep") == {"src/deep/.claude/workflows/a.py"}


def test_a_linked_folder_is_one_thing_that_nobody_looks_into(put, tmp_path):
    put("elsewhere/a.py", ".hocket/workflows/own.py")
    (tmp_path / ".hocket/workflows/link").symlink_to(tmp_path / "elsewhere")
    (tmp_path / ".hocket/workflows/sub").mkdir()
    (tmp_path / ".hocket/workflows/sub/link").symlink_to(tmp_path / "elsewhere")
    assert found(tmp_path) == {
        ".hocket/workflows/own.py",
        ".hocket/workflows/link",
        ".hocket/workflows/sub/link",
    }
    assert [*below(tmp_path / ".hocket/workflows/own.py")] == [
        tmp_path / ".hocket/workflows/own.py"
    ]


def test_a_file_belongs_to_the_nearest_bundle_around_it(put, tmp_path):
    put(".hocket/workflows/tour/bundle.toml", ".hocket/workflows/tour/deep/x.py")
    assert bundle_of(tmp_path, ".hocket/workflows/tour/deep/x.py") == ".hocket/workflows/tour"
    assert bundle_of(tmp_path, ".hocket/workflows/tour.py") is None


@pytest.mark.parametrize(
    ("path", "is_one"),
    [
        (".hocket/workflows/a.py", True),
        ("src/.claude/workflows/deep/a.py", True),
        (".agents/skills/tour/workflow.py", True),
        ("workflows/a.py", False),
        ("wf.py", False),
        (".hocket/plugins/a.py", False),
    ],
)
def test_folders_from_which_names_are_taken(path, is_one):
    assert in_workflows(path) is is_one
