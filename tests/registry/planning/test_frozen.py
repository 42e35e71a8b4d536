"""A frozen install: no index, no solving, and the bytes of the lock or nothing."""

from __future__ import annotations

import shutil
from datetime import timedelta

import pytest
from desks import Desk, told

from hocket.errors import HocketError, PackageRefused, UsageError
from hocket.registry.known import own
from hocket.registry.locks.lock import dump
from hocket.registry.planning.demand import Mode


@pytest.fixture
def desk(tmp_path):
    desk = Desk(tmp_path)
    desk.publish("sources", "1.0.0")
    desk.publish("polite", "1.0.0", needs='sources = "^1"')
    desk.apply(desk.install("polite"))
    desk.is_closed = True
    return desk


def frozen(desk, **options):
    return desk.install(mode=Mode.FROZEN, **options)


def test_everything_comes_from_the_store(desk):
    shutil.rmtree(desk.shops["acme"])
    shutil.rmtree(desk.scope.own)
    shutil.rmtree(desk.scope.receipts)
    plan = frozen(desk)
    assert told(plan) == ["add acme/polite", "add acme/sources"]
    assert dump(plan.lock) == desk.scope.lock.read_bytes() == plan.lock_before
    desk.apply(plan)
    assert told(frozen(desk)) == ["keep acme/polite", "keep acme/sources"]


def test_what_the_store_lacks_is_fetched(desk):
    desk.forget()
    plan = frozen(desk)
    assert told(plan) == ["add acme/polite", "add acme/sources"]
    parcel = plan.steps[0].parcel
    assert parcel.row.commands == ("polite",)
    assert parcel.checks["signature"] == "unsigned"
    assert plan.steps[1].why == "needed by polite"


def test_other_bytes_are_refused(desk):
    desk.forget()
    (desk.root / "acme" / "1.0.0" / "polite" / "SKILL.md").write_text("---\n", "utf-8")
    with pytest.raises(PackageRefused) as caught:
        frozen(desk)
    assert (caught.value.exit_code, caught.value.code) == (3, "digest")
    assert "as in hocket.lock" in caught.value.message


def test_other_capabilities_are_refused(desk):
    text = desk.scope.lock.read_text("utf-8")
    there = text.partition('capabilities = "')[2][:71]
    desk.scope.lock.write_text(text.replace(there, f"sha256:{'0' * 64}"), "utf-8")
    with pytest.raises(PackageRefused) as caught:
        frozen(desk)
    assert caught.value.problems == (
        "its capabilities are not those of hocket.lock under the same version",
    )


def test_without_a_lock_there_is_nothing_to_freeze(desk):
    desk.scope.lock.unlink()
    with pytest.raises(HocketError, match=r"hocket\.lock: is not there"):
        frozen(desk)


def test_nothing_can_be_named(desk):
    with pytest.raises(UsageError):
        desk.install("polite", mode=Mode.FROZEN)


def test_a_signer_is_taken_from_the_lock_with_the_digest_that_was_signed(desk):
    text = desk.scope.lock.read_text("utf-8")
    head, source, tail = text.partition('source = "path:')
    desk.scope.lock.write_text(f'{head}signer = "a@b.example"\n{source}{tail}', "utf-8")
    parcel = frozen(desk).steps[0].parcel
    assert (parcel.checks["signature"], parcel.signer) == ("as locked", "a@b.example")


def test_what_came_with_hocket_is_read_from_where_hocket_is(tmp_path):
    desk = Desk(tmp_path)
    desk.served["core"], desk.ages["core"] = own.served(), timedelta(0)
    desk.apply(desk.install("tour"))
    assert [(one.name, one.url) for one in desk.install().lock.registries] == [("core", "core")]
    desk.forget()
    desk.is_closed = True
    assert told(frozen(desk)) == ["add core/tour"]
