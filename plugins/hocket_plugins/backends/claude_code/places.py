"""Whether Claude Code can work here: its program, and the package that speaks to it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from hocket_plugins.backends.claude_code import sdk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hocket_plugins.backends.claude_code.settings import ClaudeCodeSection

EXTRA = "the extra is not installed: pip install 'hocket[claude-code]'"
SOFT = "it counts for itself, so that budgets are soft"


def program(section: ClaudeCodeSection, env: Mapping[str, str]) -> str | None:
    """Find the program: the configured one, else `claude` on PATH; it is not started."""
    return shutil.which(section.cli_path or "claude", path=env.get("PATH", ""))


def found(section: ClaudeCodeSection, env: Mapping[str, str]) -> str | None:
    """Say why it can work here, or None."""
    path = program(section, env)
    if path is None or not sdk.installed():
        return None
    reason = "cli_path is configured" if section.cli_path else "`claude` is on PATH"
    return f"{reason}; {SOFT}"


def lacks(section: ClaudeCodeSection, env: Mapping[str, str]) -> str | None:
    """Say what is missing although it was asked for: a program on PATH alone asks for nothing."""
    if section.cli_path is None:
        return None
    if program(section, env) is None:
        return "the program in [claude_code] cli_path is not there"
    return None if sdk.installed() else EXTRA


def advice() -> str:
    """Say what to install: the program, or the package that speaks to it."""
    return "no `claude` is on PATH" if sdk.installed() else EXTRA
