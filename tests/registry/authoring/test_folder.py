"""An edit that is killed leaves the old registry or the new one, and the next edit goes on."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from authors import ME, NOW, edited, index, packed, plain, put, written
from shops import git

from hocket.errors import HocketError, StructureError
from hocket.registry.authoring.grounds import opened
from hocket.registry.authoring.opening import open_registry
from hocket.registry.authoring.publishing import publish

LATER = NOW + timedelta(days=1)


def put_up(folder, root, now=NOW):
    with opened(root) as ground:
        return publish(packed(folder), ground, now)


def whole(root):
    """Give every file but those of git."""
    found = (one for one in sorted(root.rglob("*")) if one.is_file() and ".git" not in one.parts)
    return {one.relative_to(root).as_posix(): one.read_bytes() for one in found}


@pytest.fixture
def states(tmp_path):
    """Give every state of the folder that a kill can leave, in order, and the last one."""
    root, folder = plain(tmp_path / "shop"), written(tmp_path / "work")
    old = whole(root)
    put_up(folder, root)
    new = whole(root)
    bundle = {path: raw for path, raw in new.items() if path.startswith("bundles/")}
    package = {"packages/second-opinion.toml": new["packages/second-opinion.toml"]}
    waiting = {"registry.toml.next": new["registry.toml"]}
    aside = {f"bundles/0.1.0/.second-opinion.next/{n}": b"half" for n in "ab"}
    return folder, [
        old,
        {**old, **aside},
        {**old, **bundle},
        {**old, **bundle, **waiting},
        {**old, **bundle, **waiting, **package},
        new,
    ]


def spread(root, files):
    shutil.rmtree(root, ignore_errors=True)
    for path, content in files.items():
        put(root / path, content)
    return root


@pytest.mark.parametrize("at", range(6))
def test_after_every_kill_the_same_command_ends_in_the_same_registry(tmp_path, states, at):
    folder, all_of_them = states
    root = spread(tmp_path / "killed", all_of_them[at])
    done = put_up(folder, root, NOW)
    assert done.serial == 2
    assert whole(root) == all_of_them[-1]


@pytest.mark.parametrize("at", range(6))
def test_in_a_repository_as_well_and_the_commit_comes_last(tmp_path, states, at, monkeypatch):
    for name, value in ME.items():
        monkeypatch.setenv(name, value)
    folder, all_of_them = states
    open_registry(tmp_path / "shop2", "acme", NOW)
    for path, content in all_of_them[at].items():
        put(tmp_path / "shop2" / path, content)
    done = put_up(folder, tmp_path / "shop2", LATER)
    # What stands in the index already keeps the time it was given.
    assert done.row.published == (NOW if at >= 4 else LATER)
    assert git(tmp_path / "shop2", "status", "--porcelain") == ""
    assert git(tmp_path / "shop2", "rev-parse", "HEAD") == done.commit
    assert index(tmp_path / "shop2").serial == 2


def test_another_edit_undoes_or_finishes_what_was_left(tmp_path, states):
    _folder, all_of_them = states
    other = written(tmp_path / "work", "other-one")
    for at, serial in ((3, 2), (4, 3)):
        root = spread(tmp_path / f"killed{at}", all_of_them[at])
        assert put_up(other, root, LATER).serial == serial
        assert [*index(root).packages] == (
            ["other-one"] if at == 3 else ["other-one", "second-opinion"]
        )


KILLED = """
import os, signal, sys
from pathlib import Path
from authors import NOW
from hocket.registry.authoring.grounds import opened
from hocket.registry.authoring.packing import pack
from hocket.registry.authoring.publishing import publish
from hocket.registry.bundles.inspection import Inspection

bundle, left = pack(Path(sys.argv[1]), lambda _tree: Inspection()), int(sys.argv[3])


def count(event, _arguments):
    global left
    if event in {"os.rename", "os.mkdir", "subprocess.Popen"}:
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


with opened(Path(sys.argv[2])) as ground:
    sys.addaudithook(count)
    publish(bundle, ground, NOW)
"""


@pytest.mark.slow
@pytest.mark.parametrize("is_repository", [False, True])
def test_killed_before_any_step_it_is_old_or_new_and_can_be_finished(
    tmp_path, is_repository, monkeypatch
):
    """Kill a real process before its first rename, folder or program, its second, and so on."""
    for name, value in ME.items():
        monkeypatch.setenv(name, value)
    folder = written(tmp_path / "work")
    start = tmp_path / "start"
    if is_repository:
        open_registry(start, "acme", NOW)
    else:
        plain(start)
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    # In a repository every third one: most steps are programs of git.
    for step in range(1, 90, 3 if is_repository else 1):
        root = tmp_path / f"at{step}"
        shutil.copytree(start, root)
        words = [sys.executable, "-c", KILLED, folder, root, str(step)]
        ended = subprocess.run(words, env=env, capture_output=True, check=False).returncode
        if ended == 0:
            break
        assert ended == -9
        if not (root / "registry.toml.next").exists():
            assert index(root).serial in {1, 2}
        assert put_up(folder, root, LATER).serial == 2
        assert index(root).serial == 2
        left = [one for one in whole(root) if one.endswith((".next", ".part")) or ".next/" in one]
        assert left == []
        if is_repository:
            assert git(root, "status", "--porcelain") == ""
    assert step > 10


def test_readers_refuse_what_is_neither(tmp_path, states):
    _folder, all_of_them = states
    with pytest.raises(StructureError, match="include-digest"):
        index(spread(tmp_path / "killed", all_of_them[4]))


def test_other_files_where_the_bundle_goes_are_not_overwritten(tmp_path):
    root, folder = plain(tmp_path / "shop"), written(tmp_path / "work")
    put(root / "bundles" / "0.1.0" / "second-opinion" / "mine.md", "mine")
    before = whole(root)
    with pytest.raises(HocketError, match="it is there already, with other files"):
        put_up(folder, root)
    assert whole(root) == before


def test_a_link_where_the_bundle_goes_is_not_followed(tmp_path):
    root, folder = plain(tmp_path / "shop"), written(tmp_path / "work")
    (root / "bundles" / "0.1.0").mkdir(parents=True)
    (root / "bundles" / "0.1.0" / "second-opinion").symlink_to(folder)
    with pytest.raises(HocketError, match="it is there already"):
        put_up(folder, root)


@pytest.mark.parametrize("name", ["bundles", "packages"])
def test_a_link_on_the_way_is_not_followed_out(tmp_path, name):
    root, folder = plain(tmp_path / "shop"), written(tmp_path / "work")
    (tmp_path / "outside").mkdir()
    (root / name).symlink_to(tmp_path / "outside")
    with pytest.raises(HocketError, match="a link on the way leads out of the registry"):
        put_up(folder, root)
    assert [*(tmp_path / "outside").iterdir()] == []
    assert index(root).serial == 1


def test_a_link_is_no_file_of_a_registry(tmp_path):
    root, folder = plain(tmp_path / "shop"), written(tmp_path / "work")
    (root / "packages").mkdir()
    (root / "packages" / "evil.toml").symlink_to(folder / "bundle.toml")
    put_up(folder, root)
    assert [*index(root).packages] == ["second-opinion"]


def test_two_edits_at_once_are_one_too_many(tmp_path):
    root, folder = plain(tmp_path / "shop"), written(tmp_path / "work")
    holder = os.open(root, os.O_RDONLY)
    fcntl.flock(holder, fcntl.LOCK_EX)
    with pytest.raises(HocketError, match="another command is editing it"):
        put_up(folder, root)
    os.close(holder)
    edited(root / "README.md", "# acme", "# Acme")
    assert put_up(folder, root).serial == 2
