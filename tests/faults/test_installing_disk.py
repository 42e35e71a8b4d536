"""A disk that is full or read-only, two commands at once, and a reader that never looks away."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import households
import pytest
from dying_installs import NEW, FailingDisk, added, both, state, updated
from households import household, install, parcel

from hocket.errors import HocketError
from hocket.registry.installing.holding import held
from hocket.registry.installing.recovery import recover
from hocket.registry.receipts.receipt import Place

HERE = Path(__file__).parent
PATH = os.pathsep.join([str(HERE), str(HERE.parent / "registry")])
NOTHING = "Nothing was changed."
LATER = "The next hocket command here finishes it."
DONE = ""
RACER = """
import sys
from pathlib import Path
from households import carry_out, household, parcel, plan
from hocket.errors import HocketError

scope = household(Path(sys.argv[1]))
told = plan(scope, parcel(sys.argv[2]))
print("ready", flush=True)
sys.stdin.readline()
try:
    carry_out(told)
except HocketError as error:
    print(error.message)
else:
    print("installed")
"""
UPDATER = """
import sys
from pathlib import Path
from dying_installs import NEW, both
from households import household, install

scope = household(Path(sys.argv[1]))
for turn in range(int(sys.argv[2])):
    install(scope, both("deep", "1.1.0", NEW) if turn % 2 else both("deep", "1.0.0", None))
"""
FULL = """
import json, sys
from pathlib import Path
from dying_installs import state
from households import household, install, leftovers, parcel, problems
from hocket.errors import HocketError

root = Path(sys.argv[1])
scope = household(root)
install(scope, parcel("deep"))
before = state(scope)
(root / "ballast").write_bytes(b"x" * int(sys.argv[2]))
try:
    install(scope, parcel("deep", "1.1.0", {f"{at}.md": "x" * 9000 for at in range(25)}))
except HocketError as error:
    told = [error.code, error.exit_code, error.message, error.hint]
else:
    told = []
(root / "ballast").unlink()
print(json.dumps([told, state(scope) == before, leftovers(scope), problems(scope)]))
install(scope, parcel("deep", "1.1.0"))
"""


def started(code, *words):
    """Start Python on some code, with pipes to talk to it."""
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, words)],
        env={**os.environ, "PYTHONPATH": PATH},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


SLOW = [pytest.param((one,), marks=pytest.mark.slow) for one in ("create", "sync")]


@pytest.mark.parametrize("kinds", [("write",), ("mkdir",), ("rename",), *SLOW])
def test_a_disk_that_is_full_from_a_step_on_changes_nothing_before_the_intent(tmp_path, kinds):
    first = household(tmp_path / "now")
    added(first, households.Disk())
    shutil.copytree(tmp_path / "now", tmp_path / "first")
    old = state(first)
    counting = FailingDisk(0, kinds)
    updated(first, counting)
    new, outcomes = state(first), []
    for at in range(1, counting.steps + 1):
        shutil.rmtree(tmp_path / "now")
        shutil.copytree(tmp_path / "first", tmp_path / "now")
        scope = household(tmp_path / "now")
        outcomes.append(ended(scope, FailingDisk(at, kinds), old))
        with held(scope, 0):
            recover(scope)
        assert state(scope) == (old if outcomes[-1] == NOTHING else new), at
        assert households.leftovers(scope) == []
        assert outcomes[-1] == NOTHING or households.problems(scope) == []
    # Once the intent is written nothing is undone any more, by no error.
    assert outcomes == sorted(outcomes, key=[NOTHING, LATER, DONE].index)
    assert outcomes[0] == NOTHING


def ended(scope, disk, old):
    """Update on a disk that fails, and tell what was said; where that is nothing, hold it to it."""
    error = None
    try:
        updated(scope, disk)
    except HocketError as raised:
        error = raised
    if error is None:
        return DONE
    assert (error.code, error.exit_code) == ("io", 1)
    assert "the disk fails: No space left" in error.message
    said = error.hint
    if said == NOTHING:
        targets, lock, receipts = state(scope)
        kept = {name: text for name, text in receipts.items() if not name.startswith(".")}
        assert (targets, lock, kept) == old
    return said


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES, errno.EIO])
def test_a_folder_that_cannot_be_written_is_one_error(tmp_path, number):
    scope = household(tmp_path)
    added(scope, households.Disk())
    old = state(scope)
    with pytest.raises(HocketError, match=os.strerror(number)):
        updated(scope, FailingDisk(1, error=number))
    with held(scope, 0):
        recover(scope)
    assert state(scope) == old


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_project_that_is_read_only_is_refused(tmp_path):
    scope = household(tmp_path)
    scope.root.chmod(0o555)
    try:
        with pytest.raises(HocketError, match="Permission denied"):
            install(scope, parcel("deep"))
    finally:
        scope.root.chmod(0o755)
    assert list(scope.root.iterdir()) == []


def can_mount():
    """Whether a process here may have file systems of its own."""
    tool = shutil.which("unshare")
    return bool(tool) and subprocess.run([tool, "-rm", "true"], check=False).returncode == 0


def mounted(script, *words):
    """Run a shell script where it may mount."""
    return subprocess.run(
        ["unshare", "-rm", "sh", "-ec", script, "sh", *map(str, words)],  # noqa: S607
        env={**os.environ, "PYTHONPATH": PATH},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.skipif(not can_mount(), reason="nothing may be mounted here")
@pytest.mark.parametrize("ballast", [0, 400_000, 500_000, 700_000])
def test_a_small_disk_that_fills_up(tmp_path, ballast):
    script = 'mount -t tmpfs -o size=1m hocket "$1" && "$2" -c "$3" "$1" "$4"'
    done = mounted(script, tmp_path, sys.executable, FULL, ballast)
    assert done.returncode == 0, done.stderr
    told, same, left, problems = json.loads(done.stdout)
    assert left == problems == []
    if told:
        assert same
        assert told[:2] == ["io", 1]
        assert "No space left" in told[2]
    assert bool(told) == (ballast > 0)


@pytest.mark.skipif(not can_mount(), reason="nothing may be mounted here")
def test_a_disk_that_is_read_only(tmp_path):
    scope = household(tmp_path)
    install(scope, parcel("deep"))
    old = state(scope)
    script = 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && "$2" -c "$3" "$1" web'
    racer = RACER.replace("sys.stdin.readline()", "")
    done = mounted(script, tmp_path, sys.executable, racer)
    assert "the disk fails: Read-only file system" in done.stdout, done.stderr
    assert state(scope) == old


def test_of_two_at_once_one_wins_and_the_other_is_told(tmp_path):
    scope = household(tmp_path)
    racers = [started(RACER, tmp_path, name) for name in ("deep", "web")]
    for racer in racers:
        assert racer.stdout.readline() == "ready\n"
    for racer in racers:
        racer.stdin.write("\n")
        racer.stdin.flush()
    lost, won = sorted((racer.communicate()[0] for racer in racers), key=lambda one: len(one) < 12)
    assert won == "installed\n"
    assert "changed since the plan was made" in lost
    assert len(households.files(scope.receipts)) == 1
    assert households.problems(scope) == households.leftovers(scope) == []


def test_a_reader_never_sees_half_a_bundle(tmp_path):
    scope = household(tmp_path)
    install(scope, both("deep", "1.1.0", NEW))
    target = scope.base(Place.WORKFLOWS) / "deep"
    whole = [{"SKILL.md", "bin", "more"}, {"SKILL.md", "bin", "rubrics"}]
    updater = started(UPDATER, tmp_path, 20)
    seen, looks = [], 0
    while updater.poll() is None:
        if (names := listed(target)) is not None:
            looks += 1
            assert names in whole
            seen += [names] if not seen or seen[-1] != names else []
    updater.communicate()
    assert updater.returncode == 0
    assert len(seen) > 1, looks
    assert households.problems(scope) == []


def entry_names(folder):
    with os.scandir(folder) as entries:
        return [one.name for one in entries]


def listed(target):
    """List a folder by its name; None: it was exchanged meanwhile, and is not the target now."""
    folder = os.open(target, os.O_RDONLY | os.O_DIRECTORY)
    try:
        names = set(entry_names(folder))
        is_still = os.fstat(folder).st_ino == target.stat().st_ino
    finally:
        os.close(folder)
    return names if is_still else None
