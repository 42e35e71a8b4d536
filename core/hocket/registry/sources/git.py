"""Runs git for strangers' repositories, with the person's own settings and nobody else's.

The person's credential helpers and proxies are theirs to use. What could make git run something
for the repository's sake is off: hooks, monitors, templates, submodules, other protocols.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, NamedTuple

from hocket.api.inert import visible
from hocket.registry.sources.failing import SourceLost, refused

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from pathlib import Path

    from hocket.registry.sources.limits import Limits

SETTINGS = {
    "core.attributesFile": os.devnull,
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "fetch.fsckObjects": "true",
    "fetch.prune": "false",
    "fetch.pruneTags": "false",
    "fetch.recurseSubmodules": "false",
    "fetch.unpackLimit": "1",
    "fetch.writeCommitGraph": "false",
    "gc.auto": "0",
    "init.defaultRefFormat": "files",
    "init.templateDir": "",
    "maintenance.auto": "false",
    "submodule.recurse": "false",
    "transfer.bundleURI": "false",
    "transfer.fsckObjects": "true",
}
"""What git is told on every command, whatever any other setting says."""
_PERSONAL = frozenset(
    (
        "GIT_ASKPASS",
        "GIT_CONFIG_GLOBAL",
        "GIT_CONFIG_NOSYSTEM",
        "GIT_CONFIG_SYSTEM",
        "GIT_EXEC_PATH",
        "GIT_SSH",
        "GIT_SSH_COMMAND",
        "GIT_SSH_VARIANT",
        "GIT_SSL_CAINFO",
    )
)
"""Variables of git that say how a person reaches a server; the others name a repository."""
_LOOK_S = 0.1
_MOST_WORDS = 64 << 10
_MOST_OUT = 16 << 20
_MOST_SHOWN = 300


class Ended(NamedTuple):
    """How a command ended."""

    code: int
    out: bytes
    err: str

    @property
    def words(self) -> str:
        """Say why it failed in git's own words, such that they steer no terminal."""
        said = self.err.strip().splitlines()
        wrong = [one for one in said if one.startswith(("error:", "fatal:"))]
        told = " \u00b7 ".join(dict.fromkeys(wrong or said[-1:])) or f"git ended with {self.code}"
        return visible(told)[:_MOST_SHOWN]


@dataclass(frozen=True, slots=True)
class Git:
    """git on one bare repository of the cache."""

    folder: Path
    env: Mapping[str, str]
    limits: Limits
    interactive: bool = False

    @contextmanager
    def started(
        self,
        *words: str,
        talks: bool = False,
        out: int | IO[bytes] = subprocess.PIPE,
        err: int | IO[bytes] = subprocess.DEVNULL,
    ) -> Generator[subprocess.Popen[bytes]]:
        """Start a command that has ended when the block is left, however that is."""
        process = subprocess.Popen(  # noqa: S603  (no shell; strangers' words come after `--`)
            [_program(self.env), f"--git-dir={self.folder}", *words],
            stdin=subprocess.PIPE if talks else subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            cwd=self.folder.parent,
            env=self.env,
            # Without the terminal nothing that git starts can ask there.
            start_new_session=not self.interactive,
        )
        with process:
            try:
                yield process
            finally:
                self._end(process)

    def run(self, *words: str) -> Ended:
        """Run a command within the limits; raises SourceLost and PackageRefused beyond them."""
        before, deadline = self._size(), self.limits.started()
        with (
            TemporaryFile(dir=self.folder.parent) as out,
            TemporaryFile(dir=self.folder.parent) as err,
        ):
            with self.started(*words, out=out, err=err) as process:
                has_ended = False
                while not has_ended:
                    has_ended = _has_ended(process)
                    if self._size() - before + _length(out) + _length(err) > self.limits.most_bytes:
                        raise refused("git", f"more than {self.limits.most_bytes:,} bytes came")
                    if deadline.is_over and not has_ended:
                        found = f"nothing whole came in {self.limits.seconds:g} s"
                        raise SourceLost("git", found=found)
            out.seek(0)
            err.seek(0)
            told = err.read(_MOST_WORDS).decode("utf-8", "backslashreplace")
            return Ended(process.returncode, out.read(_MOST_OUT), told)

    def _size(self) -> int:
        with suppress(FileNotFoundError), os.scandir(self.folder / "objects" / "pack") as packs:
            return sum(one.stat(follow_symlinks=False).st_size for one in packs)
        return 0

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        if process.stdin is not None:
            with suppress(BrokenPipeError):
                process.stdin.close()
        if self.interactive:
            process.kill()
            return
        # Its own session is its group: what it started may outlive it, and write on.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)


def surroundings(
    env: Mapping[str, str], *, is_local: bool = False, interactive: bool = False
) -> dict[str, str]:
    """Give the environment for git: what is the person's stays, what names a repository goes."""
    kept = {
        name: value
        for name, value in env.items()
        if not name.startswith("GIT_") or name in _PERSONAL
    }
    kept |= {
        "LC_ALL": "C",
        "GIT_ALLOW_PROTOCOL": "https:ssh:file" if is_local else "https:ssh",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_TERMINAL_PROMPT": "1" if interactive else "0",
        "GIT_CONFIG_COUNT": str(len(SETTINGS)),
    }
    for number, (name, value) in enumerate(SETTINGS.items()):
        kept |= {f"GIT_CONFIG_KEY_{number}": name, f"GIT_CONFIG_VALUE_{number}": value}
    return kept


def _program(env: Mapping[str, str]) -> str:
    found = shutil.which("git", path=env.get("PATH"))
    if found is None:
        hint = "Install git; nothing was fetched."
        raise SourceLost("git", found="there is no program 'git' on PATH", hint=hint, code="failed")
    return found


def _has_ended(process: subprocess.Popen[bytes]) -> bool:
    with suppress(subprocess.TimeoutExpired):
        process.wait(_LOOK_S)
        return True
    return False


def _length(file: IO[bytes]) -> int:
    return os.fstat(file.fileno()).st_size
