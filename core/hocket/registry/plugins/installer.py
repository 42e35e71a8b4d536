"""Installs wheels by their hashes, with pip or else with uv; nothing of them runs meanwhile."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from hocket.errors import HocketError, PackageRefused, UsageError
from hocket.registry.plugins.requirements import FILE, lines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hocket.registry.indexes.rows import Row
    from hocket.registry.plugins.environment import Environment

_SECONDS = 600
_STRICT = ("--require-hashes", "--only-binary", ":all:", "--no-deps")
"""Every file has its hash, none of them is built here, and none comes along unnamed."""
_MISMATCH = ("DO NOT MATCH THE HASHES", "Hash mismatch")
_TOLD = 600


@dataclass(frozen=True, slots=True)
class Installer:
    """The tool that changes an environment."""

    environment: Environment
    uv: str = ""
    """Its path; empty: pip."""
    env: Mapping[str, str] | None = None

    def planned(self, row: Row) -> dict[str, str]:
        """Say which versions would come in, by name; nothing is changed.

        pip compares the hashes here already. uv does not, so there only the install tells.
        """
        words = ["--dry-run"] if self.uv else ["--dry-run", "--quiet", "--report", "-"]
        done = self._install(row, words)
        if self.uv:
            return _of_lines(row)
        told = json.loads(done)
        return {
            str(one["metadata"]["name"]).lower().replace("_", "-"): str(one["metadata"]["version"])
            for one in told["install"]
        }

    def install(self, row: Row) -> None:
        """Install, and have the tool check that all that is there goes together."""
        self._install(row, [])
        words = [self.uv, "pip", "check", "--python", self.environment.python]
        pip = [self.environment.python, "-I", "-m", "pip", "check"]
        code, out = self._run(words if self.uv else pip)
        if code:
            raise HocketError(
                row.name,
                found=f"it was installed, and does not go with what is there: {out[:_TOLD]}",
                hint=f"Take it out again: {self.typed('uninstall', row.name)}",
            )

    def uninstall(self, names: Sequence[str]) -> None:
        """Take packages out; what is not there is no fault."""
        python = self.environment.python
        there = [name for name in names if name in self.environment.distributions]
        if not there:
            return
        pip = [python, "-I", "-m", "pip", "uninstall", "-y", "--quiet", *there]
        uv = [self.uv, "pip", "uninstall", "--quiet", "--python", python, *there]
        code, out = self._run(uv if self.uv else pip)
        if code:
            raise HocketError(there[0], found=f"it could not be taken out: {out[:_TOLD]}")

    def typed(self, verb: str, name: str) -> str:
        """Write what a person would type."""
        if self.uv:
            return f"uv pip {verb} --python {self.environment.python} {name}"
        return f"{self.environment.python} -m pip {verb} {name}"

    def _install(self, row: Row, more: Sequence[str]) -> str:
        python = self.environment.python
        with TemporaryDirectory(prefix="hocket-") as folder:
            wanted = Path(folder) / FILE
            wanted.write_text("".join(f"{line}\n" for line in lines(row)), "utf-8")
            pip = [python, "-I", "-m", "pip", "install", "--no-input", *more, *_STRICT]
            uv = [self.uv, "pip", "install", "--python", python, *more, *_STRICT]
            code, out = self._run([*(uv if self.uv else pip), "-r", str(wanted)])
        if code and any(one in out for one in _MISMATCH):
            raise PackageRefused(row.name, [f"a wheel has another hash: {out[:_TOLD]}"], "digest")
        if code:
            raise HocketError(
                row.name,
                found=f"it could not be installed: {out[:_TOLD]}",
                expected="wheels for this Python, within reach",
            )
        return out

    def _run(self, words: Sequence[str]) -> tuple[int, str]:
        env = dict(os.environ if self.env is None else self.env)
        env |= {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_COLOR": "1", "NO_COLOR": "1"}
        try:
            done = subprocess.run(  # noqa: S603  (a list, no shell)
                list(words), env=env, capture_output=True, timeout=_SECONDS, check=False
            )
        except (OSError, subprocess.SubprocessError) as cause:
            raise HocketError(words[0], found=f"it could not be run ({cause})") from cause
        out, err = (text.decode("utf-8", "replace") for text in (done.stdout, done.stderr))
        return done.returncode, out if not done.returncode else f"{err}{out}".strip()


def installer(environment: Environment, env: Mapping[str, str] = os.environ) -> Installer:
    """Choose the tool; raises UsageError with what a person could type instead."""
    uv = shutil.which("uv", path=env.get("PATH"))
    if environment.is_managed:
        raise UsageError(
            "plugins",
            found=f"the system looks after {environment.python}",
            expected="hocket in an environment of its own",
            hint="Make one: python3 -m venv .venv && .venv/bin/pip install hocket",
        )
    if not environment.has_pip and uv is None:
        raise UsageError(
            "plugins",
            found="neither pip nor uv is here",
            expected="one of the two",
            hint=f"Get pip: {environment.python} -m ensurepip",
        )
    return Installer(environment, "" if environment.has_pip else uv or "", env)


def _of_lines(row: Row) -> dict[str, str]:
    pairs = (line.partition(" ")[0].partition("==") for line in lines(row))
    return {name: version for name, _, version in pairs}
