"""Plugin packages: requirement lines, or one file, held against what their registry states."""

from __future__ import annotations

import pytest
from desks import Desk, told

from hocket.api.protocols import Tree
from hocket.errors import HocketError, PackageRefused
from hocket.registry.forms.names import Unfit
from hocket.registry.indexes.rows import Wheels
from hocket.registry.planning.demand import Mode
from hocket.registry.planning.requirements import wheels
from hocket.registry.trees.digest import hk1
from hocket.registry.trees.folders import read_folder

HASH = f"sha256:{'0' * 64}"
LINES = f"acme-hocket-stores==1.2.0 --hash={HASH}\nacme-objects==4.0.1 --hash={HASH}\n"


def text(digest, body):
    return f"""\
schema = 1
name = "acme"
description = "x"
serial = 1
updated = 2026-11-01T00:00:00Z
[[package]]
name = "stores"
kind = "plugin"
description = "x"
license = "MIT"
[[package.version]]
version = "1.2.0"
published = 2026-10-01T00:00:00Z
digest = "{digest}"
capabilities = {{ python = true }}
{body}
"""


@pytest.fixture
def desk(tmp_path):
    desk = Desk(tmp_path)
    desk.shops["acme"] = tmp_path / "acme"
    desk.shops["acme"].mkdir()
    return desk


def offer(desk, digest, body):
    (desk.shops["acme"] / "registry.toml").write_text(text(digest, body), "utf-8")


@pytest.fixture
def by_requirement(desk):
    body = f"""\
requirement = "Acme_Hocket.Stores==1.2.0"
hashes = ["{HASH}"]
needs = [{{ requirement = "acme-objects==4.0.1", hashes = ["{HASH}"] }}]
"""
    tree = Tree((("f", "requirements.txt", LINES.encode()),))
    offer(desk, hk1(tree), body)
    return desk


def test_requirement_lines_are_what_the_digest_is_over(by_requirement):
    desk = by_requirement
    plan = desk.apply(desk.install("stores"))
    parcel = plan.steps[0].parcel
    assert (told(plan), parcel.copies, parcel.bundle) == (["add acme/stores"], (), None)
    assert parcel.tree.entries == (("f", "requirements.txt", LINES.encode()),)
    assert parcel.checks["size"] == "not stated"
    assert plan.lock.packages[0].source == "requirement:Acme_Hocket.Stores==1.2.0"
    assert told(desk.install()) == ["keep acme/stores"]


def test_frozen_reads_them_back_from_the_store(by_requirement):
    desk = by_requirement
    desk.apply(desk.install("stores"))
    desk.is_closed = True
    row = desk.install(mode=Mode.FROZEN).steps[0].parcel.row
    assert row.wheels == (
        Wheels("acme-hocket-stores==1.2.0", (HASH,)),
        Wheels("acme-objects==4.0.1", (HASH,)),
    )
    assert row.capabilities.python
    desk.scope.own.mkdir(exist_ok=True)
    desk.forget()
    with pytest.raises(HocketError, match="not in the store"):
        desk.install(mode=Mode.FROZEN)


def test_a_package_without_a_place_takes_no_name(by_requirement):
    desk = by_requirement
    desk.apply(desk.install("stores"))
    desk.scope.lock.unlink()
    desk.publish("stores", "1.0.0", registry="other")
    assert told(desk.install("other/stores")) == ["add other/stores"]


def test_other_hashes_are_refused(by_requirement):
    desk = by_requirement
    path = desk.shops["acme"] / "registry.toml"
    path.write_text(path.read_text("utf-8").replace("0" * 64, "1" * 64), "utf-8")
    with pytest.raises(PackageRefused) as caught:
        desk.install("stores")
    assert caught.value.code == "digest"


def test_lines_without_hashes_are_none():
    with pytest.raises(Unfit):
        wheels(Tree((("f", "requirements.txt", b"x==1\n"),)), "x==1")


def test_a_marker_stays_with_its_requirement():
    line = f'x==1 ; python_version >= "3.11" --hash={HASH}\n'
    found = wheels(Tree((("f", "requirements.txt", line.encode()),)), "x==1")
    assert found == (Wheels('x==1 ; python_version >= "3.11"', (HASH,)),)


def test_one_file_is_put_among_the_plugins(desk):
    folder = desk.shops["acme"] / "plugins" / "stores"
    folder.mkdir(parents=True)
    (folder / "quota_policy.py").write_text("VERSION = 1\n", "utf-8")
    (folder / "LICENSE").write_text("MIT\n", "utf-8")
    digest = hk1(read_folder("test", folder))
    offer(desk, digest, 'file = "quota_policy.py"\nsource = { path = "plugins/stores" }')
    plan = desk.apply(desk.install("stores"))
    (copy,) = plan.steps[0].parcel.copies
    assert (copy.place, copy.path, len(copy.tree.entries)) == ("plugins", "quota_policy.py", 1)
    assert told(desk.install()) == ["keep acme/stores"]
    desk.forget()
    desk.is_closed = True
    plan = desk.install(mode=Mode.FROZEN)
    assert told(plan) == ["add acme/stores"]
    assert plan.steps[0].parcel.copies == (copy,)
