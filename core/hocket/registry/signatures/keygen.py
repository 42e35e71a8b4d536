"""Runs `ssh-keygen`, the one program that makes and checks signatures."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from hocket.api.inert import visible

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

NAME = "ssh-keygen"
_LONGEST_S = 30
_KEPT = ("PATH", "HOME", "SYSTEMROOT", "TMPDIR")


class Ended(NamedTuple):
    """How it ended."""

    code: int
    out: bytes
    err: bytes

    @property
    def words(self) -> str:
        """Give the last line it said, such that it steers no terminal."""
        said = self.err.decode("utf-8", "backslashreplace").strip().splitlines()
        return visible(said[-1].strip()) if said else f"it ended with {self.code}"


def find(tool: str | None) -> str:
    """Give the program: the one that is named, else that on PATH; empty: there is none."""
    return (shutil.which(NAME) or "") if tool is None else tool


def strict_surroundings() -> dict[str, str]:
    """Give the environment for a check: moments without a zone are UTC everywhere."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {**kept, "LC_ALL": "C", "TZ": "UTC"}


def run(
    words: Sequence[str], given: bytes, env: Mapping[str, str], longest_s: float | None = _LONGEST_S
) -> Ended:
    """Run it to its end; raises OSError or subprocess.TimeoutExpired."""
    done = subprocess.run(  # noqa: S603  (no shell; every word is ours or behind its option)
        words, input=given, env=env, capture_output=True, check=False, timeout=longest_s
    )
    return Ended(done.returncode, done.stdout, done.stderr)


@contextmanager
def lent(files: Mapping[str, bytes | None]) -> Generator[dict[str, str]]:
    """Lend bytes as files in a folder nobody else can read; None is no file."""
    with TemporaryDirectory(prefix="hocket-") as folder:
        paths: dict[str, str] = {}
        for name, content in files.items():
            if content is not None:
                paths[name] = str(Path(folder, name))
                Path(folder, name).write_bytes(content)
        yield paths
