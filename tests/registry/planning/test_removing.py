"""Packages go, but not while another needs them; what nobody needs goes with --prune."""

from __future__ import annotations

import pytest
from desks import Desk, told

from hocket.errors import NoSolution, NotFound, RefusedError, UsageError
from hocket.registry.locks import reading
from hocket.registry.locks.lock import Lock, dump


@pytest.fixture
def desk(tmp_path):
    desk = Desk(tmp_path)
    desk.publish("origins", "1.0.0")
    desk.publish("sources", "1.0.0", needs='origins = "*"')
    desk.publish("polite", "1.0.0", needs='sources = "^1"')
    desk.publish("kind", "1.0.0")
    desk.apply(desk.install("polite", "kind"))
    desk.is_closed = True
    return desk


def test_what_nobody_needs_stays_and_is_told(desk):
    plan = desk.remove("polite")
    assert told(plan) == ["remove acme/polite"]
    assert plan.steps[0].before.name == "acme/polite"
    assert plan.notes == (
        "nothing needs acme/origins any more: --prune drops it",
        "nothing needs acme/sources any more: --prune drops it",
    )
    assert [one.name for one in plan.lock.packages] == [
        "acme/kind",
        "acme/origins",
        "acme/sources",
    ]
    assert reading.read(dump(plan.lock)) == plan.lock


def test_prune_drops_all_that_only_it_needed(desk):
    plan = desk.remove("polite", prune=True)
    assert [(step.key, step.why) for step in plan.steps] == [
        ("acme/origins", "nothing needs it"),
        ("acme/polite", "requested"),
        ("acme/sources", "nothing needs it"),
    ]
    assert [one.name for one in plan.lock.packages] == ["acme/kind"]


def test_prune_alone_drops_what_was_left(desk):
    desk.apply(desk.remove("polite"))
    assert told(desk.remove(prune=True)) == ["remove acme/origins", "remove acme/sources"]


def test_an_orphan_stays_while_something_else_is_installed(desk):
    desk.apply(desk.remove("polite"))
    desk.is_closed = False
    plan = desk.install("kind")
    assert told(plan) == ["keep acme/kind"]
    assert len(plan.lock.packages) == 3


def test_what_an_orphan_has_stays_its_own(desk):
    desk.apply(desk.remove("polite"))
    desk.is_closed = False
    desk.publish("sources", "1.0.0", registry="other")
    with pytest.raises(RefusedError, match="/sources is that of acme/sources"):
        desk.install("other/sources")


def test_what_two_lead_to_is_needed_once(desk):
    desk.is_closed = False
    desk.publish("mild", "1.0.0", needs='origins = "*", sources = "*"')
    desk.apply(desk.install("mild"))
    assert told(desk.remove("polite", prune=True)) == ["remove acme/polite"]


def test_the_last_one_takes_the_registry_along(desk):
    plan = desk.remove("polite", "kind", prune=True)
    assert plan.lock == Lock()


def test_what_another_needs_is_not_removed(desk):
    with pytest.raises(NoSolution) as caught:
        desk.remove("sources")
    assert caught.value.exit_code == 5
    assert caught.value.chains == ("acme/polite 1.0.0 needs acme/sources@1.0.0",)
    assert told(desk.remove("sources", "polite")) == ["remove acme/polite", "remove acme/sources"]


def test_only_what_is_installed_can_be_removed(desk):
    with pytest.raises(NotFound):
        desk.remove("nobody")
    desk.is_closed = False
    desk.publish("kind", "1.0.0", registry="other")
    desk.apply(desk.install("other/kind", as_name="mild"))
    with pytest.raises(UsageError, match="acme/kind or other/kind"):
        desk.remove("kind")
    assert told(desk.remove("other/kind")) == ["remove other/kind"]


def test_what_has_a_lock_but_no_receipt_only_leaves_the_lock(desk):
    desk.scope.receipt("acme/kind").unlink()
    (step,) = desk.remove("kind").steps
    assert (step.key, step.before) == ("acme/kind", None)
