"""From what was typed to a plan: fetched, checked, nothing written."""

from __future__ import annotations

import pytest
from desks import Desk, told

from hocket.errors import (
    HocketError,
    NoSolution,
    NotFound,
    PackageRefused,
    RefusedError,
    StructureError,
    UsageError,
)
from hocket.registry.locks import reading
from hocket.registry.locks.lock import dump
from hocket.registry.planning.demand import Mode

NEEDS = 'sources = "^1"'


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def refused(kind, act):
    with pytest.raises(kind) as caught:
        act()
    return caught.value


def test_a_package_is_planned_and_nothing_is_written(desk):
    desk.shop("polite")
    plan = desk.install("polite")
    assert told(plan) == ["add acme/polite"]
    (step,) = plan.steps
    assert (step.why, step.version_before, plan.lock_before) == ("requested", None, None)
    assert list(step.parcel.checks.items()) == [
        ("tree", "ok"),
        ("digest", "ok"),
        ("size", "ok"),
        ("signature", "unsigned"),
        ("seen", "ok"),
        ("manifest", "ok"),
        ("scripts", "ok"),
        ("names", "ok"),
        ("lints", "ok"),
    ]
    assert [(copy.place, copy.path) for copy in step.parcel.copies] == [("workflows", "polite")]
    assert not desk.scope.lock.exists()
    assert not desk.scope.own.exists()
    assert reading.read(dump(plan.lock)) == plan.lock


def test_what_a_package_needs_comes_with_it(desk):
    desk.publish("sources", "1.0.0")
    desk.publish("polite", "1.0.0", needs=NEEDS)
    plan = desk.apply(desk.install("polite"))
    assert [(step.key, step.why) for step in plan.steps] == [
        ("acme/polite", "requested"),
        ("acme/sources", "needed by polite"),
    ]
    assert {one.name: str(one.requested) for one in plan.lock.packages} == {
        "acme/polite": "*",
        "acme/sources": "None",
    }
    again = desk.install()
    assert told(again) == ["keep acme/polite", "keep acme/sources"]
    assert dump(again.lock) == desk.scope.lock.read_bytes()
    assert not again.changes


def test_the_same_inputs_give_the_same_lock(desk):
    desk.publish("sources", "1.0.0")
    desk.publish("polite", "1.0.0", needs=NEEDS)
    first, second = desk.install("polite", "sources"), desk.install("sources", "polite")
    assert dump(first.lock) == dump(second.lock)


def test_the_lock_stays_until_it_is_updated(desk):
    desk.publish("polite", "1.0.0")
    desk.apply(desk.install("polite"))
    desk.publish("polite", "1.1.0")
    before = desk.scope.lock.read_bytes()
    assert dump(desk.install().lock) == before
    assert dump(desk.install(mode=Mode.LOCKED).lock) == before
    plan = desk.apply(desk.update())
    assert told(plan) == ["update acme/polite"]
    assert str(plan.steps[0].version_before) == "1.0.0"
    assert str(plan.steps[0].parcel.row.version) == "1.1.0"
    assert "serial = 2" in desk.scope.lock.read_text("utf-8")


def test_locked_refuses_to_change_the_lock(desk):
    desk.publish("polite", "1.0.0")
    error = refused(HocketError, lambda: desk.install("polite", mode=Mode.LOCKED))
    assert (error.exit_code, error.code) == (1, "locked")
    assert "acme/polite: not there → 1.0.0" in error.message
    assert told(desk.install(mode=Mode.LOCKED)) == []


def test_a_range_unlocks_what_it_is_about(desk):
    desk.publish("polite", "1.0.0")
    desk.apply(desk.install("polite@^1"))
    desk.publish("polite", "2.0.0")
    assert told(desk.update()) == ["keep acme/polite"]
    plan = desk.update("polite@^2")
    assert told(plan) == ["update acme/polite"]
    assert {key: str(one) for key, one in plan.lock.requested.items()} == {"acme/polite": "^2"}
    assert told(desk.install("polite@^2")) == ["update acme/polite"]


def test_a_name_in_two_registries_has_to_be_said_in_full(desk):
    desk.publish("polite", "1.0.0")
    desk.publish("polite", "1.0.0", registry="other")
    error = refused(UsageError, lambda: desk.install("polite"))
    assert error.expected == "acme/polite or other/polite"
    assert told(desk.install("other/polite")) == ["add other/polite"]
    assert refused(NotFound, lambda: desk.install("pollite")).hint.startswith("Did you mean")


def test_two_bundles_with_one_command_need_another_name(desk):
    desk.publish("polite", "1.0.0")
    desk.publish("polite", "1.0.0", registry="other")
    desk.apply(desk.install("acme/polite"))
    error = refused(RefusedError, lambda: desk.install("other/polite"))
    assert error.exit_code == 4
    assert "other/polite: the command /polite is that of acme/polite" in error.message
    assert "--as NAME" in error.hint
    plan = desk.apply(desk.install("other/polite", as_name="kind"))
    assert told(plan) == ["keep acme/polite", "add other/polite"]
    assert (desk.scope.own / "workflows" / "kind" / "SKILL.md").exists()
    # The name stays: nobody has to say it again.
    assert told(desk.install()) == ["keep acme/polite", "keep other/polite"]


@pytest.mark.parametrize(("specs", "as_name"), [(("aa", "bb"), "kind"), (("aa",), "Kind Of")])
def test_another_name_is_for_one_bundle_and_a_name(desk, specs, as_name):
    assert refused(UsageError, lambda: desk.install(*specs, as_name=as_name)).who == "--as"


def test_the_name_of_a_built_in_command_is_hidden_only_if_it_is_meant(desk):
    desk.publish("tour", "1.0.0", registry="core")
    desk.publish("tour", "1.0.0")
    error = refused(RefusedError, lambda: desk.install("acme/tour"))
    assert (error.exit_code, "--accept=shadow:/tour" in error.hint) == (4, True)
    plan = desk.install("acme/tour", accepted=("shadow:/tour",))
    assert told(plan) == ["add acme/tour"]
    assert told(desk.install("acme/tour", as_name="trip")) == ["add acme/tour"]
    assert told(desk.install("core/tour")) == ["add core/tour"]
    desk.apply(plan, accepted=("shadow:/tour",))
    assert told(desk.install()) == ["keep acme/tour"]


def test_exports_go_where_they_are_asked_for_and_stay_there(desk):
    desk.publish("polite", "1.0.0")
    desk.apply(desk.install("polite", exports=("agents", "claude")))
    assert (desk.project / ".agents" / "skills" / "polite" / "SKILL.md").exists()
    assert told(desk.install()) == ["keep acme/polite"]
    desk.publish("polite", "1.1.0")
    places = [copy.place for copy in desk.update().steps[0].parcel.copies]
    assert places == ["workflows", "agents", "claude"]
    assert refused(UsageError, lambda: desk.install("polite", exports=("moon",))).who == "--export"


def test_what_was_edited_or_lost_is_put_back(desk):
    desk.publish("polite", "1.0.0")
    desk.apply(desk.install("polite"))
    (desk.scope.own / "workflows" / "polite" / "SKILL.md").write_text("mine", "utf-8")
    assert told(desk.install()) == ["update acme/polite"]


def test_a_version_that_was_published_twice_is_refused_by_the_lock(desk):
    desk.publish("polite", "1.0.0")
    desk.apply(desk.install("polite"))
    desk.publish("polite", "1.0.0", files={"rubrics/polite.md": "Be rude.\n"})
    error = refused(PackageRefused, desk.install)
    assert (error.exit_code, error.code) == (3, "digest")
    assert "acme/polite 1.0.0: the registry has digest" in error.message


def test_a_registry_at_another_address_or_with_other_signers_is_another_one(desk):
    desk.publish("polite", "1.0.0")
    desk.apply(desk.install("polite"))
    desk.signers["acme"] = b"somebody else"
    error = refused(StructureError, desk.install)
    assert "--accept=signers:sha256:" in error.hint
    given = error.hint.partition("--accept=")[2]
    assert "signers = " in dump(desk.install(accepted=(given,)).lock).decode()
    del desk.signers["acme"]
    text = desk.scope.lock.read_text("utf-8")
    here = str(desk.shops["acme"])
    desk.scope.lock.write_text(text.replace(here, "https://elsewhere.example/x.git"), "utf-8")
    error = refused(PackageRefused, desk.install)
    assert (error.code, here in error.message) == ("source", True)


def test_what_nobody_needs_any_more_stays_in_the_lock_until_it_is_pruned(desk):
    desk.publish("sources", "1.0.0")
    desk.publish("polite", "1.0.0", needs=NEEDS)
    desk.apply(desk.install("polite"))
    desk.publish("polite", "1.1.0")
    plan = desk.apply(desk.update())
    assert told(plan) == ["update acme/polite"]
    assert [one.name for one in plan.lock.packages] == ["acme/polite", "acme/sources"]
    assert reading.read(dump(plan.lock)) == plan.lock


def test_an_orphan_goes_where_what_it_needs_is_no_longer_there_as_it_was(desk):
    desk.publish("origins", "1.0.0")
    desk.publish("sources", "1.0.0", needs='origins = "^1"')
    desk.publish("polite", "1.0.0", needs=NEEDS)
    desk.apply(desk.install("polite", "origins@*"))
    desk.apply(desk.remove("polite"))
    desk.publish("origins", "2.0.0")
    plan = desk.update("origins")
    assert [one.reference for one in plan.lock.packages] == ["acme/origins@2.0.0"]
    assert plan.notes == ("nothing needs acme/sources any more, it is no longer in hocket.lock",)
    assert told(plan) == ["update acme/origins", "remove acme/sources"]


def test_what_is_locked_from_a_registry_that_is_not_here_cannot_be_solved(desk):
    desk.publish("polite", "1.0.0")
    desk.publish("kind", "1.0.0", registry="other")
    desk.apply(desk.install("polite", "kind"))
    del desk.shops["other"]
    assert "no registry at hand has other/kind" in refused(NoSolution, desk.install).hint


def test_accepting_another_age_is_no_other_consent(desk):
    desk.publish("polite", "1.0.0")
    assert told(desk.install("polite", accepted=("network:*", "young:polite"))) == [
        "add acme/polite"
    ]


def test_update_wants_names_of_what_is_installed(desk):
    desk.publish("polite", "1.0.0")
    assert refused(NotFound, lambda: desk.update("polite")).exit_code == 1
    assert refused(UsageError, lambda: desk.update("./polite")).exit_code == 2
    assert told(desk.update()) == []


def test_without_registries_only_a_frozen_install_is_possible(desk):
    desk.is_closed = True
    assert refused(UsageError, desk.install).expected == "--frozen"
