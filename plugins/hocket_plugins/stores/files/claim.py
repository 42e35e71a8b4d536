"""What a lock file says about its holder: information, never the lock itself."""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict, dataclass
from platform import node

from hocket.api.storage import Holder
from hocket.errors import RunHeld
from hocket_plugins.stores.files import process

_MOST = 1 << 53


@dataclass(frozen=True, slots=True)
class Claim:
    """Who holds a run: pid 0 when the last holder gave it back."""

    epoch: int = 0
    pid: int = 0
    start: str = ""
    boot: str = ""
    host: str = ""
    since: int = 0

    @classmethod
    def ours(cls, epoch: int, since: int) -> Claim:
        """Claim a run for this process."""
        pid = os.getpid()
        return cls(epoch, pid, process.start_of(pid), process.boot(), node(), since)

    @classmethod
    def read(cls, content: bytes | None) -> Claim:
        """Read a claim; whatever is not one, forged or torn, claims nothing."""
        try:
            fields = json.loads(content or b"{}")
            epoch, pid, since = (_number(fields.get(name)) for name in ("epoch", "pid", "since"))
            start, boot, host = (_text(fields.get(name)) for name in ("start", "boot", "host"))
            return cls(epoch, pid, start, boot, host, since)
        except (ValueError, AttributeError, RecursionError):
            return cls()

    def write(self) -> bytes:
        """Give the claim as the lock file's content."""
        return json.dumps(asdict(self)).encode() + b"\n"

    @property
    def is_here(self) -> bool:
        """Whether it was made since this machine was last started."""
        return bool(self.boot) and self.boot == process.boot()

    @property
    def is_running_here(self) -> bool:
        """Whether this very process, and no later one with its number, runs on this machine."""
        return self.is_here and self.pid > 0 and process.start_of(self.pid) == self.start != ""

    @property
    def may_hold(self) -> bool:
        """Whether its process may be alive: certain here, unknown elsewhere."""
        if self.pid <= 0:
            return False
        if self.boot:
            return self.is_running_here if self.is_here else True
        return process.is_alive(self.pid) or self.host != node()

    def holder(self) -> Holder:
        """Give the claim as the contract names it."""
        stopped = self.is_running_here and process.is_stopped(self.pid)
        return Holder(self.epoch, self.pid, self.host, self.since, stopped)


def held(run_id: str, claim: Claim) -> RunHeld:
    """Refuse a run that somebody holds, and name the holder."""
    state = "stopped" if claim.holder().stopped else "running"
    since = time.strftime("%H:%M", time.localtime(claim.since / 1000))
    who = f"held by pid {claim.pid} on {claim.host} since {since} ({state})"
    return RunHeld(
        f"run {run_id}",
        found=who if claim.pid else "held by a process that is just taking or leaving it",
        expected="a run that nobody holds",
        hint=f"Wait for it, or if it does not answer: hocket resume --steal {run_id}",
    )


def _number(value: object) -> int:
    return value if isinstance(value, int) and 0 <= value < _MOST else 0


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
