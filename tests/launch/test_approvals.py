"""Approvals for good: kept for this person alone, and worth nothing once damaged."""

from __future__ import annotations

import stat

import pytest

from hocket.launch.approvals import Approvals


def test_what_was_pinned_holds_for_every_later_command(tmp_path):
    folder = tmp_path / "data" / "hocket"
    assert Approvals(folder).holds("sha256:1") is False
    Approvals(folder).pin("sha256:1", "one")
    Approvals(folder).pin("sha256:2", "two")
    assert [Approvals(folder).holds(f"sha256:{n}") for n in (1, 2, 3)] == [True, True, False]
    (file,) = folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize("content", [b"", b"[1]", b"{", b"\xff", b"[" * 100_000])
def test_a_damaged_file_approves_nothing_and_is_replaced(tmp_path, content):
    (tmp_path / "approvals.json").write_bytes(content)
    assert not Approvals(tmp_path).holds("sha256:1")
    Approvals(tmp_path).pin("sha256:1", "one")
    assert Approvals(tmp_path).holds("sha256:1")


def test_a_link_left_in_the_way_is_not_followed(tmp_path):
    target = tmp_path / "target"
    target.write_text("precious")
    for name in ("approvals.json", "approvals.new"):
        (tmp_path / name).symlink_to(target)
    Approvals(tmp_path).pin("sha256:1", "one")
    assert target.read_text() == "precious"
    assert Approvals(tmp_path).holds("sha256:1")


def test_where_nothing_can_be_kept_it_raises(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="Not a directory"):
        Approvals(tmp_path / "file" / "deep").pin("sha256:1", "one")


def test_the_persons_own_folder_is_the_usual_place(hocket_project):
    Approvals().pin("sha256:1", "one")
    assert Approvals().holds("sha256:1")
