"""Two names are exchanged, with one call or with two."""

from __future__ import annotations

import errno
import os

import pytest
from households import OldDisk

from hocket.registry.installing.disk import EXCHANGE, NOREPLACE, Disk
from hocket.registry.installing.swapping import move, put, swap

DISKS = pytest.mark.parametrize("disk", [Disk(), OldDisk()], ids=["renameat2", "renames"])


@pytest.fixture
def folder(tmp_path):
    fd = os.open(tmp_path, os.O_RDONLY)
    yield fd
    os.close(fd)


def told(path):
    return {one.name: one.read_text() for one in sorted(path.iterdir())}


@DISKS
def test_a_target_that_is_absent_gets_what_is_staged(tmp_path, folder, disk):
    (tmp_path / "new").write_text("new")
    swap(disk, (folder, "new"), (folder, "target"))
    assert told(tmp_path) == {"target": "new"}


def test_one_exchange(tmp_path, folder):
    (tmp_path / "new").write_text("new")
    (tmp_path / "target").write_text("old")
    swap(Disk(), (folder, "new"), (folder, "target"))
    assert told(tmp_path) == {"new": "old", "target": "new"}


def test_two_renames_keep_the_old_one(tmp_path, folder):
    (tmp_path / "new").write_text("new")
    (tmp_path / "target").write_text("old")
    swap(OldDisk(), (folder, "new"), (folder, "target"))
    assert told(tmp_path) == {"new.old": "old", "target": "new"}


@DISKS
@pytest.mark.parametrize("act", [put, move])
def test_a_name_that_is_taken_is_not_written_over(tmp_path, folder, disk, act):
    (tmp_path / "one").write_text("one")
    (tmp_path / "other").write_text("other")
    with pytest.raises(FileExistsError):
        act(disk, (folder, "one"), (folder, "other"))
    assert told(tmp_path) == {"one": "one", "other": "other"}


class Kernel(Disk):
    """A libc whose call fails so, or has none."""

    def __init__(self, number):
        self.number = number

    def _call(self):
        return None if self.number is None else lambda *_words: -1

    def _errno(self):
        return self.number


@pytest.mark.parametrize("number", [None, errno.ENOSYS, errno.EINVAL])
def test_a_system_that_cannot_says_so(folder, number):
    assert Kernel(number).rename_by(EXCHANGE, (folder, "one"), (folder, "other")) is False


def test_other_errors_are_raised(folder):
    with pytest.raises(OSError, match="Input/output") as raised:
        Kernel(errno.EIO).rename_by(NOREPLACE, (folder, "one"), (folder, "other"))
    assert (raised.value.filename, raised.value.filename2) == ("one", "other")
