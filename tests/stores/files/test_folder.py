"""An open folder: names are looked up in it, links are never followed, files come whole."""

from __future__ import annotations

import os
import stat
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from hocket_plugins.stores.files.disk import Disk
from hocket_plugins.stores.files.folder import Folder, read_at, write_all

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    with closing(Folder.at(Disk(), tmp_path)) as opened:
        yield opened


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def test_a_file_is_written_whole_under_its_name(folder: Folder, tmp_path: Path) -> None:
    folder.replace("a/b/file", b"one")
    folder.replace("a/b/file", b"two", sync=True)

    assert folder.read("a/b/file") == b"two"
    assert folder.read("a/b/file", 1) == b"t"
    assert folder.read("a/b/none") is folder.read("none/b/file") is None
    assert [path.name for path in (tmp_path / "a/b").iterdir()] == ["file"]
    assert (mode(tmp_path / "a"), mode(tmp_path / "a/b"), mode(tmp_path / "a/b/file")) == (
        0o700, 0o700, 0o600,
    )  # fmt: skip


def test_a_big_file_comes_back_in_one_piece(folder: Folder) -> None:
    content = os.urandom(3_000_001)

    folder.replace("big", content)

    assert folder.read("big") == content


def test_an_open_folder_stays_the_same_when_its_name_is_given_away(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    outside = tmp_path / "outside"
    outside.mkdir()
    with closing(Folder.at(Disk(), tmp_path)) as top, closing(top.enter("inner")) as inner:
        (tmp_path / "inner").rename(tmp_path / "moved")
        (tmp_path / "inner").symlink_to(outside)

        inner.replace("file", b"x")

        assert (tmp_path / "moved/file").read_bytes() == b"x"
        assert list(outside.iterdir()) == []
        with pytest.raises(OSError, match=r"Not a directory|symbolic"):
            top.enter("inner")


@pytest.mark.parametrize("name", ["link", "link/inside"])
def test_no_link_is_followed(folder: Folder, tmp_path: Path, name: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "inside").write_text("secret")
    (tmp_path / "link").symlink_to(outside if "/" in name else outside / "inside")

    with pytest.raises(OSError, match=r"Not a directory|symbolic"):
        folder.read(name)


def test_a_hard_link_in_the_place_of_the_new_file_is_not_written_through(
    folder: Folder, tmp_path: Path
) -> None:
    (tmp_path / "precious").write_text("precious")
    os.link(tmp_path / "precious", tmp_path / ".file.new")

    folder.replace("file", b"x")

    assert (tmp_path / "precious").read_text() == "precious"


@pytest.mark.parametrize("name", ["", "..", "../a", "a/..", "a/./b", "/a", "a/", "a\0b"])
def test_a_name_stays_inside(folder: Folder, name: str) -> None:
    for use in (folder.read, folder.sync, lambda name: folder.replace(name, b"")):
        with pytest.raises(ValueError, match="not a name inside"):
            use(name)


def test_a_folder_is_not_a_file(folder: Folder, tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()

    with pytest.raises(IsADirectoryError):
        folder.read("inner")
    with pytest.raises(IsADirectoryError):
        folder.open("inner", os.O_RDONLY)


def test_making_a_folder_twice_says_so(folder: Folder, tmp_path: Path) -> None:
    assert folder.make("inner")
    (tmp_path / "inner").chmod(0o755)
    assert not folder.make("inner")
    with closing(folder.enter("inner", make=True)) as inner:
        assert mode(tmp_path / "inner") == 0o755
        inner.make_private()
        inner.make_private()
    assert mode(tmp_path / "inner") == 0o700


def test_what_is_not_there_can_be_synced_and_removed(folder: Folder) -> None:
    folder.sync("none")
    folder.sync("none/at/all")
    folder.remove("none")

    assert folder.names() == []


def test_reading_beyond_the_end_gives_what_there_is(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"abc")
    with (tmp_path / "file").open("rb") as file:
        assert read_at(file.fileno(), 1, 100) == b"bc"
        assert read_at(file.fileno(), 7, 100) == b""


def test_writing_goes_on_until_everything_is_there(tmp_path: Path) -> None:
    class Slow(Disk):
        """Takes one byte at a time."""

        def write(self, fd: int, content: bytes | memoryview) -> int:
            return super().write(fd, content[:1])

    with (tmp_path / "file").open("wb") as file:
        write_all(Slow(), file.fileno(), b"abc")
        write_all(Slow(), file.fileno(), b"")

    assert (tmp_path / "file").read_bytes() == b"abc"
