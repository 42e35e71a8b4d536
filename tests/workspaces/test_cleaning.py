"""What dead runs left is brought home; what belongs to the living, or to a person, stays."""

from __future__ import annotations

import asyncio
import json
import os
import shutil

import pytest

from hocket.errors import StorageFull


def left_by(person, run_id="run1", agent=None, *, project=None, **options):
    """Let a process die while its agent worked."""

    async def story():
        opening = person.workspaces(run_id, project).open(person.call(), **options)
        async with opening as workspace:
            (agent or person.change)(workspace.path)
            os._exit(9)

    pid = os.fork()
    if pid == 0:
        try:
            asyncio.run(story())
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 9
    (folder,) = person.cache.glob(f"worktrees/*/{run_id}/*")
    return folder


def clean(person, run_id="next", project=None):
    return asyncio.run(person.workspaces(run_id, project).clean())


def test_a_project_without_any_has_nothing_to_clean(person):
    assert clean(person) == []
    assert not person.cache.exists()


def test_a_dead_runs_tree_becomes_a_patch_and_a_branch(person):
    left_by(person)
    assert b"hocket run1 " in person.git("worktree", "list", "--porcelain")
    (cleaned,) = clean(person)
    assert (cleaned.run_id, cleaned.name) == ("run1", "7-fix-the-tests")
    assert (cleaned.changes.files, cleaned.trouble) == (11, None)
    assert cleaned.changes.patch in person.kept
    assert person.git("show", f"{cleaned.changes.branch}:app.py") == b"one\n2\nthree\n"
    assert (person.left(), clean(person)) == ([], [])


def test_a_tree_without_changes_just_goes(person):
    left_by(person, agent=person.files)
    (cleaned,) = clean(person)
    assert (cleaned.changes, cleaned.trouble) == (None, None)
    assert (person.left(), person.branches()) == ([], ["feature", "main"])


def test_a_living_runs_tree_stays(person):
    folder = left_by(person, "alive")
    left_by(person, "dead")
    person.alive.add("alive")
    assert [one.run_id for one in clean(person)] == ["dead"]
    assert folder.is_dir()


def test_a_run_that_is_resumed_cleans_its_earlier_life_and_not_its_open_trees(person):
    left_by(person)
    person.alive.add("run1")

    async def story():
        workspaces = person.workspaces("run1")
        async with workspaces.open(person.call()) as workspace:
            cleaned = await workspaces.clean()
            return cleaned, workspace.branch, workspace.path.is_dir()

    (cleaned,), branch, is_there = asyncio.run(story())
    assert cleaned.changes.branch == "hocket/run1/7-fix-the-tests"
    assert (branch, is_there) == ("hocket/run1/7-fix-the-tests-2", True)
    assert person.left() == []


def test_a_persons_own_worktrees_are_never_touched(person, tmp_path):
    person.git("worktree", "add", "-q", str(tmp_path / "mine"), "main")
    person.git("worktree", "lock", "--reason", "hocket run1 elsewhere", str(tmp_path / "mine"))
    person.git("worktree", "add", "-qb", "away", str(tmp_path / "away"), "main")
    shutil.rmtree(tmp_path / "away")
    left_by(person)
    assert len(clean(person)) == 1
    assert len(person.worktrees()) == 3
    assert (tmp_path / "mine" / "app.py").exists()


@pytest.mark.parametrize("reason", ["I want to keep this", "hocket other host", None])
def test_a_tree_whose_lock_a_person_changed_is_theirs(person, reason):
    folder = left_by(person)
    (tree,) = folder.glob("tree/*")
    person.git("worktree", "unlock", str(tree))
    if reason:
        person.git("worktree", "lock", "--reason", reason, str(tree))
    assert clean(person) == []
    assert (tree / "new" / "deep" / "file.txt").exists()


def test_a_tree_that_its_repository_forgot_is_brought_home_all_the_same(person):
    left_by(person)
    shutil.rmtree(person.project / ".git" / "worktrees")
    (cleaned,) = clean(person)
    assert cleaned.changes.files == 11
    assert person.left() == []


def test_a_tree_somebody_deleted_is_told_about(person):
    folder = left_by(person)
    (tree,) = folder.glob("tree/*")
    shutil.rmtree(tree)
    (cleaned,) = clean(person)
    assert cleaned.trouble == f"somebody deleted its tree {tree}."
    assert (cleaned.changes, person.left(), clean(person)) == (None, [], [])


def test_something_else_in_its_place_is_told_about_and_stays(person):
    folder = left_by(person)
    (tree,) = folder.glob("tree/*")
    shutil.rmtree(tree)
    tree.write_text("x")
    (cleaned,) = clean(person)
    assert "is gone, or something else is in its place" in cleaned.trouble
    assert tree.read_text() == "x"


def test_a_run_that_cannot_keep_anything_is_no_trouble_of_one_tree(person):
    def keep(patch):
        raise StorageFull("run", found="the disk is full")

    folder = left_by(person)
    with pytest.raises(StorageFull):
        asyncio.run(person.workspaces("next", keep=keep).clean())
    assert len(list(folder.glob("tree/*/new"))) == 1
    assert len(clean(person)) == 1


def test_a_base_that_is_no_more_is_told_about_and_the_tree_stays(person):
    folder = left_by(person)
    shutil.rmtree(person.project / ".git")
    person.git("init", "-q")
    (cleaned,) = clean(person)
    assert cleaned.trouble.startswith("git ")
    assert len(list(folder.glob("tree/*/new"))) == 1


def test_a_project_that_is_no_repository_any_more_keeps_its_trees(person):
    folder = left_by(person)
    shutil.rmtree(person.project / ".git")
    assert clean(person) == []
    assert folder.is_dir()


FORGED = [
    {"kind": "worktree", "name": "../../../../precious", "title": ""},
    {"kind": "worktree", "name": "..", "title": ""},
    {"kind": "worktree", "name": "x", "title": "", "branch": "main"},
    {"kind": "worktree", "name": "x", "title": "", "base": "--output=/x"},
    {"kind": "worktree", "name": "x", "title": 7},
    {"kind": "worktree", "name": "x", "title": "", "more": "x"},
    {"kind": "worktree"},
    ["x"],
    7,
]


@pytest.mark.parametrize("forged", FORGED)
def test_a_record_that_hocket_did_not_write_leads_nowhere(person, forged):
    folder = left_by(person)
    (folder / "record").write_text(json.dumps(forged))
    (cleaned,) = clean(person)
    assert cleaned.trouble.endswith("its record cannot be read.")
    assert len(person.worktrees()) == 2


def test_a_folder_without_a_record_was_never_used(person):
    folder = left_by(person)
    person.git("worktree", "remove", "-f", "-f", str(next(folder.glob("tree/*"))))
    (folder / "record").unlink()
    assert clean(person) == []
    assert not folder.exists()


def test_runs_of_another_project_in_the_same_repository_are_not_ours_to_judge(person):
    folder = left_by(
        person, agent=lambda path: (path / "x").write_text("x"), project=person.project / "docs"
    )
    assert clean(person) == []
    assert folder.is_dir()
    (cleaned,) = clean(person, project=person.project / "docs")
    assert cleaned.changes.files == 1


def test_two_that_clean_at_once_do_it_once(person):
    for number in range(3):
        left_by(person, f"run{number}")

    async def story():
        cleaned = []

        async def one(name):
            cleaned.extend(await person.workspaces(name).clean())

        async with asyncio.TaskGroup() as group:
            group.create_task(one("a"))
            group.create_task(one("b"))
        return cleaned

    assert sorted(one.run_id for one in asyncio.run(story())) == ["run0", "run1", "run2"]
    assert person.left() == []


def test_a_tree_that_cannot_be_deleted_now_is_deleted_by_the_next(person):
    """Its changes are kept once: what is rubbish is not looked into again."""
    folder = left_by(person)
    (tree,) = folder.glob("tree/*")
    assert len(clean(person)) == 1
    (folder / "tree").mkdir(parents=True)
    (folder / "gone" / tree.name).mkdir(parents=True)
    record = {"kind": "worktree", "name": tree.name, "title": "t", "branch": "hocket/run1/x"}
    (folder / "record").write_text(json.dumps(record))
    assert (clean(person), folder.exists()) == ([], False)
    assert len(person.kept) == 1
