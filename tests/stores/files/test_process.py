"""Processes are told apart by more than their number."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from hocket_plugins.stores.files.disk import Disk
from hocket_plugins.stores.files.process import boot, is_alive, is_stopped, may_lock, start_of

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
NOBODY = 2**30


def test_a_process_has_a_start_and_nobody_has_none() -> None:
    assert int(start_of(os.getpid())) > 0
    assert start_of(os.getpid()) == start_of(os.getpid())
    assert start_of(NOBODY) == ""
    assert boot() == boot() != ""


def test_the_name_of_a_program_may_be_strange(tmp_path: Path) -> None:
    program = tmp_path / "a) R 1 (b"
    program.symlink_to("/bin/sleep")
    with subprocess.Popen([program, "60"]) as child:
        assert int(start_of(child.pid)) >= int(start_of(os.getpid()))
        assert not is_stopped(child.pid)
        child.kill()


def test_a_stopped_process_is_seen_to_be_stopped() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        child.send_signal(signal.SIGSTOP)
        os.waitpid(child.pid, os.WUNTRACED)
        assert is_stopped(child.pid)
        assert is_alive(child.pid)
        child.kill()
    assert not is_stopped(NOBODY)


def test_only_processes_that_exist_are_alive() -> None:
    assert is_alive(os.getpid())
    assert is_alive(1)
    assert not is_alive(NOBODY)
    assert not is_alive(2**70)


def test_the_kernel_says_who_locks_a_file(tmp_path: Path) -> None:
    with (tmp_path / "lock").open("w") as file:
        inode = os.fstat(file.fileno()).st_ino
        assert may_lock(NOBODY, inode)
        fcntl.flock(file, fcntl.LOCK_EX)
        if f":{inode} " not in Path("/proc/locks").read_text():
            pytest.skip("this kernel does not list its locks")
        assert may_lock(os.getpid(), inode)
        assert not may_lock(1, inode)


def test_the_disk_knows_its_file_system(tmp_path: Path) -> None:
    with (tmp_path / "file").open("w") as file, Path("/proc/self/stat").open() as proc:
        assert Disk().file_system(file.fileno()) != "proc"
        assert Disk().file_system(proc.fileno()) == "proc"
    reading, writing = os.pipe()
    assert Disk().file_system(reading) == ""
    os.close(reading)
    os.close(writing)
