"""How a capability is told to a person: what it lets happen, not how it is spelled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.ceiling import AGENTS
from hocket.registry.capabilities.vocabulary import ANY, CHECKS

if TYPE_CHECKING:
    from hocket.api.ceiling import Ceiling

LABELS = {
    "shell": "shell",
    "network": "network",
    "write": "write",
    "env": "env",
    "mcp": "MCP",
    "reveal": "reveal",
    "hooks": "hooks",
    "inline-exec": "inline",
    "tools": "tools",
    "read": "read",
    AGENTS: "agents",
}
"""The most dangerous first."""
NOT = {
    "network": "network",
    "write": "writing files",
    "shell": "shell",
    "env": "environment",
    "mcp": "MCP servers",
    "reveal": "reveal",
    "python": "Python code",
    "tools": "tools",
    "read": "reading files",
    AGENTS: "agents",
}
"""What a run cannot do; hocket itself runs neither hooks nor inline commands of a skill."""
_FLAGS = {
    "reveal": "agents may be shown text from outside as it is",
    "hooks": "other programs run its hooks: any program",
    "inline-exec": "other programs run the commands in its text: any program",
}
ANY_PROGRAM = "any program"
INTERPRETERS = frozenset(
    (
        *("sh", "bash", "zsh", "dash", "ksh", "fish", "busybox", "env", "xargs", "find", "git"),
        *("python", "python3", "perl", "ruby", "node", "deno", "bun", "php", "lua", "awk", "sed"),
        *("make", "cmake", "ninja", "npm", "npx", "pnpm", "yarn", "pip", "pipx", "uv", "uvx"),
        *("cargo", "go", "gradle", "mvn", "docker", "podman", "ssh", "sudo", "nohup", "timeout"),
        *("nice", "time", "tar", "vim", "vi", "ed", "less", "man", "parallel", "tox", "nox"),
    )
)
"""Programs that start whatever they are told to."""


def is_any_program(ceiling: Ceiling, checks: tuple[str, ...]) -> bool:
    """Say whether a shell that may start these may start everything."""
    return ANY in ceiling.shell or bool(_interpreters(ceiling, checks))


def told(key: str, ceiling: Ceiling, checks: tuple[str, ...]) -> str:
    """Say what a key of the table allows; empty: nothing."""
    if key == "shell":
        return _shell(ceiling, checks)
    if key == AGENTS:
        return f"{ceiling.agents} per run" if ceiling.agents else ""
    if key in _FLAGS:
        return _FLAGS[key] if ceiling.has(key) else ""
    special = {("network", ANY): "any public host", ("mcp", ANY): "all servers you configured"}
    return ", ".join(special.get((key, item), item) for item in ceiling.items(key))


def _shell(ceiling: Ceiling, checks: tuple[str, ...]) -> str:
    if ANY in ceiling.shell:
        return ANY_PROGRAM
    named = [item for item in ceiling.shell if item != CHECKS]
    if CHECKS in ceiling.shell:
        named.append(f"your checks ({', '.join(checks) or 'none set'})")
    if starters := _interpreters(ceiling, checks):
        return f"{ANY_PROGRAM} (through {', '.join(starters)}): {', '.join(named)}"
    return ", ".join(named)


def _interpreters(ceiling: Ceiling, checks: tuple[str, ...]) -> list[str]:
    own = checks if CHECKS in ceiling.shell else ()
    return sorted({one for one in (*ceiling.shell, *own) if _is_interpreter(one)})


def _is_interpreter(program: str) -> bool:
    name = program.rpartition("/")[2].lower().removesuffix(".exe")
    return name in INTERPRETERS or name.rstrip("0123456789.-") in INTERPRETERS
