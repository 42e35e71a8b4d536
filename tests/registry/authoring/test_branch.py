"""A registry in a repository: one commit an edit, of the files of the edit and no others."""

from __future__ import annotations

from datetime import timedelta

import pytest
from authors import ME, NOW, edited, index, packed, plain, put, written
from shops import git

from hocket.errors import HocketError, UsageError
from hocket.registry.authoring.grounds import opened
from hocket.registry.authoring.opening import open_registry
from hocket.registry.authoring.publishing import publish
from hocket.registry.authoring.withdrawing import Wish, yank
from hocket.registry.forms import names

LATER = NOW + timedelta(days=1)


@pytest.fixture(autouse=True)
def me(monkeypatch):
    """Let git know who commits, and nothing else of this machine."""
    for name, value in ME.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def root(tmp_path):
    made = open_registry(tmp_path / "shop", "acme", NOW)
    assert made.commit == git(tmp_path / "shop", "rev-parse", "HEAD")
    return tmp_path / "shop"


@pytest.fixture
def bundle(tmp_path):
    return written(tmp_path / "work")


def put_up(folder, root, branch="", now=NOW):
    with opened(root, branch) as ground:
        return publish(packed(folder), ground, now)


def status(root):
    return git(root, "status", "--porcelain")


def test_an_edit_is_one_commit_of_its_own_files(root, bundle):
    put_up(bundle, root)
    assert status(root) == ""
    assert git(root, "log", "--format=%s %an %ad", "--date=iso-strict").splitlines() == [
        "publish second-opinion 0.1.0 Ada 2026-11-21T12:00:00+00:00",
        "registry acme Ada 2026-11-21T12:00:00+00:00",
    ]
    assert git(root, "show", "--format=", "--name-only").splitlines() == [
        "bundles/0.1.0/second-opinion/SKILL.md",
        "bundles/0.1.0/second-opinion/bundle.toml",
        "bundles/0.1.0/second-opinion/rubrics/good-answer.md",
        "bundles/0.1.0/second-opinion/tests/README.md",
        "bundles/0.1.0/second-opinion/workflow.py",
        "packages/second-opinion.toml",
        "registry.toml",
    ]
    with opened(root) as ground:
        yank(Wish("second-opinion", names.version("0.1.0"), "x"), ground, LATER)
    assert status(root) == ""
    assert git(root, "show", "--format=", "--numstat").splitlines() == [
        "1\t0\tpackages/second-opinion.toml",
        "3\t3\tregistry.toml",
    ]


def test_what_a_person_is_working_on_stays_as_it_is(root, bundle):
    put(root / "notes.md", "mine\n")
    edited(root / "README.md", "# acme", "# acme, edited")
    put(root / "staged.md", "staged\n")
    git(root, "add", "staged.md")
    before = status(root)
    put_up(bundle, root)
    assert status(root) == before
    assert "staged.md" not in git(root, "show", "--format=", "--name-only")
    assert (root / "README.md").read_text("utf-8").startswith("# acme, edited")


@pytest.mark.parametrize("staged", [False, True])
def test_uncommitted_edits_of_the_index_refuse(root, bundle, staged):
    edited(root / "registry.toml", "Workflows of acme", "Workflows of Acme")
    if staged:
        git(root, "add", "registry.toml")
    before = status(root)
    with pytest.raises(HocketError, match=r"registry\.toml differs from the last commit") as told:
        put_up(bundle, root)
    assert "Nothing was changed" in told.value.hint
    assert status(root) == before
    assert not (root / "packages").exists()


def test_what_is_staged_and_not_in_the_folder_refuses_too(root, bundle):
    old = (root / "registry.toml").read_bytes()
    edited(root / "registry.toml", "Workflows of acme", "Workflows of Acme")
    git(root, "add", "registry.toml")
    (root / "registry.toml").write_bytes(old)
    with pytest.raises(HocketError, match="differs from the last commit"):
        put_up(bundle, root)


def test_another_branch_is_edited_without_its_files(root, bundle):
    before = git(root, "rev-parse", "HEAD")
    done = put_up(bundle, root, "next")
    assert git(root, "rev-parse", "next") == done.commit
    assert git(root, "rev-parse", "next^", "HEAD", "HEAD").split() == [before] * 3
    assert status(root) == ""
    assert not (root / "packages").exists()
    edited(bundle / "bundle.toml", "0.1.0", "0.2.0")
    again = put_up(bundle, root, "next", LATER)
    assert git(root, "rev-parse", "next^") == done.commit
    git(root, "checkout", "-q", "next")
    assert [str(one.version) for one in index(root).rows("second-opinion")] == ["0.2.0", "0.1.0"]
    assert again.serial == 3


@pytest.mark.parametrize("name", ["..", "-x", "a b", "a..b", "x.lock", "/x", "a~1"])
def test_a_branch_that_git_would_not_take_is_refused(root, bundle, name):
    before = git(root, "for-each-ref")
    with pytest.raises(HocketError):
        put_up(bundle, root, name)
    assert git(root, "for-each-ref") == before


def test_without_a_branch_there_is_nothing_to_commit_on(root, bundle):
    git(root, "checkout", "-q", "--detach")
    with pytest.raises(HocketError, match="no branch is checked out") as told:
        put_up(bundle, root)
    assert "--branch NAME" in told.value.hint
    put_up(bundle, root, "next")


def test_a_registry_in_a_folder_of_a_repository_is_edited_there(tmp_path, bundle):
    outer = tmp_path / "all"
    put(outer / "code.py", "x = 1\n")
    git(outer, "init", "-q")
    git(outer, "add", "-A")
    git(outer, "commit", "-q", "-m", "code")
    made = open_registry(outer / "registry", "acme", NOW)
    assert made.commit == ""
    with pytest.raises(HocketError, match=r"no registry\.toml"):
        put_up(bundle, outer / "registry")
    git(outer, "add", "-A")
    git(outer, "commit", "-q", "-m", "registry")
    put_up(bundle, outer / "registry")
    assert status(outer) == ""
    named = git(outer, "show", "--format=", "--name-only").splitlines()
    assert named[-1] == "registry/registry.toml"
    assert index(outer / "registry").serial == 2
    put_up(bundle, outer / "registry", "next", LATER)


def test_a_hook_of_the_repository_never_runs(root, bundle, tmp_path):
    for name in ("pre-commit", "post-commit", "reference-transaction", "post-index-change"):
        hook = put(root / ".git" / "hooks" / name, f"#!/bin/sh\ntouch {tmp_path}/ran\n")
        hook.chmod(0o755)
    put_up(bundle, root)
    assert not (tmp_path / "ran").exists()


def test_a_variable_leads_to_no_other_repository(root, bundle, tmp_path, monkeypatch):
    git(tmp_path, "init", "-q", "other")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other" / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "elsewhere"))
    done = put_up(bundle, root)
    monkeypatch.delenv("GIT_DIR")
    monkeypatch.delenv("GIT_INDEX_FILE")
    assert git(root, "rev-parse", "HEAD") == done.commit
    assert not (tmp_path / "elsewhere").exists()


def test_nobody_in_particular_cannot_commit_and_the_files_wait_for_it(root, bundle, monkeypatch):
    for name in ME:
        if name.startswith(("GIT_AUTHOR", "GIT_COMMITTER")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(root.parent))
    git(root, "config", "user.useConfigOnly", "true")
    before = git(root, "rev-parse", "HEAD")
    with pytest.raises(HocketError, match="git commit-tree"):
        put_up(bundle, root)
    assert git(root, "rev-parse", "HEAD") == before
    for name, value in ME.items():
        monkeypatch.setenv(name, value)
    # The same again finishes it, with the time that stands in its files.
    done = put_up(bundle, root, now=LATER)
    assert done.row.published == NOW
    assert status(root) == ""


def test_a_branch_needs_a_repository(tmp_path, bundle, monkeypatch):
    root = plain(tmp_path / "plain")
    with pytest.raises(UsageError, match="lies in no git repository"):
        put_up(bundle, root, "next")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert put_up(bundle, root).commit == ""


def test_an_index_that_is_being_written_by_a_person_refuses_too(root, bundle):
    put(root / "registry.toml", "serial = ")
    with pytest.raises(HocketError, match="differs from the last commit"):
        put_up(bundle, root)
    assert (root / "registry.toml").read_text("utf-8") == "serial = "
