"""Installs whose process is killed at a step, each in a process of its own, and the next command.

Run as a script it plays one story with all its kills, and prints what went wrong, as JSON.
"""

from __future__ import annotations

import errno
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path

import households
from households import household, install, parcel

from hocket.errors import HocketError
from hocket.registry.installing.disk import Disk
from hocket.registry.installing.holding import held
from hocket.registry.installing.plan import Copy
from hocket.registry.installing.recovery import recover
from hocket.registry.receipts.receipt import Place

NEW = {"SKILL.md": "two", "bin/run.sh": "#!/bin/sh\ntrue\n", "more/new.md": "new"}


class DyingDisk(Disk):
    """Counts the steps, and kills the process before or after one."""

    def __init__(self, at=0, *, after=False, exchange=True):
        self.at, self.after, self.steps, self.exchange = at, after, 0, exchange

    def step(self, what, act):
        self.steps += 1
        is_last = self.steps == self.at
        if is_last and not self.after:
            os.kill(os.getpid(), signal.SIGKILL)
        done = act()
        if is_last:
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    def _renameat2(self, flag, old, new):
        return self.exchange and super()._renameat2(flag, old, new)


class FailingDisk(Disk):
    """Has no room from one write on, or refuses one step with an error of the system."""

    def __init__(self, at, kinds=("write", "create", "mkdir"), error=errno.ENOSPC):
        self.at, self.kinds, self.error, self.steps = at, kinds, error, 0

    def step(self, what, act):
        if what.startswith(self.kinds):
            self.steps += 1
            if self.steps >= self.at > 0:
                raise OSError(self.error, os.strerror(self.error))
        return act()


def both(name, number, files):
    """Make a package that is put in two places, one of them another program's."""
    whole = households.tree(files)
    copies = [Copy(Place.WORKFLOWS, name, whole), Copy(Place.AGENTS, name, whole)]
    return parcel(name, number, files, copies=copies)


def added(scope, disk):
    """Install two packages at once."""
    install(scope, both("deep", "1.0.0", None), parcel("web"), disk=disk)


def updated(scope, disk):
    """Update one of two, where a person edited a file, and added one."""
    install(scope, both("deep", "1.1.0", NEW), disk=disk)


def removed(scope, disk):
    """Remove one of two, where a person edited a file, and added one."""
    install(scope, remove=["deep"], disk=disk)


def recovered(scope, disk):
    """Do what every command begins with."""
    with held(scope, 0, disk):
        recover(scope, disk)


STORIES = {"install": added, "update": updated, "remove": removed}


def before(root, story):
    """Make the scope in which a story begins."""
    scope = household(root)
    if story != "install":
        added(scope, Disk())
        target = scope.base(Place.WORKFLOWS) / "deep"
        (target / "SKILL.md").write_text("mine")
        (target / "own.md").write_text("own")
    return scope


def state(scope):
    """Tell all that matters of a scope: the targets, the lock, the receipts."""
    found = {
        f"{place}/{path}": text
        for place in (Place.WORKFLOWS, Place.AGENTS)
        for path, text in households.files(scope.base(place)).items()
    }
    lock = scope.lock.read_text() if scope.lock.exists() else ""
    return found, lock, households.files(scope.receipts)


def killed(scope, act, disk):
    """Act in a process of its own; True: it was killed."""
    if not (child := os.fork()):
        try:
            act(scope, disk)
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


class Play:
    """One story, told often: each time from the same beginning, and killed elsewhere."""

    def __init__(self, root, story, *, exchange=True):
        self.root, self.story, self.exchange = root, story, exchange
        self.act = STORIES[story]
        scope = before(root / "now", story)
        shutil.copytree(root / "now", root / "first", symlinks=True)
        self.old, self.is_edited = state(scope), bool(households.problems(scope))
        disk = DyingDisk(exchange=exchange)
        self.act(scope, disk)
        self.new, self.steps = state(scope), disk.steps
        self.faults = []
        self.ended = {"old": 0, "new": 0}

    def again(self):
        """Give the beginning, in the folder where it always is: receipts go by its path."""
        shutil.rmtree(self.root / "now")
        shutil.copytree(self.root / "first", self.root / "now", symlinks=True)
        return household(self.root / "now")

    def judge(self, scope, when):
        """Run the next command, and note what is neither the old nor the new state."""
        try:
            recovered(scope, DyingDisk(exchange=self.exchange))
        except HocketError as error:
            self.faults.append(f"{when}: {error}")
            return
        now = state(scope)
        if now not in (self.old, self.new):
            self.faults.append(f"{when}: a mixture: {sorted(now[0])} {sorted(now[2])}")
            return
        which = "new" if now == self.new else "old"
        self.ended[which] += 1
        found = households.problems(scope)
        if found and not (which == "old" and self.is_edited):
            self.faults.append(f"{when}: {found}")
        if left := households.leftovers(scope):
            self.faults.append(f"{when}: left {left}")

    def everywhere(self, stride=1, twice=0):
        """Kill before and after every step; with `twice`, also the recovery at its steps."""
        for at in range(1, self.steps + 1, stride):
            for after in (False, True):
                when = f"{self.story} killed {'after' if after else 'before'} step {at}"
                scope = self.again()
                if not killed(scope, self.act, DyingDisk(at, after=after, exchange=self.exchange)):
                    self.faults.append(f"{when}: it lived")
                if twice and at % twice == 0:
                    self.recoveries(scope, when, after=after)
                else:
                    self.judge(scope, when)

    def recoveries(self, scope, when, *, after):
        """Kill the recovery at its first step, then at its second: until one comes through."""
        for at in range(1, 10_000):
            disk = DyingDisk(at, after=after, exchange=self.exchange)
            if not killed(scope, recovered, disk):
                break
        self.judge(scope, f"{when}, recovery killed {at - 1} times")

    def anywhere(self, moments, seed):
        """Kill at random moments of the wall clock."""
        chance = random.Random(seed)
        begin = time.perf_counter()
        killed(self.again(), self.act, Disk())
        length = time.perf_counter() - begin
        for moment in range(moments):
            scope = self.again()
            _killed_after(scope, self.act, chance.uniform(0, length))
            self.judge(scope, f"{self.story}, moment {moment}")


def _killed_after(scope, act, seconds):
    if not (child := os.fork()):
        try:
            act(scope, Disk())
        finally:
            os._exit(0)
    timer = threading.Timer(seconds, lambda: os.kill(child, signal.SIGKILL))
    timer.start()
    timer.join()
    os.waitpid(child, 0)


def main(story, *, exchange, stride, twice, moments):
    """Play it, and print the faults, how often each end was reached, and the steps."""
    with tempfile.TemporaryDirectory() as folder:
        play = Play(Path(folder), story, exchange=exchange)
        play.everywhere(stride, twice) if not moments else play.anywhere(moments, seed=7)
        told = {"faults": play.faults, "ended": play.ended, "steps": play.steps}
        print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1], **json.loads(sys.argv[2]))
