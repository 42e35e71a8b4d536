"""Installers that their makers tell everybody to pipe into a shell."""

from __future__ import annotations

import re

KNOWN = (
    "sh.rustup.rs",
    "astral.sh/uv",
    "astral.sh/ruff",
    "get.docker.com",
    "install.python-poetry.org",
    "bun.sh/install",
    "bun.com/install",
    "deno.land/install.sh",
    "deno.land/x/install",
    "fnm.vercel.app/install",
    "get.pnpm.io/install.sh",
    "get.sdkman.io",
    "get.volta.sh",
    "mise.run",
    "nixos.org/nix/install",
    "install.determinate.systems/nix",
    "ollama.com/install.sh",
    "pyenv.run",
    "claude.ai/install.sh",
    "raw.githubusercontent.com/Homebrew/install",
    "raw.githubusercontent.com/nvm-sh/nvm",
    "raw.githubusercontent.com/helm/helm",
)
"""The address without its scheme, and all beneath it."""
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://[^\s\"'`)|;<>]+", re.IGNORECASE)
_ODD = frozenset("$@\\%?#{}*")
"""What can make an address lead elsewhere, or say there what to install."""


def is_known(command: str) -> bool:
    """Say whether a command loads from one of them, and from nowhere else."""
    found = _ADDRESS.findall(command)
    return len(found) == 1 and _is_one(found[0])


def _is_one(address: str) -> bool:
    scheme, _, rest = address.partition("://")
    if scheme.lower() != "https" or _ODD & set(rest) or ".." in rest:
        return False
    return any(f"{rest}/".startswith(f"{each}/") for each in KNOWN)
