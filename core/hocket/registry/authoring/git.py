"""git, as an author's own: objects and one branch are written, and nothing of the repository runs.

The person's settings count for who they are; hooks and monitors are off, and no variable of the
surroundings leads to another repository.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hocket.api.inert import visible
from hocket.errors import HocketError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_OFF = ("-c", f"core.hooksPath={os.devnull}", "-c", "core.fsmonitor=false")
_OURS = {"GIT_TERMINAL_PROMPT": "0", "GIT_NO_REPLACE_OBJECTS": "1", "LC_ALL": "C"}
_WHO = ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL")
_SETTINGS = ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM")
_LONGEST_S = 60


@dataclass(frozen=True, slots=True)
class Git:
    """git in one folder."""

    folder: Path
    env: Mapping[str, str] = field(default_factory=dict[str, str])

    def ask(self, *words: str, given: bytes = b"", env: Mapping[str, str] | None = None) -> bytes:
        """Run a command and give what it printed; raises HocketError with what git said."""
        ended = self._run(words, given, env or {})
        if ended.returncode != 0:
            said = ended.stderr.decode("utf-8", "backslashreplace").strip().splitlines()
            found = visible(said[-1].strip()) if said else f"git ended with {ended.returncode}"
            raise HocketError(f"git {words[0]}", found=found, hint="Nothing was committed.")
        return ended.stdout

    def line(self, *words: str) -> str:
        """Run a command that prints one line; empty where it fails."""
        ended = self._run(words, b"", {})
        return ended.stdout.decode().rstrip("\n") if ended.returncode == 0 else ""

    def _run(
        self, words: tuple[str, ...], given: bytes, env: Mapping[str, str]
    ) -> subprocess.CompletedProcess[bytes]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("GIT_") or name in (*_WHO, *_SETTINGS)
        }
        try:
            return subprocess.run(  # noqa: S603  (no shell; what a person named stands behind `--`)
                [_program(), *_OFF, *words],
                cwd=self.folder,
                env={**kept, **_OURS, **self.env, **env},
                input=given,
                capture_output=True,
                check=False,
                timeout=_LONGEST_S,
            )
        except (OSError, subprocess.TimeoutExpired) as cause:
            raise HocketError("git", found=f"it did not end well: {cause}") from cause


def has_git() -> bool:
    """Whether there is a git at all."""
    return shutil.which("git") is not None


def repository(folder: Path) -> Git | None:
    """Give git for a folder that lies in the tree of a repository; None for any other."""
    if not has_git():
        return None
    git = Git(folder)
    return git if git.line("rev-parse", "--is-inside-work-tree") == "true" else None


def _program() -> str:
    return shutil.which("git") or "git"
