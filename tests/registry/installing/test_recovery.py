"""What a dead process left is finished or undone, and nothing that a person wrote goes with it."""

from __future__ import annotations

import json
import shutil

import pytest
from households import (
    FILES,
    StoppingDisk,
    files,
    household,
    install,
    leftovers,
    parcel,
    problems,
    stopped,
    tree,
)

from hocket.errors import PackageRefused
from hocket.registry.installing import intents, pledges
from hocket.registry.installing.disk import Disk
from hocket.registry.installing.kept import Kept
from hocket.registry.installing.plan import Copy
from hocket.registry.installing.recovery import recover
from hocket.registry.receipts.receipt import Place

TWO = {"SKILL.md": "two"}
COMPLETE = "an install that was interrupted is now complete"
CLEARED = "an install that had changed nothing yet was cleared away"
BOTH = pytest.mark.parametrize("exchange", [True, False], ids=["exchange", "renames"])


@pytest.fixture
def scope(tmp_path):
    scope = household(tmp_path)
    install(scope, parcel("deep"), parcel("web"))
    return scope


def workflows(scope):
    return files(scope.base(Place.WORKFLOWS))


def both(number, content):
    """Make a package with two targets."""
    copies = [Copy(place, "deep", tree(content)) for place in (Place.WORKFLOWS, Place.AGENTS)]
    return parcel("deep", number, content, copies=copies)


def damage(scope):
    """Damage all of the store, and the copy that is staged for the second target."""
    for path in [*scope.store.glob("hk1-*/SKILL.md"), *scope.stage.glob("*/1/SKILL.md")]:
        path.chmod(0o644)
        path.write_text("damaged")


def test_nothing_left_is_nothing_done(scope, tmp_path):
    assert recover(scope) == ()
    assert recover(household(tmp_path / "new")) == ()
    assert problems(scope) == []


def test_temporary_files_are_deleted(scope):
    (scope.store / ".tmp-1").mkdir()
    (scope.receipts / ".tmp-acme--deep.toml").write_text("")
    assert recover(scope) == ()
    assert leftovers(scope) == problems(scope) == []


def test_a_stage_without_an_intent_is_deleted(scope):
    stopped(scope, StoppingDisk("rename new to intent.json"), parcel("deep", "1.1.0", TWO))
    before = workflows(scope)
    assert recover(scope) == (CLEARED,)
    assert workflows(scope) == before
    assert leftovers(scope) == problems(scope) == []


@BOTH
@pytest.mark.parametrize("words", ["put", "exchange", "rename lock", "rename .tmp-acme"])
@pytest.mark.parametrize("after", [False, True])
def test_an_intent_is_carried_out(scope, exchange, words, after):
    disk = StoppingDisk(words, after=after, exchange=exchange)
    stopped(scope, disk, parcel("deep", "1.1.0", TWO), parcel("new"), remove=["web"])
    assert recover(scope) == (COMPLETE,)
    assert workflows(scope) == {
        "deep/SKILL.md": "two",
        **{f"new/{path}": text for path, text in FILES.items()},
    }
    assert sorted(Kept(scope).all()) == ["acme/deep", "acme/new"]
    assert leftovers(scope) == problems(scope) == []
    assert recover(scope) == ()


def test_what_was_edited_is_told_by_the_command_that_found_it(scope):
    (scope.base(Place.WORKFLOWS) / "deep/SKILL.md").write_text("mine")
    stopped(scope, StoppingDisk("exchange", after=True), parcel("deep", "1.1.0", TWO))
    kept = "kept .hocket/workflows/deep.edited-1.0.0: SKILL.md"
    assert recover(scope) == (COMPLETE, kept)
    assert workflows(scope)["deep.edited-1.0.0/SKILL.md"] == "mine"


def test_an_edit_of_the_new_files_before_the_recovery_is_kept_as_well(scope):
    target = scope.base(Place.WORKFLOWS) / "deep"
    (target / "SKILL.md").write_text("mine")
    stopped(scope, StoppingDisk("exchange", after=True), parcel("deep", "1.1.0", TWO))
    (target / "SKILL.md").write_text("mine too")
    recover(scope)
    found = workflows(scope)
    assert found["deep/SKILL.md"] == "two"
    assert {found["deep.edited-1.0.0/SKILL.md"], found["deep.edited-1.0.0-2/SKILL.md"]} == {
        "mine",
        "mine too",
    }
    assert leftovers(scope) == problems(scope) == []


def test_once_all_is_moved_an_edit_is_an_edit(scope):
    stopped(scope, StoppingDisk("rename lock"), parcel("deep", "1.1.0", TWO))
    (scope.base(Place.WORKFLOWS) / "deep/SKILL.md").write_text("mine")
    assert recover(scope) == (COMPLETE,)
    assert problems(scope) == ["workflows/deep/SKILL.md: changed"]


def test_a_staged_copy_that_was_damaged_is_copied_again(scope):
    stopped(scope, StoppingDisk("exchange"), parcel("deep", "1.1.0", TWO))
    for path in scope.stage.glob("*/0/SKILL.md"):
        path.write_text("damaged")
    assert recover(scope)[0] == COMPLETE
    assert workflows(scope)["deep/SKILL.md"] == "two"
    assert leftovers(scope) == problems(scope) == []


@BOTH
def test_with_store_and_copy_damaged_the_old_ones_come_back(scope, exchange):
    install(scope, both("1.0.0", None))
    before = workflows(scope), scope.lock.read_bytes()
    # Without an exchange this is told first, and not done: there the two renames come next.
    disk = StoppingDisk("exchange 1 ", exchange=exchange)
    stopped(scope, disk, both("1.1.0", TWO), parcel("new"), remove=["web"])
    damage(scope)
    with pytest.raises(PackageRefused, match="in the store do not have the digest") as refused:
        recover(scope)
    assert (refused.value.code, refused.value.exit_code) == ("digest", 3)
    found = {path: text for path, text in workflows(scope).items() if ".edited-" not in path}
    assert (found, scope.lock.read_bytes()) == before
    assert leftovers(scope) == []
    assert recover(scope) == ()


def test_a_removal_and_an_addition_are_taken_back_too(scope):
    outside = scope.root / "outside"
    outside.mkdir()
    new = parcel(
        "new",
        copies=[Copy(Place.WORKFLOWS, "new", tree()), Copy(Place.CLAUDE, "new", tree())],
    )
    disk = StoppingDisk("put 1 ")
    stopped(scope, disk, new, remove=["web"])
    assert "new/SKILL.md" in workflows(scope)
    shutil.rmtree(scope.root / ".claude", ignore_errors=True)
    (scope.root / ".claude").symlink_to(outside)
    with pytest.raises(PackageRefused, match=r"'\.claude' is a link"):
        recover(scope)
    assert sorted({path.partition("/")[0] for path in workflows(scope)}) == ["deep", "web"]
    assert list(outside.iterdir()) == []
    assert leftovers(scope) == problems(scope) == []


def test_what_cannot_be_taken_back_yet_is_later(scope):
    stopped(scope, StoppingDisk("rename lock"), both("1.1.0", TWO))
    again = pledges.given(scope)
    pledges.give(Disk(), scope, pledges.Pledge(again.stage, again.seal))
    home = scope.base(Place.WORKFLOWS)
    home.rename(scope.root / "aside")
    home.symlink_to(scope.root / "aside")
    for _ in range(2):
        with pytest.raises(PackageRefused, match="'workflows' is a link"):
            recover(scope)
    home.unlink()
    (scope.root / "aside").rename(home)
    assert recover(scope) == (COMPLETE,)
    assert leftovers(scope) == problems(scope) == []


def test_a_stage_that_came_with_the_project_does_nothing(scope):
    """A stranger's project may bring a stage; its intent would write receipts, and so consent."""
    evil = intents.Intent((), "version = 1\n", {"acme--evil.toml": "format = 1\n"})
    folder = scope.stage / "00"
    folder.mkdir(parents=True)
    (folder / intents.FILE).write_bytes(intents.dump(evil))
    before = scope.lock.read_bytes()
    (note,) = recover(scope)
    assert "was not begun here" in note
    assert scope.lock.read_bytes() == before
    assert not (scope.receipts / "acme--evil.toml").exists()
    assert problems(scope) == []
    assert (folder / intents.FILE).exists()
    install(scope, parcel("new"))
    assert problems(scope) == []


def test_an_intent_that_was_changed_is_not_carried_out(scope):
    stopped(scope, StoppingDisk("exchange"), parcel("deep", "1.1.0", TWO))
    (path,) = scope.stage.glob(f"*/{intents.FILE}")
    told = json.loads(path.read_bytes())
    told["lock"] = "version = 1\n"
    path.write_text(json.dumps(told))
    assert "was not begun here" in recover(scope)[0]
    assert problems(scope) == []


@pytest.mark.parametrize("kind", ["file", "link", "link to an intent", "folder for an intent"])
def test_oddities_in_the_stage_are_cleared_not_followed(scope, kind, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / intents.FILE).write_text("{}")
    scope.stage.mkdir()
    odd = scope.stage / "odd"
    if kind == "file":
        odd.write_text("")
    elif kind == "link":
        odd.symlink_to(outside)
    else:
        odd.mkdir()
        if kind == "link to an intent":
            (odd / intents.FILE).symlink_to(outside / intents.FILE)
        else:
            (odd / intents.FILE / "deep").mkdir(parents=True)
    assert recover(scope) == (CLEARED,)
    assert (outside / intents.FILE).read_text() == "{}"
    assert leftovers(scope) == problems(scope) == []


def test_a_pledge_that_is_damaged_pledges_nothing(scope):
    (scope.receipts / ".pledge").write_bytes(b"\xff")
    assert pledges.given(scope) is None
    assert recover(scope) == ()
    assert problems(scope) == []


def test_a_stage_that_a_person_deleted_is_forgotten(scope):
    stopped(scope, StoppingDisk("exchange"), parcel("deep", "1.1.0", TWO))
    shutil.rmtree(scope.stage)
    assert recover(scope) == ()
    assert leftovers(scope) == problems(scope) == []


def test_a_removed_target_that_somebody_made_again_is_theirs(scope):
    stopped(scope, StoppingDisk("rename lock"), remove=["web"])
    home = scope.base(Place.WORKFLOWS) / "web"
    home.mkdir()
    (home / "own.md").write_text("own")
    assert recover(scope) == (COMPLETE,)
    assert files(home) == {"own.md": "own"}
    assert leftovers(scope) == problems(scope) == []


def test_a_removal_that_was_made_is_taken_back(scope, tmp_path):
    install(scope, both("1.0.0", None))
    agents, lock = files(scope.base(Place.AGENTS)), scope.lock.read_bytes()
    stopped(scope, StoppingDisk("put deep and 1"), remove=["deep"])
    assert files(scope.base(Place.AGENTS)) == {}
    home = scope.base(Place.WORKFLOWS)
    home.rename(tmp_path / "aside")
    home.symlink_to(tmp_path / "aside")
    with pytest.raises(PackageRefused, match="'workflows' is a link"):
        recover(scope)
    assert (files(scope.base(Place.AGENTS)), scope.lock.read_bytes()) == (agents, lock)
    assert leftovers(scope) == []


def test_between_two_renames_with_nothing_to_put_the_old_one_comes_back(scope):
    disk = StoppingDisk("rename 0 to deep", exchange=False)
    stopped(scope, disk, parcel("deep", "1.1.0", TWO))
    assert "deep/SKILL.md" not in workflows(scope)
    for path in [*scope.store.glob("hk1-*/SKILL.md"), *scope.stage.glob("*/0/SKILL.md")]:
        path.chmod(0o644)
        path.write_text("damaged")
    with pytest.raises(PackageRefused, match="in the store do not have the digest"):
        recover(scope)
    assert workflows(scope)["deep/SKILL.md"] == "one"
    assert leftovers(scope) == []


def test_what_was_put_and_is_gone_again_stays_so_without_a_store(scope):
    stopped(scope, StoppingDisk("put 0 and new", after=True), parcel("new", files=TWO))
    shutil.rmtree(scope.base(Place.WORKFLOWS) / "new")
    damage(scope)
    with pytest.raises(PackageRefused, match="in the store do not have the digest"):
        recover(scope)
    assert "new/SKILL.md" not in workflows(scope)
    assert leftovers(scope) == []


def test_once_a_removal_is_made_it_is_not_made_again(scope):
    stopped(scope, StoppingDisk("put web and 1"), remove=["deep", "web"])
    assert recover(scope) == (COMPLETE,)
    assert workflows(scope) == {}
    assert leftovers(scope) == problems(scope) == []


def test_what_was_put_and_is_gone_again_is_put_once_more(scope):
    stopped(scope, StoppingDisk("put 0 and new", after=True), parcel("new", files=TWO))
    shutil.rmtree(scope.base(Place.WORKFLOWS) / "new")
    assert recover(scope) == (COMPLETE,)
    assert workflows(scope)["new/SKILL.md"] == "two"
    assert leftovers(scope) == problems(scope) == []
