"""Whatever an agent writes into its tree or the repository, hocket's git runs nothing of it."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess

import pytest

from hocket.errors import HocketError


@pytest.fixture
def canary(tmp_path):
    """Give a program that leaves a mark when anybody runs it, whatever for."""
    program = tmp_path / "canary.sh"
    program.write_text(f"#!/bin/sh\necho ran >> '{tmp_path}/mark'\ncat\n")
    program.chmod(0o755)
    return program


@pytest.fixture(autouse=True)
def _nothing_ran(tmp_path):
    yield
    assert not (tmp_path / "mark").exists()


def trapped(settings, program):
    """Name the program wherever git's settings can name one."""
    return "".join(
        f"[{section}]\n\t{key} = {value}\n"
        for section, key, value in [
            ("core", "repositoryformatversion", "0"),
            ("core", "fsmonitor", program),
            ("core", "hooksPath", program.parent / "hooks"),
            ("core", "sshCommand", program),
            ("core", "pager", program),
            ("core", "editor", program),
            ("core", "attributesFile", program.parent / "attributes"),
            ("diff", "external", program),
            ('diff "evil"', "command", program),
            ('diff "evil"', "textconv", program),
            ('merge "evil"', "driver", program),
            ('filter "evil"', "clean", program),
            ('filter "evil"', "smudge", program),
            ('filter "evil"', "process", program),
            ('filter "evil"', "required", "true"),
            ('filter "e=v.i"', "clean", program),
            ("gpg", "program", program),
            ("commit", "gpgSign", "true"),
            ("alias", "diff-files", f"!{program}"),
            ("submodule", "recurse", "true"),
            *settings,
        ]
    )


def arm(folder, program, settings=()):
    """Make a repository's own settings, hooks and attributes hostile."""
    hooks = program.parent / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("post-checkout", "reference-transaction", "post-index-change", "pre-commit"):
        shutil.copy(program, hooks / name)
        (folder / "hooks").mkdir(exist_ok=True)
        shutil.copy(program, folder / "hooks" / name)
    every = "* filter=evil diff=evil merge=evil\n*.py filter=e=v.i\n"
    (program.parent / "attributes").write_text(every)
    (folder / "info").mkdir(exist_ok=True)
    (folder / "info" / "attributes").write_text("* filter=evil diff=evil merge=evil\n")
    with (folder / "config").open("a") as config:
        config.write(trapped(settings, program))


def test_git_by_itself_would_run_it(person, canary, tmp_path):
    """The trap is one: what hocket's git does not do, the person's does."""
    arm(person.project / ".git", canary)
    subprocess.run(
        [shutil.which("git"), "status"], cwd=person.project, capture_output=True, check=False
    )
    assert (tmp_path / "mark").exists()
    (tmp_path / "mark").unlink()


def test_a_git_file_that_leads_to_a_hostile_repository(person, canary):
    def agent(tree):
        person.change(tree)
        (tree / ".git").unlink()
        person.at(tree, "init", "-q")
        arm(tree / ".git", canary)
        (tree / ".gitattributes").write_text("* filter=evil diff=evil\n")

    _, _, changes = person.work(agent)
    assert changes.files == 12
    assert person.git("show", f"{changes.branch}:app.py") == b"one\n2\nthree\n"
    assert person.left() == []


def test_a_git_file_that_leads_out_of_the_worktree(person, canary, tmp_path):
    person.at(tmp_path, "init", "-q", "evil")
    arm(tmp_path / "evil" / ".git", canary)

    def agent(tree):
        (tree / ".git").write_text(f"gitdir: {tmp_path}/evil/.git\n")
        (tree / "app.py").write_text("x\n")

    assert person.work(agent)[2].files == 1


def test_the_persons_own_repository_armed_by_an_agent(person, canary):
    """Without a sandbox an agent can write there; what is armed before, or meanwhile, is idle."""

    def agent(tree):
        person.change(tree)
        arm(person.project / ".git", canary)
        (tree / ".gitattributes").write_text("* filter=evil diff=evil\n*.py filter=e=v.i\n")

    first = person.work(agent)[2]
    second = person.work(person.change)[2]
    assert (first.files, second.files) == (12, 11)
    assert person.git("show", f"{second.branch}:app.py") == b"one\n2\nthree\n"
    (person.project / ".git" / "info" / "attributes").unlink()


def test_the_tree_as_it_is_of_an_armed_repository(person, canary):
    arm(person.project / ".git", canary)
    (person.project / "app.py").write_text("dirty\n")
    assert person.work(person.files, base="tree")[1][b"app.py"][1] == b"dirty\n"


def test_a_repository_inside_the_tree_comes_home_as_files(person, canary):
    def agent(tree):
        person.at(tree, "init", "-q", "inner")
        arm(tree / "inner" / ".git", canary)
        (tree / "inner" / "a b").mkdir()
        (tree / "inner" / "a b" / "c.txt").write_text("c\n")
        (tree / "inner" / "link").symlink_to("a b")
        (tree / "inner" / ".gitignore").write_text("*\n")
        os.mkfifo(tree / "inner" / "pipe")

    _, _, changes = person.work(agent)
    listed = person.line("ls-tree", "-r", "--name-only", changes.branch, "inner")
    assert listed.split("\n") == ["inner/.gitignore", "inner/a b/c.txt", "inner/link"]


def test_a_submodule_is_never_looked_into(person, canary, tmp_path):
    person.at(tmp_path, "init", "-q", "lib")
    (tmp_path / "lib" / "l.txt").write_text("l\n")
    person.at(tmp_path / "lib", "add", "-A")
    who = {
        f"GIT_{role}_{what}": "x" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    person.at(tmp_path / "lib", "commit", "-qm", "lib", **who)
    person.git(
        "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(tmp_path / "lib"), "lib"
    )
    person.commit("submodule")

    def agent(tree):
        (tree / "app.py").write_text("x\n")
        shutil.copytree(tmp_path / "lib", tree / "lib", dirs_exist_ok=True)
        arm(tree / "lib" / ".git", canary)
        (tree / "lib" / ".gitattributes").write_text("* filter=evil\n")
        (tree / "lib" / "l.txt").write_text("changed\n")

    _, _, changes = person.work(agent)
    assert changes.files == 1
    assert person.line("ls-tree", changes.branch, "lib") == person.line("ls-tree", "HEAD", "lib")


def test_an_agent_that_uses_git_in_its_worktree_changes_only_its_branch(person):
    def agent(tree):
        person.change(tree)
        person.at(tree, "add", "-A")
        who = {"GIT_AUTHOR_NAME": "agent", "GIT_AUTHOR_EMAIL": "a@example.org"}
        person.at(tree, "commit", "-qm", "mine", **who)
        person.at(tree, "checkout", "-q", "--detach", "main")
        person.at(tree, "symbolic-ref", "refs/heads/hocket/run1/7-fix-the-tests", "refs/heads/main")
        person.at(tree, "config", "core.worktree", "/nowhere")

    before = person.line("rev-parse", "main", "feature")
    try:
        _, _, changes = person.work(agent)
    finally:
        person.at(person.project / ".git", "--git-dir=.", "config", "--unset", "core.worktree")
    assert person.line("rev-parse", "main", "feature") == before
    assert person.line("rev-parse", f"{changes.branch}^") == changes.base
    # What the agent left is the tree of main, where it went last.
    assert person.git("ls-tree", "-r", "--name-only", changes.branch) == person.git(
        "ls-tree", "-r", "--name-only", "main"
    )


def test_things_that_are_no_files(person):
    def agent(tree):
        os.mkfifo(tree / "pipe")
        (tree / "app.py").unlink()
        os.mkfifo(tree / "app.py")
        shutil.rmtree(tree / "docs")
        (tree / "docs").symlink_to("/etc")
        (tree / "locked").mkdir()
        (tree / "locked" / "x").write_text("x")
        (tree / "locked").chmod(0o500)

    _, _, changes = person.work(agent)
    listed = person.git("diff-tree", "-r", "--name-status", changes.base, changes.branch)
    assert listed.decode().split("\n")[:-1] == [
        "D\tapp.py", "A\tdocs", "D\tdocs/guide.md", "A\tlocked/x",
    ]  # fmt: skip
    assert person.left() == []


def test_a_file_that_became_a_repository(person):
    def agent(tree):
        (tree / "app.py").unlink()
        person.at(tree, "init", "-q", "app.py")
        (tree / "app.py" / "x").write_text("x\n")

    _, _, changes = person.work(agent)
    listed = person.line("diff-tree", "-r", "--name-status", changes.base, changes.branch)
    assert listed.split("\n") == ["D\tapp.py", "A\tapp.py/x"]


def test_times_and_sizes_that_lie(person):
    """A change that keeps size and time is seen all the same: git looks at the inode's time too."""

    def agent(tree):
        path = tree / "app.py"
        times = path.stat()
        path.write_text("ONE\ntwo\nthree\n")
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))

    assert person.work(agent)[2].files == 1


@pytest.mark.parametrize("what", ["link", "gone", "file"])
def test_something_else_in_place_of_the_tree_is_not_touched(person, tmp_path, what):
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "letter").write_text("dear\n")

    def agent(tree):
        shutil.rmtree(tree)
        if what == "link":
            tree.symlink_to(tmp_path / "precious")
        elif what == "file":
            tree.write_text("x")

    with pytest.raises(HocketError, match="is gone, or something else is in its place"):
        person.work(agent)
    assert (tmp_path / "precious" / "letter").read_text() == "dear\n"


def test_a_tree_that_cannot_be_carried_stays(person):
    """An encoding that is none: git reads no such file, so the tree is left."""

    def agent(tree):
        (tree / ".gitattributes").write_text("*.txt working-tree-encoding=UTF-16\n")
        (tree / "new.txt").write_text("x")
        (tree / "app.py").write_text("x")

    with pytest.raises(HocketError, match=r"git update-index: .*BOM is required"):
        person.work(agent)
    (left, _) = person.left()
    (tree,) = left.glob("tree/*")
    assert (tree / "app.py").read_text() == "x"
    assert stat.S_IMODE(left.stat().st_mode) == 0o700


def test_settings_of_the_person_and_of_the_surroundings_do_not_count(person, canary, monkeypatch):
    home = canary.parent / "home"
    home.mkdir()
    (home / ".gitconfig").write_text(trapped([], canary))
    (home / ".config" / "git").mkdir(parents=True)
    (home / ".config" / "git" / "attributes").write_text("* filter=evil\n")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_DIR", "/nonexistent")
    monkeypatch.setenv("GIT_INDEX_FILE", "/nonexistent/index")
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", str(canary))
    monkeypatch.setenv("GIT_CONFIG_PARAMETERS", f"'core.fsmonitor={canary}'")
    monkeypatch.setenv("GIT_TRACE", str(canary.parent / "mark"))
    assert person.work(person.change)[2].files == 11
