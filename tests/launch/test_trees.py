"""The names of runs in marks, who counts as alive, and where trees and patches lie."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hocket.errors import HocketError, StorageLost, UsageError
from hocket.launch import trees
from hocket.testing import ScriptedBackend, Stage, run_script


def test_a_mark_names_the_run_and_its_project(tmp_path):
    run_of = trees.marked_run(tmp_path)
    mine, other = trees.mark("4f2a", tmp_path), trees.mark("4f2a", tmp_path.parent)
    assert mine != other
    assert [run_of(f"{one}/7/check") for one in (mine, other, "4f2a", "")] == [
        "4f2a",
        None,
        None,
        None,
    ]


def test_a_run_counts_as_alive_unless_it_is_known_that_nobody_lives_it(place):
    class Broken:
        def holder(self, _run_id):
            raise StorageLost("the disk", found="gone")

    store = place.open().store()
    held = store.create("beef")
    assert (trees.is_alive(store, "beef"), trees.is_alive(store, "dead")) == (True, False)
    held.release()
    assert trees.is_alive(store, "beef") is False
    assert trees.is_alive(Broken(), "beef") is True


def test_without_a_folder_for_it_there_is_no_tree(place):
    project = place.open()
    bare = replace(project, plugin_settings=replace(project.plugin_settings, cache=None))
    with pytest.raises(UsageError, match="no folder for trees"):
        trees.cache(bare)


def test_who_only_looks_keeps_nothing():
    with pytest.raises(HocketError, match="nobody keeps it"):
        trees.nowhere(b"")


def test_a_patch_that_cannot_be_kept_suspends_the_run_and_the_tree_stays(hocket_project):
    (hocket_project / "app.py").write_text("one\n")

    class Breaks:
        async def obey(self, call, context):
            (context.tools.workspace.path / "app.py").write_text("two\n")
            (folder,) = (hocket_project / ".hocket" / "runs").glob("????")
            (folder / "artifacts").write_text("a file where a folder must be")
            return "done"

    source = (
        '"""Edit."""\nfrom hocket.script import agent\nmeta = {"name": "edit"}\n\n'
        'async def main():\n    return await agent("edit", isolation="worktree")\n'
    )
    agents = ScriptedBackend({"": Breaks()}, has_workspace=True)

    outcome = run_script(source, agents, project=hocket_project, stage=Stage(real_time=True))

    assert outcome.status == "suspended"
    (tree,) = (hocket_project.parent / "homes").rglob("worktrees/*/*/*/tree/project")
    assert (tree / "app.py").read_text() == "two\n"
