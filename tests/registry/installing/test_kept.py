"""Receipts are read from the disk, each for itself."""

from __future__ import annotations

import pytest
from households import household, install, parcel

from hocket.errors import HocketError, StructureError
from hocket.registry.installing.kept import Kept


@pytest.fixture
def scope(tmp_path):
    scope = household(tmp_path)
    install(scope, parcel("deep"), parcel("web"))
    return scope


def test_all_and_one(scope):
    kept = Kept(scope)
    assert sorted(kept.all()) == ["acme/deep", "acme/web"]
    assert kept.problems == ()
    assert kept.get("acme/deep") == kept.all()["acme/deep"]
    assert kept.get("acme/other") is None


def test_nothing_is_kept_before_the_first_install(tmp_path):
    assert Kept(household(tmp_path / "new")).all() == {}


def test_a_damaged_one_is_told_and_hides_no_other(scope):
    scope.receipt("acme/deep").write_text("format = 9\n")
    kept = Kept(scope)
    assert [*kept.all()] == ["acme/web"]
    assert len(kept.problems) == 1
    assert "acme--deep.toml: format: 9 needs a newer hocket" in kept.problems[0]
    with pytest.raises(StructureError, match="needs a newer hocket"):
        kept.get("acme/deep")


def test_a_receipt_under_another_name_is_damaged(scope):
    scope.receipt("acme/web").rename(scope.receipt("acme/deep"))
    kept = Kept(scope)
    assert kept.all() == {}
    assert "it is of acme/web" in kept.problems[0]


def test_one_that_cannot_be_read_is_told(scope):
    path = scope.receipt("acme/deep")
    path.unlink()
    path.mkdir()
    kept = Kept(scope)
    assert [*kept.all()] == ["acme/web"]
    assert "it cannot be read" in kept.problems[0]
    with pytest.raises(HocketError, match="cannot be read"):
        kept.get("acme/deep")
