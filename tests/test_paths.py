"""Where things live, seen from folders as people have them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from hocket import paths
from hocket.errors import UsageError


@pytest.fixture
def tree(tmp_path):
    """Make folders and empty files under a root that is no project itself."""

    def make(*names):
        for name in names:
            (tmp_path / name).mkdir(parents=True, exist_ok=True)
        return tmp_path

    return make


def test_the_nearest_hocket_folder_is_the_project(tree):
    root = tree("a/.hocket", "a/b/.hocket", "a/b/c/d")
    assert paths.project_root(root / "a/b/c/d") == root / "a/b"


def test_a_clone_inside_a_project_is_another_one(tree):
    root = tree("a/.hocket", "a/b/c", "a/b/.git")
    assert paths.project_root(root / "a/b/c") == root / "a/b"


def test_a_submodule_belongs_to_the_project_around_it(tree):
    root = tree("a/.hocket", "a/b/c")
    (root / "a/b/.git").write_text("gitdir: ../.git/modules/b")
    assert paths.project_root(root / "a/b/c") == root / "a"


def test_else_the_git_root(tree):
    root = tree("a/.git", "a/b/c")
    assert paths.project_root(root / "a/b/c") == root / "a"


def test_a_worktree_has_a_git_file(tree):
    root = tree("a/b")
    (root / "a/.git").write_text("gitdir: /elsewhere")
    assert paths.project_root(root / "a/b") == root / "a"


def test_else_the_folder_itself(tree):
    root = tree("a/b")
    assert paths.project_root(root / "a/b") == root / "a/b"


def test_a_file_called_hocket_is_no_project(tree):
    root = tree("a/b")
    (root / "a/.hocket").write_text("")
    assert paths.project_root(root / "a/b") == root / "a/b"


def test_runs_are_kept_in_the_project():
    assert paths.runs_dir(Path("/p")) == Path("/p/.hocket/runs")


def test_variables_move_the_persons_folders(tmp_path):
    env = {f"HOCKET_{name}_HOME": str(tmp_path / name) for name in ("CONFIG", "DATA", "CACHE")}
    assert paths.user_config(env) == tmp_path / "CONFIG"
    assert paths.user_data(env) == tmp_path / "DATA"
    assert paths.user_cache(env) == tmp_path / "CACHE"


def test_without_variables_the_platform_decides(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "conf"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert paths.user_config({}) == tmp_path / "conf" / "hocket"
    assert paths.user_data({}) == tmp_path / "data" / "hocket"


def test_no_home_at_all_is_one_clear_line(monkeypatch):
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.setenv("HOME", "nowhere")
    with pytest.raises(UsageError) as caught:
        paths.user_config({})
    assert str(caught.value) == (
        "places: there is no home folder; expected one, or HOCKET_CONFIG_HOME."
    )


def test_no_variable_moves_the_owners_settings(monkeypatch, tmp_path):
    for name in ("HOCKET_CONFIG_HOME", "XDG_CONFIG_DIRS", "HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    assert tmp_path not in paths.managed_config().parents
    assert paths.managed_config().is_absolute()
    if sys.platform == "linux":
        assert paths.managed_config() == Path("/etc/hocket")


def test_workflows_are_found_nearest_first_and_foreign_folders_after(tree):
    root = tree(
        "home/.agents/skills",
        "home/.claude/skills",
        "home/data/workflows",
        "home/p/.hocket/workflows",
        "home/p/.agents/skills",
        "home/p/.claude/workflows",
        "home/p/sub/.hocket/workflows",
        "home/p/sub/deep/.claude/workflows",
        "home/.hocket-is-not-above",
    )
    home = root / "home"
    found = paths.workflow_dirs(home / "p/sub/deep", home, {"HOCKET_DATA_HOME": str(home / "data")})
    # The project is the nearest folder with `.hocket`: what lies above it is not read.
    assert [path.relative_to(home).as_posix() for path in found] == [
        "p/sub/.hocket/workflows",
        "p/sub/deep/.claude/workflows",
        "data/workflows",
        ".agents/skills",
        ".claude/skills",
    ]


def test_workflows_from_the_current_folder_up_to_the_git_root(tree):
    root = tree("p/.git", "p/.claude/workflows", "p/a/.claude/workflows", "p/.claude/skills")
    found = paths.workflow_dirs(root / "p/a", root, {"HOCKET_DATA_HOME": str(root / "data")})
    assert [path.relative_to(root).as_posix() for path in found] == [
        "p/a/.claude/workflows",
        "p/.claude/workflows",
        "p/.claude/skills",
    ]


def test_a_home_that_is_the_project_is_listed_once(tree):
    root = tree(".hocket/workflows", ".claude/skills")
    found = paths.workflow_dirs(root, root, {"HOCKET_DATA_HOME": str(root / "data")})
    assert found == [root / ".hocket/workflows", root / ".claude/skills"]


def test_a_path_is_shown_without_project_and_home(monkeypatch):
    monkeypatch.setenv("HOME", "/home/ann")
    project = Path("/home/ann/work")
    assert paths.shown(project / ".hocket/config.toml", project) == ".hocket/config.toml"
    assert paths.shown(Path("/home/ann/x/y"), project) == "~/x/y"
    assert paths.shown(Path("/etc/hocket"), project) == "/etc/hocket"
