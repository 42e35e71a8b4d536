"""What differs is named, and what differs does not run."""

from __future__ import annotations

import shutil

import pytest
from households import (
    StoppingDisk,
    household,
    install,
    leftovers,
    locked,
    parcel,
    plan,
    problems,
    stopped,
    tree,
)

from hocket.errors import StructureError
from hocket.registry.installing.kept import Kept
from hocket.registry.installing.plan import Copy
from hocket.registry.installing.verifying import sealed, verify
from hocket.registry.receipts.receipt import Place

KEY = "acme/deep"


@pytest.fixture
def scope(tmp_path):
    scope = household(tmp_path)
    install(scope, parcel("deep"))
    return scope


@pytest.fixture
def folder(scope):
    return scope.base(Place.WORKFLOWS) / "deep"


def verdict(scope, line=None):
    return verify(scope, KEY, Kept(scope).get(KEY), line or locked(parcel("deep")))


def test_what_is_as_it_was_installed_is_whole(scope):
    assert verdict(scope).is_ok
    assert verdict(scope).sentences == ()


def test_every_kind_of_edit_is_named(scope, folder):
    (folder / "SKILL.md").write_text("mine")
    (folder / "rubrics/deep/polite.md").unlink()
    (folder / "own.md").write_text("own")
    (folder / "link").symlink_to("own.md")
    (folder / "bin/run.sh").chmod(0o644)
    (edited,) = verdict(scope).edited
    assert edited.changed == ("SKILL.md", "bin/run.sh")
    assert edited.missing == ("rubrics/deep/polite.md",)
    assert edited.added == ("link", "own.md")
    assert "workflows/deep/SKILL.md: changed" in verdict(scope).sentences


def test_a_target_that_is_gone_or_linked_is_named(scope, folder, tmp_path):
    folder.rename(tmp_path / "elsewhere")
    assert len(verdict(scope).edited[0].missing) == 3
    folder.symlink_to(tmp_path / "elsewhere")
    assert verdict(scope).edited[0].added == ("",)
    folder.unlink()
    folder.parent.rmdir()
    folder.parent.symlink_to(tmp_path)
    assert "is a link" in verdict(scope).edited[0].sentences[0]


def test_a_file_too_large_to_be_ours_is_changed(scope, folder):
    with (folder / "SKILL.md").open("wb") as file:
        file.truncate(6 << 20)
    assert verdict(scope).edited[0].changed == ("SKILL.md",)


def test_store_lock_and_receipt_are_compared(scope):
    shutil.rmtree(scope.store)
    other = locked(parcel("deep", "1.1.0"))
    told = verdict(scope, other)
    assert "the store does not have hk1:" in told.store
    assert "hocket.lock has 1.1.0" in told.lock
    assert len(told.sentences) == 2
    receipt = Kept(scope).get(KEY)
    assert verify(scope, KEY, receipt, None).lock == "hocket.lock does not have it"
    assert "no receipt" in verify(scope, KEY, None, other).sentences[0]


def test_what_is_verified_is_what_runs(scope):
    found = sealed(scope, "deep")
    assert found is not None
    assert found.tree == tree()
    assert found.receipt == Kept(scope).get(KEY)
    assert sealed(scope, "own") is None


def test_under_another_name_it_is_still_sealed(scope):
    copies = [Copy(Place.WORKFLOWS, "mine", tree({"SKILL.md": "web"}))]
    install(scope, parcel("web", files={"SKILL.md": "web"}, copies=copies))
    found = sealed(scope, "mine")
    assert found is not None
    assert found.receipt.name == "acme/web"
    assert sealed(scope, "web") is None


@pytest.mark.parametrize("edit", ["change", "add", "link", "gone"])
def test_an_edited_bundle_does_not_run(scope, folder, edit):
    acts = {
        "change": lambda: (folder / "SKILL.md").write_text("mine"),
        "add": lambda: (folder / "own.py").write_text("own"),
        "link": lambda: (folder / "own.py").symlink_to("SKILL.md"),
        "gone": lambda: shutil.rmtree(folder),
    }
    acts[edit]()
    with pytest.raises(StructureError, match="edited: ") as raised:
        sealed(scope, "deep")
    assert raised.value.exit_code == 3


def test_while_a_receipt_is_damaged_nothing_runs_without_one(scope):
    install(scope, parcel("web"))
    scope.receipt(KEY).write_text("")
    with pytest.raises(StructureError, match=r"acme--deep\.toml"):
        sealed(scope, "deep")
    found = sealed(scope, "web")
    assert found is not None
    install(scope, parcel("deep"))
    assert sealed(scope, "own") is None


def test_what_was_kept_of_an_edit_is_under_no_receipt(scope, folder):
    (folder / "workflow.py").write_text("mine")
    told = plan(scope, remove=["deep"])
    assert told.changes[0].version_before is not None
    install(scope, remove=["deep"])
    assert sealed(scope, "deep") is None
    assert [path.name for path in folder.parent.iterdir()] == ["deep.edited-1.0.0"]


@pytest.mark.parametrize("words", ["exchange", "rename lock", "rename .tmp-acme", "unlink intent"])
def test_a_run_amid_an_update_takes_what_the_update_leads_to(scope, words):
    stopped(scope, StoppingDisk(words), parcel("deep", "1.1.0", {"SKILL.md": "two"}))
    found = sealed(scope, "deep")
    assert found is not None
    assert found.tree == tree({"SKILL.md": "two"})
    assert str(found.receipt.version) == "1.1.0"
    assert leftovers(scope) == problems(scope) == []
