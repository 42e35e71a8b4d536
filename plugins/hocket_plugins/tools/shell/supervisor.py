"""Starts one command and ends everything that the command started.

A program of its own, run as `python -I -S supervisor.py`, because it must outlive hocket: it
knows that hocket is gone, killed or not, whichever thread spawned it, when its standard input
ends. Its standard output becomes the command's; its standard error is the report. It adopts
every orphan beneath it, so a daemon in a session of its own is found as well. It imports
little, since it starts with every command.
"""

from __future__ import annotations

import ctypes
import os
import select
import signal
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType

GRACE_TICKS, TICK_S = 100, 0.02
"""Two seconds between the request to end and the end, looked at every 20 ms."""
SWEEPS = 150
"""So often what is left is killed; a tree that grows faster than this is not ended."""
FOLDER_FD, OPTIONS_FD = 3, 4
"""Where a command says the folder it ended in, and where it reads options from."""
CANNOT_START = 126
ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_PARENT_DEATH, _SUBREAPER = 1, 36


def main() -> None:
    """Run the order until it ends or nobody wants it any more; report, and clean up."""
    order = _order()
    wake = _signals()
    _prctl(_SUBREAPER, 1)
    told, tell = os.pipe()
    child = _start(order, tell)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.close(tell)
    os.set_blocking(told, False)
    code = _watch(child, wake)
    if code is not None:
        _report(code, told)
    ended = _sweep(child)
    if code is None:
        _report(ended, told)


def _order() -> list[bytes]:
    """Read the folder; options for OPTIONS_FD and variables, each counted; and the command."""
    raw = b""
    while not (head := raw.partition(b"\n"))[1] or len(head[2]) < int(head[0]):
        chunk = os.read(0, 65536)
        if not chunk:
            sys.exit(0)
        raw += chunk
    return head[2].split(b"\0")


def _signals() -> int:
    wake, woken = os.pipe()
    os.set_blocking(wake, False)
    os.set_blocking(woken, False)
    for number in (signal.SIGCHLD, *ENDING):
        signal.signal(number, _noted)
    signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
    return wake


def _noted(_number: int, _frame: FrameType | None) -> None:
    """Do nothing: the pipe tells."""


def _start(order: list[bytes], tell: int) -> int:
    parent = os.getpid()
    # A signal that comes before the child is itself has to wait, not to be lost in our handler.
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    child = os.fork()
    if child:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
        return child
    try:
        _become(order, tell, parent)
    except OSError as cause:
        os.write(1, b"hocket: the shell cannot be started: %s\n" % str(cause).encode())
    finally:
        os._exit(CANNOT_START)


def _become(order: list[bytes], tell: int, parent: int) -> None:
    os.setsid()
    _prctl(_PARENT_DEATH, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(CANNOT_START)
    # Python ignores some signals, and an ignored one stays ignored in the new program.
    for number in (signal.SIGPIPE, signal.SIGXFSZ, signal.SIGQUIT, *ENDING):
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
    for fd, target in ((os.open(os.devnull, os.O_RDONLY), 0), (1, 2), (tell, FOLDER_FD)):
        os.dup2(fd, target)
    folder, *rest = order
    options, rest = _counted(rest)
    variables, command = _counted(rest)
    if options:
        _lend(options)
    os.chdir(folder)
    environment = dict(one.split(b"=", 1) for one in variables)
    os.execve(command[0], command, environment)  # noqa: S606  (no shell: it is one)


def _counted(fields: list[bytes]) -> tuple[list[bytes], list[bytes]]:
    end = int(fields[0]) + 1
    return fields[1:end], fields[end:]


def _lend(options: list[bytes]) -> None:
    # In a file, not among the arguments: those can be read by every user of the machine.
    fd = os.memfd_create("options")
    os.write(fd, b"".join(one + b"\0" for one in options))
    os.lseek(fd, 0, os.SEEK_SET)
    os.dup2(fd, OPTIONS_FD)


def _watch(child: int, wake: int) -> int | None:
    """Give the command's exit code, or None when it is to be ended."""
    while True:
        ready, _, _ = select.select([0, wake], [], [])
        signals = os.read(wake, 4096) if wake in ready else b""
        code = _reap(child)
        if code is not None:
            return code
        if 0 in ready or set(signals) - {signal.SIGCHLD}:
            return None


def _sweep(child: int) -> int:
    """Ask the whole family to end, wait, then kill; gives the command's code if it still ran."""
    code = 128 + signal.SIGKILL
    asked: set[int] = set()
    for tick in range(GRACE_TICKS + SWEEPS):
        ended = _reap(child)
        code = code if ended is None else ended
        left = set(family(child))
        if not left:
            break
        if tick < GRACE_TICKS:
            # Who was born after the first round is asked in the next one; nobody is asked twice.
            # All are held still first: a shell whose command ended before it would begin the next.
            for number in (signal.SIGSTOP, signal.SIGTERM, signal.SIGCONT):
                _tell(left - asked, number)
            asked |= left
        else:
            _tell(left, signal.SIGKILL)
        select.select([], [], [], TICK_S)
    return code


def _tell(family: set[int], number: int) -> None:
    for pid in family:
        try:
            os.kill(pid, number)
        except OSError:
            continue


def _reap(child: int) -> int | None:
    """Bury whatever ended; gives the command's exit code when it is among them."""
    code = None
    try:
        while (found := os.waitpid(-1, os.WNOHANG))[0]:
            if found[0] == child:
                ended = os.waitstatus_to_exitcode(found[1])
                code = ended if ended >= 0 else 128 - ended
    except ChildProcessError:
        pass
    return code


def family(child: int) -> list[int]:
    """List what lives beneath this process; without /proc, the command's group (negative)."""
    parents: dict[int, int] = {}
    try:
        for name in os.listdir("/proc"):  # noqa: PTH208  (pathlib takes 10 ms to import)
            if name.isdecimal():
                parents |= _parent(int(name))
    except FileNotFoundError:
        return [-child] if _is_alive(-child) else []
    found = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return sorted(found - {os.getpid()})


def _parent(pid: int) -> dict[int, int]:
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:  # noqa: PTH123
            state, parent = file.read().rpartition(b")")[2].split()[:2]
    except (OSError, ValueError):
        return {}
    return {} if state in {b"Z", b"X"} else {pid: int(parent)}


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def _last_words(told: int) -> bytes:
    try:
        return os.read(told, 8192).partition(b"\n")[0]
    except BlockingIOError:
        return b""


def _report(code: int, told: int) -> None:
    try:
        os.write(2, b"%d\0%s\n" % (code, _last_words(told)))
    except BrokenPipeError:
        return


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


if __name__ == "__main__":
    main()
