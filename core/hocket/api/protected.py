"""Paths that need a rule which names them, even inside the workspace."""

from __future__ import annotations

import os
from fnmatch import fnmatchcase

_STEERING = frozenset(
    {".git", ".hocket", ".claude", ".agents", ".vscode", ".mcp.json"}
    | {"agents.md", "claude.md", "hocket.lock"}
)
"""They run or steer something later."""
_SECRET = (".env*", "*.pem", "id_*", "*.p12", ".npmrc", ".netrc")
_LITERAL_ONLY = (".git", ".hocket", ".claude", ".agents", "hocket.lock", "*.key", *_SECRET)
_RUNS = "/.hocket/runs/"
"""What other agents wrote and read; nobody vouches for it."""
_WILD = str.maketrans("", "", "*?[]")


def is_inside(path: str) -> bool:
    """Say whether a path as typed stays beneath where it begins."""
    plain = os.path.normpath(path)
    return not (plain.startswith(("/", "~")) or plain.split("/")[0] == ".." or "\\" in path)


def is_steering(path: str) -> bool:
    """Say whether a path is one that nobody writes without a rule for it."""
    return any(part in _STEERING for part in _parts(path))


def is_secret(path: str) -> bool:
    """Say whether a path is one that nobody reads without being asked about it."""
    parts = _parts(path)
    has_secret_name = any(fnmatchcase(parts[-1], pattern) for pattern in _SECRET)
    return has_secret_name or _RUNS in f"/{'/'.join(parts)}/"


def is_literal_only(part: str) -> bool:
    """Say whether no wildcard of a capability covers a part of a path: it must be spelled out."""
    return any(fnmatchcase(part.casefold(), pattern) for pattern in _LITERAL_ONLY)


def is_named(path: str, pattern: str) -> bool:
    """Say whether a rule's pattern is about what is protected in a path, and not about all files.

    `.env*` is about `.env.local`, and `**` is not: of the pattern some part has to say so itself.
    """
    guarded = [part for part in _parts(path) if part in _STEERING or is_secret(part)]
    said = [part for part in _parts(pattern) if len(part.translate(_WILD)) > 1]
    return all(any(fnmatchcase(part, one) for one in said) for part in guarded)


def _parts(path: str) -> list[str]:
    return os.path.normpath(path).casefold().split("/")
