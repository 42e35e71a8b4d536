"""The Python environment that plugins are installed into: what is in it, and who may change it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hocket.errors import HocketError

if TYPE_CHECKING:
    from collections.abc import Mapping

_SECONDS = 60
_ASK = """
import importlib.metadata as m, importlib.util, json, os, re, sys, sysconfig
def name(text): return re.sub(r"[-_.]+", "-", text).lower()
found = {}
for one in m.distributions():
    if one.metadata["Name"]:
        points = any(p.group == "hocket" for p in one.entry_points)
        found.setdefault(name(one.metadata["Name"]), [one.version, one.requires or [], points])
managed = os.path.join(sysconfig.get_path("stdlib"), "EXTERNALLY-MANAGED")
print(json.dumps({
    "managed": sys.prefix == sys.base_prefix and os.path.exists(managed),
    "pip": importlib.util.find_spec("pip") is not None,
    "folders": sorted({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}),
    "distributions": found,
}))
"""
"""Asked of the environment itself, which need not be the one this process runs in."""


@dataclass(frozen=True, slots=True)
class Installed:
    """A distribution that is there."""

    version: str
    requires: tuple[str, ...] = ()
    is_plugin: bool = False
    """Whether it has entry points of hocket's group."""


@dataclass(frozen=True, slots=True)
class Environment:
    """A Python environment by its interpreter."""

    python: str
    is_managed: bool
    """The system's own tool looks after it, and nobody else may."""
    has_pip: bool
    folders: tuple[str, ...] = ()
    distributions: Mapping[str, Installed] = field(default_factory=dict[str, Installed])


def look(python: str = sys.executable, env: Mapping[str, str] = os.environ) -> Environment:
    """Ask an interpreter; what stands in the current folder or in PYTHON* variables is not it."""
    clean = {key: value for key, value in env.items() if not key.startswith("PYTHON")}
    try:
        done = subprocess.run(  # noqa: S603  (our own words)
            [python, "-I", "-c", _ASK],
            env=clean,
            capture_output=True,
            timeout=_SECONDS,
            check=True,
        )
        told = json.loads(done.stdout)
    except (OSError, ValueError, subprocess.SubprocessError) as cause:
        found = "it could not say what is installed in it"
        raise HocketError(python, found=found, expected="a Python that works") from cause
    found_there = {
        name: Installed(version, tuple(requires), is_plugin=points)
        for name, (version, requires, points) in told["distributions"].items()
    }
    return Environment(
        python,
        told["managed"],
        told["pip"],
        tuple(told["folders"]),
        dict(sorted(found_there.items())),
    )
