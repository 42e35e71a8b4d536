"""Write: a whole file, in one step, or nothing."""

from __future__ import annotations

import os
import stat
import subprocess

import pytest

from hocket.api.tools import Workspace
from hocket_plugins.tools.files import replacement
from hocket_plugins.tools.files.confinement import Confinement, Place
from hocket_plugins.tools.files.trouble import Trouble


def test_a_file_is_made_with_its_folders(agent):
    said = agent.does("Write", file_path="src/deep/a.txt", content="one\n")
    assert (said, (agent.ws / "src/deep/a.txt").read_text()) == (
        "src/deep/a.txt: made, 4 bytes",
        "one\n",
    )


def test_a_new_file_obeys_the_persons_umask(agent):
    before = os.umask(0o027)
    try:
        agent.does("Write", file_path="a", content="")
    finally:
        os.umask(before)
    assert stat.S_IMODE((agent.ws / "a").stat().st_mode) == 0o640


def test_a_file_is_replaced_and_keeps_its_mode_and_line_ends(agent):
    path = agent.put("a.sh", "one\r\ntwo\r\n", 0o755)
    agent.does("Read", file_path="a.sh")
    said = agent.does("Write", file_path="a.sh", content="1\n2\r\n3\n")
    assert (said, path.read_bytes()) == ("a.sh: replaced, 9 bytes", b"1\r\n2\r\n3\r\n")
    assert stat.S_IMODE(path.stat().st_mode) == 0o755


def test_replacing_what_was_never_read_is_said(agent):
    agent.put("a", "one")
    said = agent.does("Write", file_path="a", content="two")
    assert said == "a: replaced, 3 bytes; you had not read what was there"
    assert agent.does("Write", file_path="a", content="three") == "a: replaced, 5 bytes"


def test_a_file_that_changed_since_it_was_read_is_not_replaced(agent):
    path = agent.put("a", "one")
    agent.does("Read", file_path="a")
    path.write_text("somebody's work")
    said = agent.fails("Write", file_path="a", content="two")
    assert (said, path.read_text()) == (
        "a: it changed since you read it; read it again",
        "somebody's work",
    )


def test_a_large_file_is_known_by_its_time_and_size(agent):
    agent.again(edit_bytes=10)
    path = agent.put("a", "x" * 20)
    agent.does("Read", file_path="a")
    agent.does("Write", file_path="a", content="y" * 30)
    agent.does("Write", file_path="a", content="z" * 30)
    path.write_text("w" * 30)
    os.utime(path, (0, 0))
    assert "it changed since you read it" in agent.fails("Write", file_path="a", content="v")


def test_a_binary_file_may_be_replaced_by_text(agent):
    path = agent.put("a", b"\0\xff")
    agent.does("Write", file_path="a", content="text")
    assert path.read_text() == "text"


def test_what_cannot_be_written_is_said_and_nothing_is_left(agent):
    agent.put("file", "x")
    assert "a part of its path is no folder" in agent.fails(
        "Write", file_path="file/a", content="x"
    )
    assert "its name is too long" in agent.fails("Write", file_path="n" * 300, content="x")
    assert "not valid" in agent.fails("Write", file_path="bad", content="\ud800")
    assert [one.name for one in agent.ws.iterdir()] == ["file"]


@pytest.fixture
def small(agent):
    """Put the workspace on a disk of 64 KB."""
    mounted = subprocess.run(
        ["/bin/mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", agent.ws], check=False
    )
    if mounted.returncode:
        pytest.skip("no leave to mount")
    yield agent
    subprocess.run(["/bin/umount", agent.ws], check=True)


def test_a_full_disk_leaves_the_old_file(small):
    path = small.put("a", "one")
    said = small.fails("Write", file_path="a", content="x" * 200_000)
    assert said == "a: the disk is full; the file is as it was"
    assert (path.read_text(), len(list(small.ws.iterdir()))) == ("one", 1)


def test_what_came_between_looking_and_writing_wins(agent):
    path = agent.put("a", "one")
    place = Confinement(Workspace(agent.ws)).locate("a")
    old = path.stat()
    path.write_text("somebody's work")
    with pytest.raises(Trouble, match="it changed while it was written"):
        replacement.put(place, b"mine", old)
    path.unlink()
    with pytest.raises(Trouble, match="it changed while it was written"):
        replacement.put(place, b"mine", old)
    path.symlink_to(agent.outside / "key.txt")
    before = agent.tree()
    with pytest.raises(Trouble, match="it changed while it was written"):
        replacement.put(place, b"mine", None)
    assert (agent.tree(), [one.name for one in agent.ws.iterdir()]) == (before, ["a"])


def test_a_folder_that_became_a_link_is_not_written_into(agent):
    (agent.ws / "dir").mkdir()
    place = Confinement(Workspace(agent.ws)).locate("dir/a")
    (agent.ws / "dir").rmdir()
    (agent.ws / "dir").symlink_to(agent.outside)
    before = agent.tree()
    with pytest.raises(Trouble, match="no folder"):
        replacement.put(place, b"mine", None)
    assert agent.tree() == before


def test_a_workspace_that_is_not_where_it_was_is_not_written_into(agent, tmp_path):
    """Its parent became a link since the path was followed."""
    (tmp_path / "home").mkdir()
    (agent.ws).rename(tmp_path / "home" / "ws")
    (tmp_path / "alias").symlink_to("home")
    ground = str(tmp_path / "alias" / "ws")
    with pytest.raises(Trouble, match="its folder was moved"):
        replacement.put(Place(f"{ground}/a", ground, "a"), b"mine", None)
    assert list((tmp_path / "home" / "ws").iterdir()) == []
