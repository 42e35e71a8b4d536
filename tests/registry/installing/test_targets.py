"""Nothing is written beyond a link, whenever it appears, and nothing of a person is lost."""

from __future__ import annotations

import errno
import os

import pytest
from households import (
    FILES,
    MeddlingDisk,
    OldDisk,
    files,
    household,
    install,
    leftovers,
    parcel,
    problems,
    tree,
)

from hocket.errors import HocketError, PackageRefused
from hocket.registry.installing.disk import Disk
from hocket.registry.installing.plan import Copy
from hocket.registry.installing.ways import anchor
from hocket.registry.receipts.receipt import Place

TWO = {"SKILL.md": "two"}


@pytest.fixture
def scope(tmp_path):
    return household(tmp_path)


@pytest.fixture
def outside(tmp_path):
    (tmp_path / "outside").mkdir()
    return tmp_path / "outside"


def claude(number="1.0.0", content=None):
    """Make a package for the workflows, and for another program's folder."""
    copies = [Copy(place, "deep", tree(content)) for place in (Place.WORKFLOWS, Place.CLAUDE)]
    return parcel("deep", number, content, copies=copies)


@pytest.mark.parametrize("name", [".claude", ".claude/skills", ".claude/skills/deep"])
def test_a_link_on_the_way_is_refused(scope, outside, name):
    link = scope.root / name
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(outside)
    with pytest.raises(PackageRefused) as refused:
        install(scope, claude())
    assert (refused.value.code, refused.value.exit_code) == ("tree", 3)
    assert files(outside) == files(scope.base(Place.WORKFLOWS)) == {}
    assert not scope.lock.exists()
    assert leftovers(scope) == []


@pytest.mark.parametrize("name", [".hocket", ".hocket/.stage", ".hocket/workflows"])
def test_hockets_own_folder_is_no_link_either(scope, outside, name):
    link = scope.root / name
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(outside)
    with pytest.raises(PackageRefused, match="is a link or no folder"):
        install(scope, parcel("deep"))
    assert list(outside.iterdir()) == []


def test_a_file_on_the_way_is_refused(scope):
    (scope.root / ".claude").write_text("mine")
    with pytest.raises(PackageRefused, match="is a link or no folder"):
        install(scope, claude())
    assert (scope.root / ".claude").read_text() == "mine"


def test_the_folders_a_person_chose_may_be_links(tmp_path, outside):
    (tmp_path / "person").mkdir()
    for name in ("data", "home"):
        (outside / name).mkdir()
        (tmp_path / "person" / name).symlink_to(outside / name)
    scope = household(tmp_path / "person", project=False)
    install(scope, claude())
    assert problems(scope) == []
    assert (outside / "data/workflows/deep/SKILL.md").read_text() == "one"


@pytest.mark.parametrize("name", [".claude", ".claude/skills", ".claude/skills/deep"])
@pytest.mark.parametrize("words", ["rename new to intent.json", "exchange 0"])
def test_a_link_after_staging_is_refused_and_all_taken_back(scope, outside, name, words):
    install(scope, claude())
    lock = scope.lock.read_bytes()

    def meddle():
        (scope.root / name).rename(scope.root / "aside")
        (scope.root / name).symlink_to(outside)

    with pytest.raises(PackageRefused, match="link"):
        install(scope, claude("1.1.0", TWO), disk=MeddlingDisk(words, meddle))
    assert files(outside) == {}
    assert files(scope.base(Place.WORKFLOWS)) == {f"deep/{path}": FILES[path] for path in FILES}
    assert scope.lock.read_bytes() == lock
    assert leftovers(scope) == []


def test_a_way_that_is_open_leads_where_it_led(scope, outside):
    install(scope, claude())

    def meddle():
        (scope.root / ".claude/skills").rename(scope.root / "aside")
        (scope.root / ".claude/skills").symlink_to(outside)

    install(scope, claude("1.1.0", TWO), disk=MeddlingDisk("exchange 1 ", meddle))
    assert files(outside) == {}
    assert files(scope.root / "aside") == {"deep/SKILL.md": "two"}


def test_a_folder_that_appears_after_staging_is_kept_beside(scope):
    def meddle():
        own = scope.base(Place.WORKFLOWS) / "deep"
        own.mkdir(parents=True)
        (own / "own.md").write_text("own")

    done = install(scope, parcel("deep"), disk=MeddlingDisk("rename new to intent.json", meddle))
    (aside,) = done.asides
    assert aside.path == ".hocket/workflows/deep.edited-unknown"
    assert files(scope.root / aside.path) == {"own.md": "own"}
    assert problems(scope) == leftovers(scope) == []


def test_an_edit_after_staging_is_kept_beside(scope):
    install(scope, parcel("deep"))
    target = scope.base(Place.WORKFLOWS) / "deep"
    disk = MeddlingDisk("exchange", lambda: (target / "SKILL.md").write_text("mine"))
    done = install(scope, parcel("deep", "1.1.0", TWO), disk=disk)
    assert files(scope.root / done.asides[0].path) == {"SKILL.md": "mine"}
    assert problems(scope) == []


def test_a_link_that_a_person_put_into_a_bundle_is_kept_and_not_followed(scope, outside):
    (outside / "file").write_text("theirs")
    install(scope, parcel("deep"))
    (scope.base(Place.WORKFLOWS) / "deep/link").symlink_to(outside)
    done = install(scope, remove=["deep"])
    assert done.asides[0].files == ("link",)
    assert (scope.root / done.asides[0].path / "link").readlink() == outside
    assert files(outside) == {"file": "theirs"}


def test_without_an_exchange_it_is_the_same(scope):
    disk = OldDisk()
    install(scope, claude(), disk=disk)
    (scope.base(Place.WORKFLOWS) / "deep/SKILL.md").write_text("mine")
    done = install(scope, claude("1.1.0", TWO), disk=disk)
    assert files(scope.root / done.asides[0].path) == {"SKILL.md": "mine"}
    assert problems(scope) == leftovers(scope) == []
    install(scope, remove=["deep"], disk=disk)
    assert files(scope.base(Place.CLAUDE)) == {}


def test_another_file_system_is_refused_before_anything_is_changed(tmp_path):
    far = type(tmp_path)("/dev/shm")  # noqa: S108  (nothing is written there)
    if not far.is_dir() or far.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no second file system here")
    (tmp_path / "data").mkdir()
    near = household(tmp_path, project=False)
    scope = type(near)(near.data, far)
    copies = [Copy(Place.CLAUDE_WORKFLOW, "deep.js", tree(TWO))]
    with pytest.raises(HocketError, match="another file system") as raised:
        install(scope, parcel("deep", copies=copies))
    assert raised.value.code == "io"
    assert leftovers(scope) == []


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES, errno.EIO, errno.EDQUOT])
def test_a_disk_that_refuses_is_one_of_our_errors(scope, number):
    class Refusing(Disk):
        def step(self, what, act):
            raise OSError(number, os.strerror(number))

    with pytest.raises(HocketError, match="the disk fails") as raised:
        install(scope, parcel("deep"), disk=Refusing())
    assert (raised.value.code, raised.value.exit_code) == ("io", 1)
    assert raised.value.hint == "Nothing was changed."
    assert list(scope.root.iterdir()) == []


def test_a_disk_that_fails_later_is_gone_on_with(scope):
    class Failing(Disk):
        def step(self, what, act):
            if what.startswith("rename lock"):
                raise OSError(errno.EIO, "gone")
            return act()

    with pytest.raises(HocketError, match="the disk fails: gone") as raised:
        install(scope, parcel("deep"), disk=Failing())
    assert raised.value.hint == "The next hocket command here finishes it."
    with pytest.raises(HocketError, match="changed since the plan"):
        install(scope, parcel("deep"))
    assert problems(scope) == leftovers(scope) == []


def test_a_copy_that_is_not_what_was_written_is_refused(scope):
    class Lying(Disk):
        """Writes other bytes to files that are not read-only, as bad memory might."""

        lies = False

        def create(self, folder, name, mode):
            fd = super().create(folder, name, mode)
            self.lies = name == "SKILL.md" and mode == 0o666
            return fd

        def _write_some(self, fd, content):
            return super()._write_some(
                fd, memoryview(b"?" * len(content)) if self.lies else content
            )

    with pytest.raises(PackageRefused, match="do not have the digest"):
        install(scope, parcel("deep"), disk=Lying())
    assert files(scope.base(Place.WORKFLOWS)) == {}
    assert leftovers(scope) == []


def test_a_path_of_no_scope_is_refused(scope, outside):
    with pytest.raises(PackageRefused, match="outside its scope"):
        anchor(scope, outside)


def test_a_system_that_takes_no_advice_installs_the_same(scope, monkeypatch):
    monkeypatch.delattr(os, "posix_fadvise", raising=False)
    Disk().pause(0)
    install(scope, parcel("deep"))
    assert problems(scope) == []
