"""One process at a time; who waits in vain is told whom for."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from households import MeddlingDisk, household

from hocket.errors import HocketError, PackageRefused
from hocket.registry.installing.disk import Disk
from hocket.registry.installing.holding import PAUSE_S, held

HOLDER = """
import sys
from pathlib import Path
from hocket.registry.installing.holding import held
from hocket.registry.scopes import Scope

root = Path(sys.argv[1])
with held(Scope(root / "data", root / "home", Path(sys.argv[2]) if sys.argv[2] else None)):
    print("held", flush=True)
    sys.stdin.read()
"""


class Patient(Disk):
    """Counts the pauses instead of making them; does something at one."""

    def __init__(self, at=-1, act=None):
        self.pauses, self.at, self.act = [], at, act

    def pause(self, seconds):
        self.pauses.append(seconds)
        if len(self.pauses) == self.at:
            self.act()


@pytest.fixture
def holder(tmp_path):
    """Start processes that hold a scope until they are let go."""
    started = []

    def start(project):
        words = [sys.executable, "-c", HOLDER, str(tmp_path), str(project or "")]
        process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert process.stdout.readline() == "held\n"
        started.append(process)
        return process

    yield start
    for process in started:
        process.communicate()


def test_it_is_held_and_let_go(tmp_path):
    scope = household(tmp_path)
    disk = Patient()
    for _ in range(2):
        with held(scope, 0, disk):
            assert f"pid {os.getpid()}, " in scope.held.read_text()
    assert disk.pauses == []


def test_who_waits_in_vain_is_told_whom_for(tmp_path, holder):
    scope = household(tmp_path)
    process = holder(scope.project)
    disk = Patient()
    with pytest.raises(HocketError) as raised, held(scope, 30, disk):
        pass
    assert (raised.value.code, raised.value.exit_code) == ("locked", 1)
    assert f"pid {process.pid}, -c" in raised.value.message
    assert len(disk.pauses) == pytest.approx(30 / PAUSE_S, abs=2)


def test_another_project_waits_for_the_store(tmp_path, holder):
    scope = household(tmp_path)
    process = holder(None)
    with pytest.raises(HocketError, match=f"pid {process.pid}, "), held(scope, 0, Patient()):
        pass


def test_who_waits_goes_on_when_the_other_has_ended(tmp_path, holder):
    scope = household(tmp_path)
    process = holder(scope.project)
    disk = Patient(3, process.communicate)
    with held(scope, 30, disk):
        assert f"pid {os.getpid()}, " in scope.held.read_text()
    assert len(disk.pauses) == 3


def test_a_dead_holder_holds_nothing(tmp_path, holder):
    scope = household(tmp_path)
    process = holder(scope.project)
    process.kill()
    process.wait()
    with held(scope, 0, Patient()):
        pass


def test_a_full_disk_does_not_keep_the_name_from_being_held(tmp_path):
    class Full(Patient):
        def step(self, what, act):
            if what == "write":
                raise OSError("full")
            return act()

    with held(household(tmp_path), 0, Full()):
        pass


@pytest.mark.parametrize("name", [".hocket", ".hocket/.lock"])
def test_a_link_is_not_followed_to_the_lock(tmp_path, name):
    scope = household(tmp_path)
    outside = tmp_path / "outside"
    outside.mkdir()
    link = scope.project / name
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(outside if name == ".hocket" else outside / "file")
    with pytest.raises((PackageRefused, OSError)), held(scope, 0, Patient()):
        pass
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize("name", [".hocket", "data", "store"])
def test_a_folder_that_another_command_makes_first_is_used(tmp_path, name):
    scope = household(tmp_path)
    folders = {".hocket": scope.own, "data": scope.data, "store": scope.store}
    with held(scope, 0, MeddlingDisk(f"mkdir {name}", folders[name].mkdir)):
        assert scope.store.is_dir()
