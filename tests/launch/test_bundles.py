"""What runs is what was verified: ceilings and bytes of installed, written and bundled bundles."""

from __future__ import annotations

import shutil

import carried
import pytest
from receiving import GIVEN, install, receive, scope_of, write

from hocket.api.ceiling import Ceiling
from hocket.errors import RefusedError, StructureError
from hocket.launch import bundles, locate
from hocket.launch.library import ProjectLibrary
from hocket.launch.prepare import Demand, prepare

LOCK = """\
version = 1

[[registry]]
name = "acme"
url = "git+https://git.acme.example/x.git"
rev = "{rev}"
serial = 1

[[package]]
name = "acme/{name}"
kind = "bundle"
version = "1.2.0"
requested = "*"
digest = "hk1:{zeros}"
capabilities = "sha256:{zeros}"
source = "git+https://git.acme.example/x.git@{rev}"
"""


def find(place, text):
    return locate.find(place.open(), text)


def lock(scope, name):
    scope.lock.parent.mkdir(parents=True, exist_ok=True)
    scope.lock.write_text(LOCK.format(name=name, rev="0" * 40, zeros="0" * 64))


@pytest.fixture
def project(place):
    return scope_of(place.root)


def test_an_installed_bundle_is_held_to_what_was_agreed_to(place, project):
    install(project, "deep")
    found = find(place, "/deep")
    assert (found.script.ceiling, found.script.bundle) == (GIVEN, "deep")
    assert found.script.path == ".hocket/workflows/deep/deep.py"


def test_it_is_not_asked_about_again(place, project, monkeypatch):
    monkeypatch.delenv("HOCKET_TRUSTED_FOLDERS")
    install(project, "deep")
    assert find(place, "/deep").distrusted == ""
    write(project.own / "workflows", "mine")
    assert find(place, "/mine").distrusted == ".hocket/workflows/mine/mine.py"


@pytest.mark.parametrize(
    "edit",
    [
        lambda folder: (folder / "deep.py").write_text("evil"),
        lambda folder: (folder / "new.txt").write_text("new"),
        lambda folder: (folder / "bundle.toml").write_text("commands.deep.script = 'deep.py'"),
        lambda folder: (folder / "deep.py").chmod(0o755),
        lambda folder: (folder / "link").symlink_to("deep.py"),
    ],
)
def test_an_edited_bundle_does_not_run(place, project, edit):
    edit(install(project, "deep"))
    with pytest.raises(StructureError) as caught:
        find(place, "/deep")
    assert caught.value.exit_code == 3
    assert "edited" in caught.value.message


def test_the_bytes_are_those_of_the_verified_tree(place, project, monkeypatch):
    folder = install(project, "deep")
    real = bundles.sealed

    def late(scope, name):
        found = real(scope, name)
        (folder / "deep.py").write_text("evil, a moment later")
        return found

    monkeypatch.setattr(bundles, "sealed", late)
    assert "evil" not in find(place, "/deep").script.source


def test_its_other_files_are_read_from_the_store(place, project):
    folder = install(project, "deep")
    found = find(place, "/deep")
    kept = locate.file_of(place.root, found.script)
    assert kept.is_relative_to(project.store)
    assert kept.read_bytes() == (folder / "deep.py").read_bytes()
    assert locate.shown_at(place.root, found.script) == folder / "deep.py"
    shutil.rmtree(project.store)
    assert locate.file_of(place.root, found.script).is_file()


def test_by_its_path_it_is_held_to_the_same(place, project):
    install(project, "deep")
    for path in (
        ".hocket/workflows/deep/deep.py",
        str(place.root / ".hocket/workflows/deep/deep.py"),
    ):
        assert find(place, path).script.ceiling == GIVEN
    link = place.root / "link.py"
    link.symlink_to(place.root / ".hocket/workflows/deep/deep.py")
    assert find(place, "link.py").script.ceiling == GIVEN


def test_the_persons_bundles_have_receipts_of_their_own(place, project):
    user = scope_of()
    install(user, "deep")
    assert find(place, "/deep").script.ceiling == GIVEN
    # The receipt of one scope says nothing about a folder of the other.
    write(project.own / "workflows", "deep")
    assert find(place, "/deep").script.ceiling == Ceiling(agents=9)


def test_a_clone_has_no_receipts_and_asks_first(place, project):
    write(project.own / "workflows", "deep")
    lock(project, "deep")
    with pytest.raises(RefusedError) as caught:
        find(place, "/deep")
    assert caught.value.exit_code == 4
    assert "hocket install --frozen" in caught.value.hint
    receive(project, "deep")
    assert find(place, "/deep").script.ceiling == GIVEN


def test_a_lock_says_nothing_about_others(place, project):
    lock(project, "deep")
    write(project.own / "workflows", "mine")
    assert find(place, "/mine").script.ceiling == Ceiling(agents=9)


def test_a_lock_that_cannot_be_read_stops_what_it_may_speak_of(place, project):
    write(project.own / "workflows", "mine")
    project.lock.write_text("no lock")
    place.save(name=".hocket/workflows/alone.py")
    with pytest.raises(StructureError):
        find(place, "/mine")
    assert find(place, "/alone").script.ceiling is None


def test_a_bundle_by_hand_is_held_to_what_it_declares(place):
    write(place.root / ".claude/skills", "mine")
    found = find(place, "/mine").script
    assert (found.ceiling, found.bundle) == (Ceiling(agents=9), "mine")


def test_a_bundled_one_is_held_to_its_manifest(place):
    found = find(place, "/tour")
    assert (found.script.ceiling, found.script.bundle, found.file) == (
        Ceiling(agents=40),
        "tour",
        None,
    )
    assert locate.file_of(place.root, found.script).name == "workflow.py"


def test_a_file_by_itself_has_no_ceiling(place):
    place.save(name=".hocket/workflows/alone.py")
    place.save(name=".hocket/workflows/loose/inside.py")
    for text in ("/alone", ".hocket/workflows/loose/inside.py"):
        found = find(place, text).script
        assert (found.ceiling, found.bundle) == (None, "")


def test_a_broken_bundle_says_all_that_is_wrong_when_it_is_typed(place):
    place.save(name=".hocket/workflows/good.py")
    place.write(".hocket/workflows/bad/bundle.toml", 'name = "bad"\ncommands.go.script = "x.py"\n')
    with pytest.raises(StructureError) as caught:
        find(place, "/go")
    for said in ("bundle 'bad'", "schema: missing", "version: missing", "x.py"):
        assert said in caught.value.message
    assert find(place, "/good").script.manifest.name == "case"
    place.write(".hocket/workflows/bad/bundle.toml", "no TOML [")
    with pytest.raises(StructureError, match="not TOML"):
        find(place, "/bad")


def test_an_installed_bundle_with_a_broken_command_is_still_said(place, project):
    folder = install(project, "deep")
    manifest = folder / "bundle.toml"
    manifest.write_text(manifest.read_text().replace('"deep.py"', '"no.py"'))
    with pytest.raises(StructureError, match=r"no\.py"):
        find(place, "/deep")


def children(place, parent):
    project = place.open()
    return ProjectLibrary(project), prepare(project, Demand(parent)).script


def test_a_child_has_a_ceiling_of_its_own(place, project):
    install(project, "deep")
    write(project.own / "workflows", "mine")
    shelf, parent = children(place, "/deep")
    assert shelf.find("mine", parent).ceiling == Ceiling(agents=9)
    assert shelf.find("mine:mine", parent).bundle == "mine"
    shelf, parent = children(place, "/mine")
    assert shelf.find("deep", parent).ceiling == GIVEN


def test_a_child_of_no_bundle_may_no_more_than_its_parent(place, project):
    install(project, "deep")
    place.save(name=".hocket/workflows/alone.py")
    place.save(name="free.py")
    shelf, parent = children(place, "/deep")
    alone = shelf.find("alone", parent)
    assert (alone.ceiling, alone.bundle) == (GIVEN, "deep")
    shelf, free = children(place, "free.py")
    assert shelf.find("alone", free).ceiling is None
    assert shelf.find("alone", parent).ceiling == GIVEN


def test_a_child_beside_a_bundles_script_is_of_the_bundle(place, project):
    install(project, "deep", "acme", "deep", "part")
    shelf, parent = children(place, "/deep")
    part = shelf.find({"script_path": "part.py"}, parent)
    assert (part.ceiling, part.bundle) == (GIVEN, "deep")


@pytest.mark.parametrize(
    ("ref", "said"),
    [
        ("deep", "edited"),
        ("bad", "broken: bundle.toml: it cannot be read"),
        ("nobody", f"known: {', '.join(sorted(('bad', 'deep', *carried.names())))}"),
    ],
)
def test_what_cannot_be_a_child_is_said(place, project, ref, said):
    folder = install(project, "deep")
    (folder / "deep.py").write_text("evil")
    place.write(".hocket/workflows/bad/bundle.toml", "[")
    shelf, parent = children(place, "/tour")
    with pytest.raises(LookupError, match=said):
        shelf.find(ref, parent)


def test_a_manifest_that_cannot_be_opened_is_a_problem(tmp_path):
    assert bundles.manifest(tmp_path)[0].startswith("bundle.toml: it cannot be read: No such")


def test_a_link_is_no_file_of_a_bundle(place):
    folder = write(place.root / ".hocket/workflows", "mine")
    (folder / "mine.py").rename(folder / "real.py")
    (folder / "mine.py").symlink_to("real.py")
    with pytest.raises(StructureError, match="not in the bundle"):
        find(place, "/mine")
