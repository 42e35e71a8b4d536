"""The fast stand-in as a process of its own, and what it counted."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from figures import InvalidRun

if TYPE_CHECKING:
    from collections.abc import Generator

SERVER = Path(__file__).with_name("server.py")


@dataclass(frozen=True, slots=True)
class Counted:
    """What one program asked of the server."""

    calls: int
    asked: tuple[int, ...]
    answered: tuple[int, ...]
    repeated: int
    most_in_flight: int
    first_ms: float
    """The wall clock at the first request."""
    last_ms: float

    def checked(self, calls: int, cap: int) -> Counted:
        """Raise InvalidRun unless exactly these calls were made, and never more than `cap`."""
        if (self.calls, self.repeated) != (calls, 0) or self.most_in_flight > cap:
            found = f"{self.calls} calls, {self.repeated} repeated, {self.most_in_flight} at once"
            raise InvalidRun(f"{found}; expected {calls}, 0 and at most {cap}")
        return self


class Standing:
    """The running server."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"

    def reset(self) -> None:
        """Forget what was counted."""
        self._ask("/__reset", b"")

    def counted(self) -> Counted:
        """Give what was counted since."""
        said = json.loads(self._ask("/__stats"))
        said["asked"], said["answered"] = tuple(said["asked"]), tuple(said["answered"])
        return Counted(**said)

    def _ask(self, path: str, data: bytes | None = None) -> bytes:
        with urllib.request.urlopen(self.url + path, data) as answer:  # noqa: S310  (our own server)
            body: bytes = answer.read()
            return body


@contextmanager
def standing() -> Generator[Standing]:
    """Serve on the first processor while the block runs; everything else gets the others."""
    ours = os.sched_getaffinity(0)
    first, *others = sorted(ours)
    command = [sys.executable, str(SERVER)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        if others:
            os.sched_setaffinity(process.pid, {first})
            os.sched_setaffinity(0, set(others))
        yield Standing(port)
    finally:
        os.sched_setaffinity(0, ours)
        process.kill()
        process.wait()
