"""Starts one command and ends with everything that the command started.

A program of its own, run as `python -I -S supervisor.py`: it must outlive hocket. It knows that
hocket is gone, killed or not, when its standard input ends, whatever thread spawned it. Its
standard output becomes the command's; its standard error is the report: the exit code and the
folder the command ended in. It adopts every orphan beneath it (a subreaper), so that a daemon
in a session of its own is found as well. It imports little: it starts with every command.
"""

from __future__ import annotations

import ctypes
import os
import select
import signal
import sys

GRACE_S = 2.0
"""Between the request to end and the end."""
TICK_S = 0.02
SWEEPS = 100
"""Passes in which what is left is killed: a tree that grows faster than this is not ended."""
SET_PARENT_DEATH, SET_SUBREAPER = 1, 36
CANNOT_START = 126


def main() -> int:
    """Read the order, run it until it ends or nobody wants it any more, and clean up."""
    folder, command, environment = _order(sys.stdin.buffer.read1)
    wake, woken = os.pipe()
    for fd in (wake, woken):
        os.set_blocking(fd, False)
    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: None)
    signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
    _prctl(SET_SUBREAPER, 1)
    told, tell = os.pipe()
    child = _start(folder, command, environment, tell)
    for fd in (1, tell):
        os.close(fd)
    ended = _watch(child, wake)
    code = _sweep(child, ended)
    os.set_blocking(told, False)
    os.write(2, b"%d\0%s" % (code, _last_words(told)))
    return 0
