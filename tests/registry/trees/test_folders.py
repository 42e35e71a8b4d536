"""Packages in folders: what is no plain file stays unopened, and every handle is given back."""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager
from pathlib import Path

import pytest
from hostile_trees import BENIGN_PATHS, GOOD, HOSTILE_FOLDERS, HOSTILE_PATHS, HOSTILE_SETS, plant
from watching import before_opening, opened

from hocket.errors import HocketError
from hocket.registry.trees.breaches import TreeRefused
from hocket.registry.trees.folders import read_folder


@contextmanager
def handles_given_back():
    """Fail where a handle stays open."""
    handles = Path("/proc/self/fd")
    before = len([*handles.iterdir()]) if handles.is_dir() else 0
    yield
    assert (len([*handles.iterdir()]) if handles.is_dir() else 0) == before


@pytest.mark.parametrize("case", HOSTILE_FOLDERS, ids=[case.name for case in HOSTILE_FOLDERS])
def test_a_hostile_folder_is_refused_and_the_evil_thing_not_opened(tmp_path, case):
    root = plant(tmp_path / "demo")
    try:
        case.thing(root)
    except PermissionError:
        pytest.skip("only root can make a device")
    with handles_given_back(), opened() as found, pytest.raises(TreeRefused) as refused:
        read_folder("demo", root)
    assert case.says in refused.value.message
    assert refused.value.exit_code == 3
    assert not {"evil", "hostname", ".git"} & {name for name, _ in found}
    assert not any(flags & (os.O_CREAT | os.O_WRONLY | os.O_RDWR) for _, flags in found)


@pytest.mark.parametrize("case", HOSTILE_PATHS, ids=[case.name for case in HOSTILE_PATHS])
def test_a_hostile_path_is_refused_in_a_folder_too(tmp_path, case):
    root = plant(tmp_path / "demo")
    if set(case.thing.split("/")) & {"", ".", ".."}:
        pytest.skip("no file system holds such a path")
    plant(root, {case.thing: b"x"})
    with handles_given_back(), pytest.raises(TreeRefused) as refused:
        read_folder("demo", root)
    assert case.says in refused.value.message


@pytest.mark.parametrize("case", HOSTILE_SETS, ids=[case.name for case in HOSTILE_SETS])
def test_paths_that_are_one_elsewhere_are_refused(tmp_path, case):
    try:
        root = plant(tmp_path, dict.fromkeys(case.thing, b"x"))
    except OSError:
        pytest.skip("no file system holds both")
    if sum(1 for one in root.rglob("*") if one.is_file()) < len(case.thing):
        pytest.skip("this file system takes them for one")
    with pytest.raises(TreeRefused) as refused:
        read_folder("demo", root)
    assert case.says in refused.value.message


def test_benign_paths_are_read_whatever_else_the_folder_is(tmp_path):
    # A few of them are long: not all fit beneath every root.
    contents = {path: path.encode() for path in BENIGN_PATHS}
    root = plant(tmp_path, contents)
    (root / "empty").mkdir()
    tree = read_folder("demo", root)
    assert {path: content for _, path, content in tree.entries} == contents
    assert [path for _, path, _ in tree.entries] == sorted(contents)


def test_the_execute_bit_of_the_owner_is_the_kind(tmp_path):
    root = plant(tmp_path)
    for name, mode in (("all", 0o755), ("owner", 0o700), ("group", 0o655), ("none", 0o644)):
        (root / name).write_bytes(b"")
        (root / name).chmod(mode)
    kinds = {path: kind for kind, path, _ in read_folder("demo", root).entries}
    assert kinds == {
        **dict.fromkeys(GOOD, "f"),
        "all": "x",
        "owner": "x",
        "group": "f",
        "none": "f",
    }


def test_a_package_inside_a_registry_is_found_by_its_path(tmp_path):
    plant(tmp_path / "bundles" / "demo")
    with handles_given_back():
        tree = read_folder("demo", tmp_path, "bundles/demo")
    assert {path: content for _, path, content in tree.entries} == GOOD


@pytest.mark.parametrize(
    "inside", ["../outside", "..", "/etc", "bundles/../../outside", "a//b", ".", "a\0b"]
)
def test_no_path_leads_out_of_a_registry(tmp_path, inside):
    plant(tmp_path / "outside")
    plant(tmp_path / "registry" / "bundles")
    plant(tmp_path / "registry" / "a")
    with handles_given_back(), pytest.raises(TreeRefused) as refused:
        read_folder("demo", tmp_path / "registry", inside)
    assert refused.value.message == f"demo: {inside!r}: leads out of where it belongs"


@pytest.mark.parametrize("inside", ["link", "link/references", "SKILL.md"])
def test_no_link_leads_out_of_a_registry(tmp_path, inside):
    plant(tmp_path / "outside")
    root = plant(tmp_path / "registry")
    (root / "link").symlink_to(tmp_path / "outside")
    with handles_given_back(), pytest.raises(TreeRefused) as refused:
        read_folder("demo", root, inside)
    assert refused.value.message == f"demo: {inside!r}: is no folder at {inside.split('/')[0]!r}"


def test_the_folder_itself_may_be_a_link_that_a_person_made(tmp_path):
    plant(tmp_path / "real")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert read_folder("demo", tmp_path / "link") == read_folder("demo", tmp_path / "real")


@pytest.mark.parametrize("inside", ["", "nowhere"])
def test_a_folder_that_is_not_there_is_no_traceback(tmp_path, inside):
    root = tmp_path if inside else tmp_path / "nowhere"
    with pytest.raises(HocketError, match=r"^demo: it cannot be read: No such file") as failed:
        read_folder("demo", root, inside)
    assert failed.value.exit_code == 1


def test_a_file_that_cannot_be_read_is_no_traceback(tmp_path):
    root = plant(tmp_path)
    (root / "SKILL.md").chmod(0)
    if os.access(root / "SKILL.md", os.R_OK):
        pytest.skip("root reads everything")
    with pytest.raises(HocketError, match=r"^demo: it cannot be read: Permission denied"):
        read_folder("demo", root)


def test_a_file_that_becomes_a_link_is_not_followed(tmp_path):
    root = plant(tmp_path, {"a-raced": b"mine"})

    def link(file: Path) -> None:
        file.unlink()
        file.symlink_to("/etc/passwd")

    with (
        before_opening("a-raced", lambda: link(root / "a-raced")),
        pytest.raises(HocketError, match=r"^demo: it cannot be read"),
    ):
        read_folder("demo", root)


def test_a_file_that_becomes_a_pipe_is_not_waited_for(tmp_path):
    root = plant(tmp_path, {"b-raced": b"mine"})

    def pipe(file: Path) -> None:
        file.unlink()
        os.mkfifo(file)

    with (
        before_opening("b-raced", lambda: pipe(root / "b-raced")),
        pytest.raises(TreeRefused, match=r"^demo: 'b-raced': was exchanged while it was read$"),
    ):
        read_folder("demo", root)


def test_a_file_that_grows_is_refused_and_read_only_so_far(tmp_path):
    root = plant(tmp_path, {"c-raced": b"mine"})
    grow = lambda: os.truncate(root / "c-raced", 300 << 20)  # noqa: E731
    with (
        before_opening("c-raced", grow),
        pytest.raises(TreeRefused, match=r"^demo: 'c-raced': has other than the 4 bytes"),
    ):
        read_folder("demo", root)


def test_a_folder_that_becomes_a_link_is_not_entered(tmp_path):
    root = plant(tmp_path / "demo", {"d-raced/a": b"mine"})
    plant(tmp_path / "outside")

    def link(folder: Path) -> None:
        folder.rename(tmp_path / "away")
        folder.symlink_to(tmp_path / "outside")

    with (
        before_opening("d-raced", lambda: link(root / "d-raced")),
        pytest.raises(HocketError, match=r"^demo: it cannot be read"),
    ):
        read_folder("demo", root)


def test_reading_changes_nothing(tmp_path):
    root = plant(tmp_path)
    before = {path: path.stat(follow_symlinks=False) for path in sorted(root.rglob("*"))}
    read_folder("demo", root)
    for path, status in before.items():
        now = path.stat(follow_symlinks=False)
        assert (now.st_mtime_ns, now.st_size, stat.S_IMODE(now.st_mode)) == (
            status.st_mtime_ns,
            status.st_size,
            stat.S_IMODE(status.st_mode),
        )
