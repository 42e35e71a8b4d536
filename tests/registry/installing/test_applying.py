"""A plan is carried out wholly, and what a person wrote is never lost by it."""

from __future__ import annotations

import pytest
from households import (
    CONSENT,
    FILES,
    carry_out,
    files,
    household,
    install,
    leftovers,
    parcel,
    plan,
    problems,
    tree,
)

from hocket.errors import HocketError, PackageRefused, RefusedError, StructureError
from hocket.registry.installing.applying import apply
from hocket.registry.installing.kept import Kept
from hocket.registry.installing.plan import Copy
from hocket.registry.receipts.receipt import Distribution, Place, Placed


@pytest.fixture(params=[True, False], ids=["project", "user"])
def scope(request, tmp_path):
    return household(tmp_path, project=request.param)


def test_what_is_added_is_there_with_receipt_and_lock(scope):
    done = install(scope, parcel("deep"), parcel("web", files={"SKILL.md": "web"}))
    assert files(scope.base(Place.WORKFLOWS)) == {
        **{f"deep/{path}": text for path, text in FILES.items()},
        "web/SKILL.md": "web",
    }
    assert [one.name for one in done.receipts] == ["acme/deep", "acme/web"]
    assert Kept(scope).all() == {one.name: one for one in done.receipts}
    assert problems(scope) == leftovers(scope) == []


def test_an_executable_file_stays_executable_and_the_copy_is_the_persons_to_write(scope):
    install(scope, parcel("deep"))
    target = scope.base(Place.WORKFLOWS) / "deep"
    assert (target / "bin/run.sh").stat().st_mode & 0o700 == 0o700
    assert (target / "SKILL.md").stat().st_mode & 0o700 == 0o600


def test_an_update_takes_the_new_tree_alone(scope):
    install(scope, parcel("deep"))
    done = install(scope, parcel("deep", "1.1.0", {"SKILL.md": "two", "new.md": "new"}))
    assert files(scope.base(Place.WORKFLOWS)) == {"deep/SKILL.md": "two", "deep/new.md": "new"}
    (receipt,) = done.receipts
    assert receipt.previous is not None
    assert str(receipt.previous.version) == "1.0.0"
    assert done.asides == ()
    assert problems(scope) == leftovers(scope) == []


def test_an_update_keeps_edits_and_foreign_files_beside_the_new_tree(scope):
    install(scope, parcel("deep"))
    target = scope.base(Place.WORKFLOWS) / "deep"
    (target / "SKILL.md").write_text("mine")
    (target / "notes").mkdir()
    (target / "notes/own.md").write_text("own")
    done = install(scope, parcel("deep", "1.1.0", {"SKILL.md": "two"}))
    (aside,) = done.asides
    assert aside.path.endswith("workflows/deep.edited-1.0.0")
    assert aside.files == ("SKILL.md", "notes/own.md")
    assert files(scope.base(Place.WORKFLOWS)) == {
        "deep/SKILL.md": "two",
        "deep.edited-1.0.0/SKILL.md": "mine",
        "deep.edited-1.0.0/notes/own.md": "own",
    }
    assert problems(scope) == leftovers(scope) == []


def test_edits_that_are_kept_twice_do_not_meet(scope):
    install(scope, parcel("deep"))
    for text in ("mine", "mine again"):
        (scope.base(Place.WORKFLOWS) / "deep/SKILL.md").write_text(text)
        install(scope, parcel("deep"))
    found = files(scope.base(Place.WORKFLOWS))
    assert found["deep.edited-1.0.0/SKILL.md"] == "mine"
    assert found["deep.edited-1.0.0-2/SKILL.md"] == "mine again"
    assert found["deep/SKILL.md"] == "one"


def test_a_removal_deletes_what_is_ours_and_keeps_the_rest(scope):
    install(scope, parcel("deep"), parcel("web"))
    (scope.base(Place.WORKFLOWS) / "deep/SKILL.md").write_text("mine")
    done = install(scope, remove=["deep", "web"])
    assert done.removed == ("acme/deep", "acme/web")
    assert [one.files for one in done.asides] == [("SKILL.md",)]
    assert files(scope.base(Place.WORKFLOWS)) == {"deep.edited-1.0.0/SKILL.md": "mine"}
    assert Kept(scope).all() == {}
    assert problems(scope) == leftovers(scope) == []


def test_single_files_and_exports_are_put_where_they_belong(scope):
    deep = parcel(
        "deep",
        copies=[
            Copy(Place.WORKFLOWS, "deep", tree()),
            Copy(Place.AGENTS, "deep", tree({"SKILL.md": "shim"})),
            Copy(Place.CLAUDE_WORKFLOW, "deep.js", tree({"workflow.js": "1"})),
        ],
    )
    install(scope, deep)
    assert (scope.root / ".agents/skills/deep/SKILL.md").read_text() == "shim"
    assert (scope.root / ".claude/workflows/deep.js").read_text() == "1"
    assert problems(scope) == []
    (scope.root / ".claude/workflows/deep.js").write_text("2")
    assert problems(scope) == ["claude-workflow/deep.js: changed"]
    done = install(scope, parcel("deep", "1.1.0"))
    assert files(scope.root / ".claude") == {"workflows/deep.js.edited-1.0.0": "2"}
    assert [one.files for one in done.asides] == [("",)]
    assert files(scope.root / ".agents") == {}
    assert problems(scope) == leftovers(scope) == []


def test_the_very_bytes_that_are_there_are_taken_as_installed(scope):
    target = scope.base(Place.WORKFLOWS) / "deep"
    target.mkdir(parents=True)
    (target / "SKILL.md").write_text("one")
    inode = target.stat().st_ino
    install(scope, parcel("deep", files={"SKILL.md": "one"}))
    assert target.stat().st_ino == inode
    assert problems(scope) == []


def test_what_hocket_did_not_put_there_is_refused(scope):
    target = scope.base(Place.WORKFLOWS) / "deep"
    target.mkdir(parents=True)
    (target / "SKILL.md").write_text("mine")
    with pytest.raises(PackageRefused, match="hocket did not put it there") as refused:
        install(scope, parcel("deep"))
    assert (refused.value.code, refused.value.exit_code) == ("tree", 3)
    assert files(scope.base(Place.WORKFLOWS)) == {"deep/SKILL.md": "mine"}
    assert not scope.lock.exists()
    assert leftovers(scope) == []


def test_a_plan_is_not_carried_out_over_another_lock(scope):
    told = plan(scope, parcel("deep"))
    install(scope, parcel("web"))
    with pytest.raises(HocketError, match="changed since the plan was made") as raised:
        carry_out(told)
    assert raised.value.exit_code == 1
    assert [*Kept(scope).all()] == ["acme/web"]


def test_a_plan_is_not_carried_out_over_other_receipts(scope):
    told = plan(scope, parcel("deep"))
    install(scope, parcel("deep"))
    scope.lock.unlink()
    with pytest.raises(HocketError, match="what is installed changed"):
        carry_out(told)


def test_a_damaged_receipt_does_not_stop_the_install_that_repairs_it(scope):
    install(scope, parcel("deep"))
    scope.receipt("acme/deep").write_text("no")
    install(scope, parcel("deep"))
    assert problems(scope) == []


def test_nothing_is_installed_without_consent(scope):
    with pytest.raises(RefusedError, match="nobody allowed it"):
        apply(plan(scope, parcel("deep")), {}, CONSENT.at, "0.3.0")
    assert files(scope.base(Place.WORKFLOWS)) == {}
    assert leftovers(scope) == []


def test_an_update_without_new_consent_keeps_the_old(scope):
    install(scope, parcel("deep"))
    told = plan(scope, parcel("deep", "1.1.0"))
    assert apply(told, {}, CONSENT.at, "0.3.0").receipts[0].consent == CONSENT


def test_a_tree_that_is_not_the_rows_is_refused(scope):
    other = parcel("deep", files={"SKILL.md": "other"})
    wrong = parcel("deep")
    object.__setattr__(wrong, "tree", other.tree)
    with pytest.raises(StructureError, match="the files have digest"):
        install(scope, wrong)
    assert leftovers(scope) == []


def test_two_packages_do_not_share_a_target_and_none_leads_out(scope):
    one, two = parcel("deep"), parcel("web", copies=[Copy(Place.WORKFLOWS, "deep", tree())])
    with pytest.raises(PackageRefused, match="two packages want"):
        install(scope, one, two)
    out = parcel("web", copies=[Copy(Place.WORKFLOWS, "../deep", tree())])
    with pytest.raises(PackageRefused, match="not a path inside"):
        install(scope, out)
    assert leftovers(scope) == []


def test_python_packages_come_after_the_stage_and_before_the_receipts(scope):
    code = (Placed("acme/__init__.py", "f", "sha256:" + "a" * 64),)
    acme = Distribution("acme", "1.0.0", code)
    seen = []

    def pip():
        seen.extend(path.name for path in scope.stage.glob("*/*"))
        assert not scope.lock.exists()
        return {"acme/deep": (acme,)}

    done = carry_out(plan(scope, parcel("deep")), packages=pip)
    assert seen == ["0"]
    assert done.receipts[0].distributions == (acme,)
    assert Kept(scope).all()["acme/deep"] == done.receipts[0]


def test_python_packages_that_fail_leave_everything_as_it_was(scope):
    def pip():
        raise HocketError("pip", found="it fell over")

    with pytest.raises(HocketError, match="fell over"):
        carry_out(plan(scope, parcel("deep")), packages=pip)
    assert not scope.lock.exists()
    assert files(scope.base(Place.WORKFLOWS)) == {}
    assert leftovers(scope) == []
