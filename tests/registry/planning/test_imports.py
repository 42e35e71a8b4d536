"""Packages of a repository without `registry.toml`: no digest was stated, so the lock keeps one."""

from __future__ import annotations

import pytest
import shops
from desks import Desk, told

from hocket.api.ceiling import Ceiling
from hocket.errors import PackageRefused, RefusedError
from hocket.registry.imports.view import view
from hocket.registry.planning.demand import Mode

SKILL = "---\nname: plain\ndescription: Plain.\n---\nHello.\n"


@pytest.fixture
def desk(tmp_path):
    desk = Desk(tmp_path)
    folder = desk.root / "skills-of-others"
    for name in ("plain", "simple"):
        (folder / "skills" / name).mkdir(parents=True)
        (folder / "skills" / name / "SKILL.md").write_text(SKILL.replace("plain", name), "utf-8")
    shops.committed(folder)
    desk.shops["others"] = folder
    desk.readers["others"] = lambda served: view(served, shops.OLD).index
    return desk


def test_the_digest_is_taken_at_the_first_install(desk):
    plan = desk.apply(desk.install("plain"))
    parcel = plan.steps[0].parcel
    assert (parcel.checks["digest"], parcel.checks["manifest"]) == ("taken now", "none")
    assert (parcel.checks["size"], parcel.bundle) == ("not stated", None)
    assert parcel.row.capabilities == Ceiling(is_declared=False)
    assert plan.lock.packages[0].digest == parcel.row.digest != ""
    assert told(desk.install()) == ["keep others/plain"]


def test_two_of_one_name_are_not_put_into_one_folder(desk):
    desk.publish("plain", "1.0.0")
    desk.apply(desk.install("others/plain"))
    with pytest.raises(RefusedError) as caught:
        desk.install("acme/plain")
    assert caught.value.found == "workflows/plain is that of others/plain"
    assert told(desk.install("acme/plain", as_name="fancy")) == [
        "add acme/plain",
        "keep others/plain",
    ]


def test_the_root_of_a_local_repository_has_no_address_for_a_lock(desk):
    folder = desk.root / "alone"
    folder.mkdir()
    (folder / "SKILL.md").write_text(SKILL.replace("plain", "alone"), "utf-8")
    shops.committed(folder)
    desk.shops["alone"], desk.readers["alone"] = folder, desk.readers["others"]
    with pytest.raises(PackageRefused) as caught:
        desk.install("alone/alone")
    assert caught.value.code == "source"


def test_the_lock_holds_it_from_then_on(desk):
    desk.apply(desk.install("plain"))
    desk.forget()
    desk.is_closed = True
    assert told(desk.install(mode=Mode.FROZEN)) == ["add others/plain"]
    desk.is_closed = False
    (desk.shops["others"] / "skills" / "plain" / "SKILL.md").write_text(SKILL + "More.\n", "utf-8")
    shops.committed(desk.shops["others"], "two")
    with pytest.raises(PackageRefused) as caught:
        desk.install()
    assert caught.value.code == "digest"
