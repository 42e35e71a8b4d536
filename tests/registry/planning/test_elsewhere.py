"""Packages of no registry: a folder of the project, a commit, a file with its hash."""

from __future__ import annotations

import pytest
import shops
from desks import Desk, told

from hocket.errors import HocketError, PackageRefused, StructureError
from hocket.registry.locks import reading
from hocket.registry.locks.lock import dump
from hocket.registry.planning.demand import Mode


@pytest.fixture
def desk(tmp_path, monkeypatch):
    desk = Desk(tmp_path)
    desk.publish("sources", "1.0.0")
    monkeypatch.chdir(desk.project)
    return desk


def test_a_folder_of_the_project_is_a_package(desk):
    shops.bundle(desk.project / "own", "mine")
    plan = desk.apply(desk.install("./own/mine"))
    assert told(plan) == ["add local/mine"]
    (locked,) = plan.lock.packages
    assert (locked.name, locked.source, plan.lock.registries) == (
        "local/mine",
        "path:own/mine",
        (),
    )
    assert reading.read(dump(plan.lock)) == plan.lock
    assert told(desk.install()) == ["keep local/mine"]
    assert told(desk.install("sources")) == ["add acme/sources", "keep local/mine"]


def test_it_changes_only_when_it_is_named_or_updated(desk):
    root = shops.bundle(desk.project / "own", "mine")
    desk.apply(desk.install("./own/mine"))
    (root / "rubrics" / "polite.md").write_text("Be kind.\n", "utf-8")
    assert told(desk.install()) == ["keep local/mine"]
    assert told(desk.update()) == ["update local/mine"]
    assert told(desk.update("mine")) == ["update local/mine"]
    assert told(desk.install("./own/mine")) == ["update local/mine"]


def test_frozen_takes_it_from_the_project(desk):
    root = shops.bundle(desk.project / "own", "mine")
    desk.apply(desk.install("./own/mine"))
    desk.is_closed = True
    desk.forget()
    assert told(desk.install(mode=Mode.FROZEN)) == ["add local/mine"]
    (root / "rubrics" / "polite.md").write_text("Be kind.\n", "utf-8")
    with pytest.raises(PackageRefused):
        desk.install(mode=Mode.FROZEN)


def test_it_names_what_it_needs_in_full(desk):
    shops.bundle(desk.project / "own", "mine", needs='"acme/sources" = "^1"')
    plan = desk.install("./own/mine")
    assert told(plan) == ["add local/mine", "add acme/sources"]
    assert reading.read(dump(plan.lock)) == plan.lock
    shops.bundle(desk.project / "own", "mine", needs='sources = "^1"')
    with pytest.raises(StructureError, match="local has no package of this name"):
        desk.install("./own/mine")


def test_it_has_to_be_a_whole_bundle(desk):
    root = shops.bundle(desk.project / "own", "mine")
    (root / "SKILL.md").unlink()
    with pytest.raises(PackageRefused) as caught:
        desk.install("./own/mine")
    assert caught.value.code == "manifest"
    for text in ("name = 3\n", "\0", "name = "):
        (root / "bundle.toml").write_text(text, "utf-8")
        with pytest.raises(PackageRefused):
            desk.install("./own/mine")
    with pytest.raises(HocketError):
        desk.install(str(desk.root / "acme" / "1.0.0" / "sources"))


def test_a_registry_may_not_have_its_name(desk):
    shops.bundle(desk.project / "own", "mine")
    desk.apply(desk.install("./own/mine", "sources"))
    text = desk.scope.lock.read_text("utf-8").replace('name = "acme', 'name = "local')
    with pytest.raises(StructureError, match="is for packages of no registry"):
        reading.read(text.encode())


def test_it_has_files_of_its_own(desk):
    shops.bundle(desk.project / "own", "mine")
    desk.apply(desk.install("./own/mine"))
    text = desk.scope.lock.read_text("utf-8").replace("path:own/mine", "requirement:mine==1")
    desk.scope.lock.write_text(text, "utf-8")
    with pytest.raises(PackageRefused) as caught:
        desk.install()
    assert caught.value.code == "source"


def test_another_version_is_taken_whatever_was_asked_for_before(desk):
    shops.bundle(desk.project / "own", "mine")
    desk.apply(desk.install("./own/mine"))
    desk.apply(desk.update("mine@^1"))
    shops.bundle(desk.project / "own", "mine", "2.0.0")
    plan = desk.install("./own/mine")
    assert told(plan) == ["update local/mine"]
    assert {str(one) for one in plan.lock.requested.values()} == {"*"}


def test_a_registry_row_may_come_from_git(desk):
    folder = desk.root / "forge"
    root = shops.bundle(folder / "bundles", "deep")
    shops.registry(folder, "forge", {"deep": [shops.row(root, '{ path = "bundles/deep" }')]})
    rev = shops.committed(folder)
    desk.shops["forge"] = folder
    plan = desk.apply(desk.install("deep"))
    (registry,) = plan.lock.registries
    assert (registry.rev, plan.lock.packages[0].source) == (rev, "path:bundles/deep")
    # Whatever is committed later, the lock gives back what it had.
    (root / "SKILL.md").write_text("---\nname: deep\n---\n", "utf-8")
    shops.committed(folder, "two")
    desk.is_closed = True
    desk.forget()
    assert told(desk.install(mode=Mode.FROZEN)) == ["add forge/deep"]
