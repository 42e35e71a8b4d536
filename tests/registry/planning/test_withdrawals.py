"""What registries take back, rename or published a moment ago, and what becomes of it here."""

from __future__ import annotations

from datetime import timedelta

import pytest
import shops
from desks import Desk, told

from hocket.errors import NoSolution

NEEDS = 'sources = "^1"'


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def refused(kind, act):
    with pytest.raises(kind) as caught:
        act()
    return caught.value


def test_a_new_name_is_followed_by_an_update(desk):
    desk.publish("polite", "1.0.0")
    desk.apply(desk.install("polite"))
    desk.publish("kind", "1.0.0")
    desk.top["acme"] = 'renames = { polite = "kind" }'
    desk.write("acme")
    assert told(desk.install()) == ["keep acme/polite"]
    plan = desk.update()
    assert told(plan) == ["add acme/kind", "remove acme/polite"]
    assert plan.renamed == {"acme/polite": "acme/kind"}
    assert plan.steps[1].why == "renamed to acme/kind"
    desk.apply(plan)
    assert told(desk.install()) == ["keep acme/kind"]


def test_a_new_name_of_what_others_need_is_followed_too(desk):
    desk.publish("sources", "1.0.0")
    desk.publish("polite", "1.0.0", needs=NEEDS)
    desk.apply(desk.install("polite"))
    desk.publish("origins", "1.0.0")
    desk.top["acme"] = 'renames = { sources = "origins" }'
    desk.write("acme")
    plan = desk.update()
    assert told(plan) == ["keep acme/polite", "add acme/origins", "remove acme/sources"]


def test_what_was_withdrawn_stays_and_is_told_but_is_not_installed_anew(desk):
    desk.publish("polite", "1.0.0")
    desk.apply(desk.install("polite"))
    desk.top["acme"] = 'renames = { polite = "" }'
    desk.write("acme")
    plan = desk.update()
    assert told(plan) == ["keep acme/polite"]
    assert plan.notes == ("acme/polite was withdrawn by its registry",)
    desk.scope.lock.unlink()
    error = refused(NoSolution, lambda: desk.install("polite"))
    assert (error.exit_code, error.hint) == (5, "acme/polite was withdrawn by its registry.")


def test_what_is_yanked_stays_from_the_lock_and_is_refused_anew(desk):
    desk.publish("polite", "1.0.0")
    desk.apply(desk.install("polite"))
    desk.publish("polite", "1.0.0", more='yanked = "wrong citations"')
    plan = desk.install()
    assert told(plan) == ["keep acme/polite"]
    assert plan.notes == ("acme/polite 1.0.0 is yanked: wrong citations",)
    desk.scope.lock.unlink()
    error = refused(NoSolution, lambda: desk.install("polite@1.0.0"))
    assert error.exit_code == 5
    assert "is yanked: wrong citations" in error.hint


def test_a_young_version_waits_unless_it_is_accepted(desk):
    desk.publish("polite", "1.0.0")
    desk.publish("polite", "1.1.0", published=shops.NOW - timedelta(hours=20))
    plan = desk.install("polite")
    assert str(plan.steps[0].parcel.row.version) == "1.0.0"
    assert plan.notes == (
        "acme/polite 1.1.0 is held for 4 h more (--accept=young:acme/polite@1.1.0)",
    )
    for given in ("young:polite@1.1.0", "young:acme/polite@1.1.0"):
        plan = desk.install("polite", accepted=(given,))
        assert str(plan.steps[0].parcel.row.version) == "1.1.0"
