"""A patch goes into the person's tree and index, or says what is in the way."""

from __future__ import annotations

import asyncio
import os

import pytest

from hocket.errors import HocketError


def patch_of(person, agent):
    changes = person.work(agent)[2]
    return person.kept[changes.patch]


def put(person, patch, project=None):
    asyncio.run(person.workspaces(project=project).apply(patch))


def test_a_patch_is_in_the_tree_and_staged(person):
    patch = patch_of(person, person.change)
    put(person, patch)
    assert (person.project / "app.py").read_text() == "one\n2\nthree\n"
    assert (person.project / "run.sh").stat().st_mode & 0o111
    status = person.git("status", "--porcelain", "-z").split(b"\0")
    assert len(status) == 12
    assert all(row[1:2] == b" " for row in status if row)


def test_a_tree_that_moved_on_is_merged_three_ways(person):
    patch = patch_of(person, lambda tree: (tree / "app.py").write_text("one\ntwo\n3\n"))
    (person.project / "app.py").write_text("zero\none\ntwo\nthree\n")
    person.commit("moved on")
    os.utime(person.project / "old.txt")
    put(person, patch)
    assert (person.project / "app.py").read_text() == "zero\none\ntwo\n3\n"


def test_a_conflict_is_marked_and_named(person):
    patch = patch_of(person, person.change)
    (person.project / "app.py").write_text("one\nTWO\nthree\n")
    person.commit("elsewhere")
    with pytest.raises(HocketError, match=r"it conflicts in app\.py"):
        put(person, patch)
    assert "<<<<<<<" in (person.project / "app.py").read_text()


def test_uncommitted_work_in_the_way_stays(person):
    patch = patch_of(person, person.change)
    (person.project / "app.py").write_text("precious\n")
    before = person.owned()
    with pytest.raises(HocketError, match=r"app\.py: does not match index") as refused:
        put(person, patch)
    assert refused.value.hint == "Nothing was changed."
    assert person.owned() == before


def test_a_project_beneath_the_top_takes_the_whole_patch(person):
    patch = patch_of(person, person.change)
    put(person, patch, project=person.project / "docs")
    assert (person.project / "app.py").read_text() == "one\n2\nthree\n"


@pytest.mark.parametrize(
    "patch", [b"no patch\n", b"diff --git a/../x b/../x\n--- a/../x\n+++ b/../x\n"]
)
def test_what_is_no_patch_is_refused(person, plain, patch):
    with pytest.raises(HocketError, match="git apply: "):
        put(person, patch)


def test_outside_of_git_a_patch_fits_as_a_whole_or_not_at_all(plain):
    patch = patch_of(plain, plain.change)
    (plain.project / "app.py").write_text("other\n")
    before = plain.files(plain.project)
    with pytest.raises(HocketError, match=r"patch failed: app\.py:1"):
        put(plain, patch)
    assert plain.files(plain.project) == before


def test_a_merge_driver_that_settings_name_does_not_run(person, tmp_path):
    (person.project / ".gitattributes").write_text("* merge=evil\n")
    person.git("config", "merge.evil.driver", f"touch '{tmp_path}/mark'; false")
    person.commit("attributes")
    patch = patch_of(person, lambda tree: (tree / "app.py").write_text("one\ntwo\n3\n"))
    (person.project / "app.py").write_text("zero\none\ntwo\nthree\n")
    person.commit("moved on")
    put(person, patch)
    assert (person.project / "app.py").read_text() == "zero\none\ntwo\n3\n"
    assert not (tmp_path / "mark").exists()
