"""A call gets its own tree, and what it did there comes home as a patch and a branch."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal

import pytest

from hocket.errors import HocketError
from hocket.workspaces.shelf import short


def test_the_base_is_head_of_the_invoking_tree_on_a_feature_branch(person):
    before = person.owned()
    workspace, seen, changes = person.work(person.files)
    assert workspace.base == person.line("rev-parse", "feature")
    assert (workspace.kind, workspace.branch) == ("worktree", "hocket/run1/7-fix-the-tests")
    assert b"feature.py" in seen
    assert changes is None
    assert (person.left(), person.branches(), person.kept) == ([], ["feature", "main"], {})
    assert person.owned() == before


def test_a_patch_applied_elsewhere_gives_the_same_tree(person, tmp_path):
    before = person.owned()
    _, wanted, changes = person.work(lambda tree: (person.change(tree), person.files(tree))[1])
    wanted.pop(b".git")
    assert person.owned() == before
    person.at(tmp_path, "clone", "-q", "--branch", "feature", str(person.project), "elsewhere")
    (tmp_path / "p.patch").write_bytes(person.kept[changes.patch])
    person.at(tmp_path / "elsewhere", "apply", "--index", str(tmp_path / "p.patch"))
    found = {
        name: one
        for name, one in person.files(tmp_path / "elsewhere").items()
        if b".git/" not in name
    }
    assert found == wanted
    assert changes.base == person.line("rev-parse", "feature")
    assert (changes.files, changes.insertions, changes.deletions) == (11, 6, 3)


def test_the_branch_is_one_commit_on_the_base_with_the_same_tree(person, tmp_path):
    _, wanted, changes = person.work(lambda tree: (person.change(tree), person.files(tree))[1])
    wanted.pop(b".git")
    assert person.line("rev-parse", f"{changes.branch}^") == changes.base
    assert person.line("log", "-1", "--format=%an: %s", changes.branch) == "hocket: Fix the tests"
    person.at(person.project, "worktree", "add", "-q", str(tmp_path / "seen"), changes.branch)
    seen = person.files(tmp_path / "seen")
    seen.pop(b".git")
    assert seen == wanted


def test_the_persons_dirty_tree_is_neither_seen_nor_touched(person):
    (person.project / "app.py").write_text("dirty\n")
    (person.project / "untracked").write_text("untracked\n")
    person.git("add", "untracked")
    before = person.owned()
    assert asyncio.run(person.workspaces().is_dirty())
    _, seen, changes = person.work(lambda tree: (person.files(tree), person.change(tree))[0])
    assert seen[b"app.py"][1] == b"one\ntwo\nthree\n"
    assert b"untracked" not in seen
    assert changes.files == 11
    assert person.owned() == before


def test_base_tree_takes_the_dirty_tree_along(person):
    (person.project / "app.py").write_text("dirty\n")
    (person.project / "old.txt").unlink()
    (person.project / "untracked").write_text("untracked\n")
    (person.project / "staged").write_text("staged\n")
    (person.project / ".hocket" / "runs" / "r").mkdir(parents=True)
    (person.project / ".hocket" / "runs" / "r" / "journal.jsonl").write_text("{}\n")
    person.git("add", "staged")
    before = person.owned()
    workspace, seen, changes = person.work(
        lambda tree: (person.files(tree), (tree / "more").write_text("m\n"))[0], base="tree"
    )
    wanted = before[1]
    wanted.pop(b".hocket/runs/r/journal.jsonl")
    seen.pop(b".git")
    assert seen == wanted
    assert person.line("rev-parse", f"{workspace.base}^") == person.line("rev-parse", "HEAD")
    assert (changes.files, changes.base) == (1, workspace.base)
    assert person.owned()[0] == before[0]


def test_base_tree_of_a_clean_tree_is_head(person):
    assert not asyncio.run(person.workspaces().is_dirty())
    assert person.work(person.files, base="tree")[0].base == person.line("rev-parse", "HEAD")


def test_base_tree_leaves_a_repository_inside_the_tree_out(person):
    person.at(person.project, "init", "-q", "vendor")
    (person.project / "vendor" / "v.txt").write_text("v\n")
    _, seen, _ = person.work(person.files, base="tree")
    assert [name for name in seen if name.startswith(b"vendor")] == []


def test_a_repository_without_a_commit_has_no_head_but_a_tree(plain):
    plain.git("init", "-q")
    with pytest.raises(HocketError, match="no commit yet"):
        plain.work(plain.files)
    _, seen, changes = plain.work(
        lambda tree: (plain.files(tree), plain.change(tree))[0], base="tree"
    )
    assert b"docs/guide.md" in seen
    assert changes.files == 11


def test_a_project_beneath_the_top_gets_its_own_folder(person):
    _, (name, seen), changes = person.work(
        lambda path: (path.name, (person.files(path), (path / "guide.md").write_text("x\n"))[0]),
        project=person.project / "docs",
    )
    assert (name, seen) == ("docs", {b"guide.md": (0o644, b"# Guide\n")})
    assert b"a/docs/guide.md" in person.kept[changes.patch]


def test_a_project_that_its_repository_ignores_is_copied(person):
    (person.project / ".gitignore").write_text("/inner/\n")
    (person.project / "inner").mkdir()
    (person.project / "inner" / "x").write_text("x\n")
    workspace, seen, _ = person.work(person.files, project=person.project / "inner")
    assert (workspace.kind, seen) == ("copy", {b"x": (0o644, b"x\n")})


def test_a_worktree_of_the_persons_has_its_own_head(person, tmp_path):
    person.git("worktree", "add", "-qb", "other", str(tmp_path / "other"), "main")
    workspace, seen, changes = person.work(
        lambda tree: (person.files(tree), person.change(tree))[0], project=tmp_path / "other"
    )
    assert workspace.base == person.line("rev-parse", "main")
    assert b"feature.py" not in seen
    assert person.line("rev-parse", f"{changes.branch}^") == workspace.base
    assert len(person.worktrees()) == 2


def test_a_call_that_runs_again_gets_another_branch(person):
    def agent(tree):
        (tree / "x").write_text("x")

    names = [person.work(agent)[2].branch for _ in range(3)]
    first = "hocket/run1/7-fix-the-tests"
    assert names == [first, f"{first}-2", f"{first}-3"]
    assert person.branches()[1:4] == names


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("Ä ö!", "7"),
        ("../../etc", "7-etc"),
        ("A" * 99, f"7-{'a' * 40}"),
        ("x\ny.lock", "7-x-y-lock"),
    ],
)
def test_any_label_gives_a_plain_name(person, label, name):
    workspace, _, _ = person.work(person.files, asked=person.call(label=label))
    assert workspace.branch == f"hocket/run1/{name}"


def test_a_folder_that_is_in_the_way_is_passed(person):
    folder = person.cache / "worktrees" / short(person.project) / "run1" / "7-fix-the-tests"
    folder.mkdir(parents=True)
    assert person.work(person.files)[0].branch == "hocket/run1/7-fix-the-tests-2"


def test_base_tree_in_the_middle_of_a_merge(person):
    """Both changed one file, and one deleted what the other changed: what is there is taken."""
    person.git("checkout", "-qb", "theirs", "main")
    (person.project / "app.py").write_text("theirs\n")
    (person.project / "old.txt").unlink()
    person.commit()
    person.git("checkout", "-q", "feature")
    (person.project / "app.py").write_text("ours\n")
    (person.project / "old.txt").write_text("ours\n")
    person.commit()
    with pytest.raises(AssertionError):
        person.git("merge", "theirs")
    (person.project / "old.txt").unlink()
    before = person.owned()
    _, seen, _ = person.work(person.files, base="tree")
    assert b"<<<<<<<" in seen[b"app.py"][1]
    assert b"old.txt" not in seen
    assert person.owned() == before


def test_outside_of_git_nothing_is_dirty(plain):
    assert not asyncio.run(plain.workspaces().is_dirty())


def test_names_with_spaces_and_bytes_that_are_no_text(person, tmp_path):
    odd = tmp_path / os.fsdecode(b"caf\xe9 and more")
    shutil.copytree(person.project, odd, symlinks=True)
    person.project = odd
    before = person.owned()
    workspace, _, changes = person.work(person.change)
    assert os.fsencode(workspace.path.name) == b"caf\xe9 and more"
    assert changes.files == 11
    assert person.owned() == before
    assert person.left() == []


def test_eight_worktrees_at_once(person):
    before = person.owned()

    async def agent(workspaces, number, changes):
        opening = workspaces.open(person.call(number, f"call {number}"))
        async with opening as workspace:
            (workspace.path / "app.py").write_text(f"{number}\n")
            await asyncio.sleep(0)
        changes[number] = opening.changes

    async def story():
        workspaces, changes = person.workspaces(), {}
        async with asyncio.TaskGroup() as group:
            for number in range(8):
                group.create_task(agent(workspaces, number, changes))
        return changes

    changes = asyncio.run(story())
    for number, one in changes.items():
        assert person.git("show", f"{one.branch}:app.py") == f"{number}\n".encode()
    assert len({one.patch for one in changes.values()}) == 8
    assert person.left() == []
    assert person.owned() == before


def test_those_who_edit_the_persons_own_tree_take_turns(person):
    order = []

    async def agent(workspaces, name):
        async with workspaces.editing():
            assert workspaces.is_edited
            order.append(f"{name} begins")
            for _ in range(10):
                await asyncio.sleep(0)
            order.append(f"{name} ends")

    async def story():
        # Two runs, as two processes would have them.
        one, other = person.workspaces(), person.workspaces("run2")
        async with asyncio.TaskGroup() as group:
            for workspaces, name in ((one, "a"), (one, "b"), (other, "c")):
                group.create_task(agent(workspaces, name))
        return one.is_edited, other.is_edited

    assert asyncio.run(story()) == (False, False)
    assert sorted(zip(order[::2], order[1::2], strict=True)) == [
        (f"{name} begins", f"{name} ends") for name in "abc"
    ]


def test_a_call_that_fails_keeps_what_it_did(person):
    async def agent(opening):
        async with opening as workspace:
            (workspace.path / "app.py").write_text("half\n")
            raise ZeroDivisionError

    async def story():
        opening = person.workspaces().open(person.call())
        with pytest.raises(ZeroDivisionError):
            await agent(opening)
        return opening.changes

    patch = asyncio.run(story()).patch
    assert b"+half" in person.kept[patch]
    assert person.left() == []


def test_a_cancelled_call_leaves_no_lock_and_keeps_what_it_did(person):
    async def agent(opening, begun):
        async with opening as workspace:
            (workspace.path / "app.py").write_text("half\n")
            begun.set()
            await asyncio.Event().wait()

    async def story():
        opening, begun = person.workspaces().open(person.call()), asyncio.Event()
        async with asyncio.TaskGroup() as group:
            task = group.create_task(agent(opening, begun))
            await begun.wait()
            task.cancel()
        return opening.changes

    patch = asyncio.run(story()).patch
    assert b"+half" in person.kept[patch]
    assert person.left() == []


def test_a_call_cancelled_at_any_command_of_git_leaves_nothing(person, trap):
    """Cancelled while its tree is made it kept nothing; while it is taken home it kept all."""

    async def agent(opening):
        async with opening as workspace:
            (workspace.path / "app.py").write_text("done\n")

    async def story():
        opening = person.workspaces().open(person.call())
        async with asyncio.TaskGroup() as group:
            task = group.create_task(agent(opening))
            asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, task.cancel)
        return task.cancelled(), opening.changes

    def lived(when):
        trap.set(when, "USR1")
        with trap.laid():
            return asyncio.run(story())

    assert lived(0)[0] is False
    ends = []
    for when in range(1, len(trap.commands) + 1, 2):
        cancelled, changes = lived(when)
        assert cancelled, when
        assert person.left() == [], when
        ends.append(changes is not None)
    assert ends == sorted(ends)
    assert (ends[0], ends[-1]) == (False, True)


def test_without_git_there_is_no_isolation(person, monkeypatch):
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(HocketError, match="no program 'git'"):
        person.work(person.files)


def test_a_damaged_repository_is_told_in_gits_own_words(person):
    (person.project / ".git" / "config").write_text("[broken\n")
    with pytest.raises(HocketError, match="git rev-parse: fatal: bad config"):
        person.work(person.files)


def test_a_branch_called_hocket_is_in_the_way(person):
    person.git("branch", "hocket")
    with pytest.raises(HocketError, match=r"git update-ref: .*refs/heads/hocket' exists"):
        person.work(person.files)
    assert person.left() == []


def test_a_sparse_checkout_stays_sparse_and_loses_nothing(person):
    person.git("sparse-checkout", "set", "docs")
    (person.project / ".gitignore").write_text("")

    def agent(tree):
        assert not (tree / "new").exists()
        (tree / "docs" / "guide.md").write_text("changed\n")
        (tree / "far" / "away").mkdir(parents=True)
        (tree / "far" / "away" / "x").write_text("x\n")

    (person.project / "deep" / "er").mkdir(parents=True)
    (person.project / "deep" / "er" / "y").write_text("y\n")
    person.git("add", "--sparse", "-A")
    person.git("commit", "-qm", "deep")
    person.git("sparse-checkout", "reapply")
    _, _, changes = person.work(agent)
    listed = person.line("diff-tree", "-r", "--name-only", changes.base, changes.branch)
    assert listed.split("\n") == ["docs/guide.md", "far/away/x"]


@pytest.mark.parametrize(
    "settings",
    [
        ("core.splitIndex", "true"),
        ("core.untrackedCache", "true"),
        ("feature.manyFiles", "true"),
        ("core.autocrlf", "true"),
        ("core.safecrlf", "true"),
        ("diff.noprefix", "true"),
        ("diff.renames", "copies"),
        ("status.showUntrackedFiles", "no"),
        ("core.quotePath", "false"),
        ("apply.whitespace", "error"),
        ("index.sparse", "true"),
        ("extensions.worktreeConfig", "true"),
        ("core.bigFileThreshold", "10"),
    ],
)
@pytest.mark.parametrize("base", ["head", "tree"])
def test_settings_that_a_person_may_like_change_nothing(person, settings, base):
    person.git("config", *settings)
    person.git("update-index", "-q", "--refresh")
    (person.project / "dirty").write_text("trailing blanks  \n")
    _, _, changes = person.work(person.change, base=base)
    assert changes.files == 11
    patch = person.kept[changes.patch]
    (person.project / "dirty").unlink()
    asyncio.run(person.workspaces().apply(patch))
    assert (person.project / "app.py").read_bytes().replace(b"\r", b"") == b"one\n2\nthree\n"


def test_a_repository_with_long_names_of_objects(plain):
    plain.git("init", "-q", "-b", "main", "--object-format=sha256")
    plain.git("config", "user.name", "Pat")
    plain.git("config", "user.email", "pat@example.org")
    plain.commit("begin")
    workspace, _, changes = plain.work(plain.change)
    assert (len(workspace.base), changes.files) == (64, 11)
    assert plain.left() == []
