"""Hunks of what was changed, of a repository that may be hostile."""

from __future__ import annotations

import os

import pytest

from hocket.errors import UsageError

PROGRAMS = (
    *("core.fsmonitor", "core.pager", "core.sshCommand", "interactive.diffFilter"),
    *("diff.external", "diff.evil.command", "diff.evil.textconv"),
    *("filter.evil.clean", "filter.evil.smudge", "filter.evil.process"),
)
LINES = "".join(f"line {number}\n" for number in range(1, 31))


@pytest.fixture
def repository(place):
    place.script(ref={"type": "string", "x-expand": "git-diff"})
    place.repository()
    place.write("a.py", LINES)
    place.commit()
    return place


def changed(place, *words):
    return [(one["file"], one["line"], one["lines"]) for one in place.args(*words)["ref"]]


def test_nothing_was_changed(repository):
    assert changed(repository) == []


def test_outside_of_a_repository_changes_that_nobody_typed_are_none(place):
    place.script(ref={"type": "string", "x-expand": "git-diff"}, n={"type": "integer"})
    assert place.args("--n", "1") == {"n": 1}
    with pytest.raises(UsageError, match="--ref: the project is no git repository"):
        place.args("--ref", "HEAD")


def test_in_a_repository_without_a_commit_all_is_new(place):
    place.script(ref={"type": "string", "x-expand": "git-diff"})
    place.repository()
    place.write("a.py", "x\n")
    place.git("add", "a.py")
    place.write("b.py", "y")
    assert changed(place) == [("a.py", 1, 1), (".gitignore", 1, 5), ("b.py", 1, 1)]
    with pytest.raises(UsageError, match="--ref: 'HEAD' is no commit here"):
        changed(place, "--ref", "HEAD")


def test_each_place_is_a_hunk(repository):
    lines = LINES.replace("line 2\n", "").replace("line 28\n", "line 28\nmore\n-- odd\n++ odd\n")
    repository.write("a.py", lines)
    first, second = repository.args()["ref"]
    assert (first["line"], first["lines"]) == (1, 4)
    assert (second["line"], second["lines"]) == (25, 8)
    assert second["text"].splitlines()[3:] == [
        " line 28",
        "+more",
        "+-- odd",
        "+++ odd",
        " line 29",
        " line 30",
    ]


def test_lines_that_look_like_heads_are_none(repository):
    repository.write("a.py", "-- a/x\n++ b/x\n@@ -1 +1 @@\n")
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "--message", "odd")
    repository.write("a.py", "x\n")
    (only,) = repository.args()["ref"]
    assert only["file"] == "a.py"
    assert only["text"].splitlines()[1:] == ["--- a/x", "-++ b/x", "-@@ -1 +1 @@", "+x"]


def test_what_is_gone_has_its_old_name(repository):
    (repository.root / "a.py").unlink()
    assert changed(repository) == [("a.py", 0, 0)]


@pytest.mark.parametrize("name", ['od"d.py', "sp ace.py", "ü\t.py", "back\\slash.py"])
def test_files_keep_their_names(repository, name):
    repository.write(name, "x\n")
    repository.commit()
    repository.write(name, "y\n")
    assert changed(repository) == [(name, 1, 1)]


def test_a_branch_is_compared_with_where_it_began(repository):
    repository.git("checkout", "--quiet", "-b", "topic")
    repository.write("b.py", "x\n")
    repository.commit()
    repository.git("checkout", "--quiet", "main")
    repository.write("c.py", "x\n")
    repository.commit()
    repository.git("checkout", "--quiet", "topic")
    assert changed(repository) == [("b.py", 1, 1)]
    assert changed(repository, "--ref", "") == [("b.py", 1, 1)]
    assert changed(repository, "--ref", "main...topic") == [("b.py", 1, 1)]
    assert changed(repository, "main..") == [("b.py", 1, 1), ("c.py", 0, 0)]
    repository.write("new.py", "x\n")
    assert changed(repository, "main") == [("b.py", 1, 1), ("c.py", 0, 0), ("new.py", 1, 1)]


def test_a_project_in_a_folder_of_the_repository(place):
    place.git("init", "--quiet", "--initial-branch=main", at=place.root.parent)
    place.script(ref={"type": "string", "x-expand": "git-diff"})
    place.write("a.py", "x\n")
    place.write("beside.py", "x\n", at=place.root.parent)
    place.git("add", "project/a.py", "beside.py", at=place.root.parent)
    place.git("commit", "--quiet", "--message", "all", at=place.root.parent)
    place.write("beside.py", "y\n", at=place.root.parent)
    place.write("a.py", "y\n")
    assert changed(place) == [("a.py", 1, 1), ("wf.py", 1, 9)]


@pytest.mark.parametrize("word", ["nowhere", "--all", "main..nowhere", "a b", "HEAD:a.py"])
def test_what_is_no_commit(repository, word):
    with pytest.raises(UsageError, match="is no commit here"):
        repository.run(f"--ref={word}")


def test_links_and_binaries_have_no_hunks(repository):
    repository.write("b.bin", b"\0\1\2")
    (repository.root / "link.py").symlink_to("/etc/passwd")
    (repository.root / "empty.py").touch()
    assert changed(repository) == []


def test_no_program_of_the_repository_runs(repository):
    marker = repository.root.parent / "ran"
    program = repository.write("evil.sh", f"#!/bin/sh\ntouch {marker}\ncat\n", at=marker.parent)
    program.chmod(0o755)
    repository.write(".gitattributes", "*.py filter=evil diff=evil\n")
    repository.write(".git/hooks/post-index-change", program.read_bytes()).chmod(0o755)
    for key in PROGRAMS:
        with (repository.root / ".git" / "config").open("a") as file:
            section, _, name = key.rpartition(".")
            head, dot, sub = section.partition(".")
            file.write(f'[{head} "{sub}"]\n' if dot else f"[{head}]\n")
            file.write(f"\t{name} = {program}\n")
    repository.write("a.py", f"{LINES}more\n")
    os.utime(repository.root / "a.py")
    assert ("a.py", 28, 4) in changed(repository)
    assert ("a.py", 28, 4) in changed(repository, "HEAD")
    assert not marker.exists()


def test_too_much_is_said(repository):
    repository.write("a.py", "x" * (5 << 20))
    with pytest.raises(UsageError, match="--ref: the changes are larger than 4 MiB"):
        repository.run()
    repository.git("checkout", "--quiet", "a.py")
    for number in range(3):
        repository.write(f"new{number}.txt", "x\n" * (1 << 20))
    with pytest.raises(UsageError, match="files that are not committed are larger than 4 MiB"):
        repository.run()
