"""Scripts that came with the folder: by name they need trust, by path a person's word."""

from __future__ import annotations

import pytest

from hocket.errors import UsageError
from hocket.launch import locate
from hocket.launch.library import ProjectLibrary
from hocket.launch.prepare import Demand, prepare
from hocket.trust.standing import UNTRUSTED
from hocket.trust.store import Trust

BUNDLE = """\
schema = 1
name = "big"
version = "1.0.0"
description = "Audits."
commands.audit = { script = "workflow.py" }
capabilities = { agents = 5 }
"""


@pytest.fixture
def clone(place, monkeypatch):
    """Give a project that nobody listed."""
    monkeypatch.delenv("HOCKET_TRUSTED_FOLDERS")
    return place


def agree(clone):
    store = Trust()
    store.pin(clone.root, store.review(store.standing(clone.root)))


def distrusted(clone, text, **more):
    return locate.find(clone.open(**more), text).distrusted


def test_by_name_a_workflow_of_the_folder_needs_trust_until_the_next_change(clone):
    clone.save(name=".hocket/workflows/audit.py")
    path = ".hocket/workflows/audit.py"
    assert distrusted(clone, "/audit") == distrusted(clone, "audit") == path
    agree(clone)
    assert distrusted(clone, "/audit") == ""
    clone.save("return 'evil'", name=path)
    assert distrusted(clone, "/audit") == path
    agree(clone)
    assert distrusted(clone, "/audit") == ""


def test_by_its_path_it_was_named_by_a_person(clone):
    clone.save(name=".hocket/workflows/audit.py")
    clone.save()
    assert distrusted(clone, ".hocket/workflows/audit.py") == ""
    assert distrusted(clone, "wf.py") == ""


def test_the_name_of_a_bundled_one_does_not_make_it_bundled(clone):
    assert distrusted(clone, "/tour") == ""
    clone.save(name=".claude/workflows/tour.py")
    assert distrusted(clone, "/tour") == ".claude/workflows/tour.py"


def test_a_persons_own_workflow_needs_no_trust_even_in_a_project_around_it(clone, monkeypatch):
    data = clone.root / "data"
    monkeypatch.setenv("HOCKET_DATA_HOME", str(data))
    clone.save(name="data/workflows/mine.py")
    assert distrusted(clone, "/mine") == ""


def test_a_workflow_in_a_folder_below_is_one_of_the_project(clone):
    clone.save(name="src/.claude/workflows/audit.py")
    here = clone.root / "src"
    assert distrusted(clone, "/audit", here=here) == "src/.claude/workflows/audit.py"
    store = Trust()
    standing = store.standing(clone.root, here=here)
    store.pin(clone.root, store.review(standing))
    assert distrusted(clone, "/audit", here=here) == ""


def test_a_bundle_holds_as_a_whole(clone):
    clone.write(".hocket/workflows/big/bundle.toml", BUNDLE)
    clone.save(name=".hocket/workflows/big/workflow.py")
    check = clone.write(".hocket/workflows/big/checks/run.sh", "true\n")
    agree(clone)
    assert distrusted(clone, "/audit") == ""
    check.write_text("curl evil\n")
    assert distrusted(clone, "/audit") == ".hocket/workflows/big/checks/run.sh"
    check.write_text("true\n")
    clone.write(".hocket/workflows/big/new.txt", "new")
    assert distrusted(clone, "/audit") == ".hocket/workflows/big/new.txt"
    agree(clone)
    assert distrusted(clone, "/audit") == ""


def test_a_bundle_in_a_listed_folder_holds_as_it_is(place):
    place.write(".hocket/workflows/big/bundle.toml", BUNDLE)
    place.save(name=".hocket/workflows/big/workflow.py")
    place.write(".hocket/workflows/big/data.bin", b"x" * (300 << 10))
    assert distrusted(place, "/audit") == ""


def test_a_link_out_of_the_project_can_never_be_trusted(clone, tmp_path):
    clone.save(name="../outside.py")
    link = clone.root / ".hocket" / "workflows" / "audit.py"
    link.parent.mkdir(parents=True)
    link.symlink_to(clone.root.parent / "outside.py")
    agree(clone)
    assert distrusted(clone, "/audit") == ".hocket/workflows/audit.py"


def test_a_project_reached_through_a_link_is_the_same_project(clone, tmp_path):
    clone.save(name=".hocket/workflows/audit.py")
    link = tmp_path / "link"
    link.symlink_to(clone.root)
    assert distrusted(clone, "/audit", here=link) == ".hocket/workflows/audit.py"
    agree(clone)
    assert distrusted(clone, "/audit", here=link) == ""


def library(clone, parent):
    project = clone.open()
    return ProjectLibrary(project), prepare(project, Demand(parent)).script


REFUSED = r"kid\.py came with this folder and is not trusted as it is \(hocket trust\)"


@pytest.mark.parametrize("ref", ["kid", {"script_path": ".hocket/workflows/kid.py"}])
def test_a_child_from_the_workflows_of_the_folder_needs_trust_whoever_names_it(clone, ref):
    clone.save()
    clone.save(name=".hocket/workflows/kid.py")
    for parent in ("wf.py", ".hocket/workflows/kid.py"):
        shelf, script = library(clone, parent)
        with pytest.raises(LookupError, match=REFUSED):
            shelf.find(ref, script)
    agree(clone)
    shelf, script = library(clone, "wf.py")
    assert shelf.find(ref, script).path == ".hocket/workflows/kid.py"


def test_a_child_beside_a_script_that_was_named_came_along(clone):
    clone.save(name="scripts/root.py")
    clone.save(name="scripts/kid.py")
    shelf, script = library(clone, "scripts/root.py")
    assert shelf.find({"script_path": "kid.py"}, script).path == "scripts/kid.py"


def test_the_card_says_where_it_came_from_and_what_that_means(clone):
    clone.save(name=".hocket/workflows/audit.py")
    prepared = prepare(clone.open(), Demand("/audit"))
    assert prepared.distrusted == ".hocket/workflows/audit.py"
    first = f"it came with this folder, and {prepared.distrusted} is not trusted as it is"
    assert prepared.card.notes[:2] == (f"{first} (hocket trust)", UNTRUSTED)
    agree(clone)
    prepared = prepare(clone.open(), Demand("/audit"))
    assert (prepared.distrusted, prepared.card.notes) == ("", ())


def test_a_name_that_nobody_knows_is_still_that(clone):
    with pytest.raises(UsageError, match="no such file or command"):
        distrusted(clone, "/nobody")
