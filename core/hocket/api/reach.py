"""What lies beneath a ceiling: tools, paths, hosts and shell lines, for the engine and for tools.

A script without a ceiling may reach all, and so may one that declared nothing: of that one the
engine asks a person about each effect.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING
from unicodedata import normalize

from hocket.api.grants import SERVERS, is_named, tool_of
from hocket.api.protected import is_literal_only
from hocket.api.shell.parts import parts
from hocket.api.shell.tokens import Unclear

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hocket.api.calls import Check
    from hocket.api.ceiling import Ceiling

ANY, EVERYWHERE = "*", "**"
ANY_SERVER = f"{SERVERS}*"
CHECKS = "@checks"
"""Stands in `shell` for the programs of the script's own checks."""


def is_free(ceiling: Ceiling | None) -> bool:
    """Say whether no table limits anything here."""
    return ceiling is None or not ceiling.is_declared


def has_tool(ceiling: Ceiling | None, name: str) -> bool:
    """Say whether a tool is declared; `mcp__*` declares the tools of all servers."""
    if ceiling is None or not ceiling.is_declared or name in ceiling.tools:
        return True
    return name.startswith(SERVERS) and ANY_SERVER in ceiling.tools


def may_name(ceiling: Ceiling | None, rule: str) -> bool:
    """Say whether a call may name this in `tools=`: what stands for several is narrowed later."""
    word = tool_of(rule)
    if ceiling is None or has_tool(ceiling, word):
        return True
    return any(is_named(name, word) for name in ceiling.tools)


def server_of(tool: str) -> str:
    """Name the MCP server of a tool; empty for a tool of none."""
    return tool.removeprefix(SERVERS).partition("__")[0] if tool.startswith(SERVERS) else ""


def has_server(ceiling: Ceiling | None, server: str, digest: str | None = None) -> bool:
    """Say whether a server is declared, with just these tools where their digest is known."""
    if ceiling is None or not ceiling.is_declared or ANY in ceiling.mcp:
        return True
    held = (item.partition("#sha256:") for item in ceiling.mcp)
    tools = [hash_ for who, _, hash_ in held if who.rpartition("@")[0] == server]
    return bool(tools) and (digest is None or digest in tools)


def may_read(ceiling: Ceiling | None, path: str) -> bool:
    """Say whether a file may be read: its path from the project's root on, links resolved."""
    return ceiling is None or not ceiling.is_declared or covers(ceiling.read, path)


def may_read_beside(ceiling: Ceiling | None, path: str) -> bool:
    """Say whether a file of a root may be read, which a person typed: its path from the root on.

    Who may read nothing of the project may read nothing beside it either.
    """
    return is_free(ceiling) or bool(ceiling and ceiling.read and covers((EVERYWHERE,), path))


def may_write(ceiling: Ceiling | None, path: str) -> bool:
    """Say whether a file may be written: its path from the project's root on, links resolved."""
    return ceiling is None or not ceiling.is_declared or covers(ceiling.write, path)


def covers(globs: Iterable[str], path: str) -> bool:
    """Say whether a path lies beneath one of the globs, all of which begin at the root.

    What is protected no wildcard covers: its name must be spelled out.
    """
    given = [part for part in normalize("NFC", path).split("/") if part != "."]
    if any(part in {"", ".."} for part in given):
        return False
    return any(_fits(glob.split("/"), given) for glob in globs)


def reaches(ceiling: Ceiling | None, host: str) -> bool:
    """Say whether a host is declared, by its name or as a subdomain."""
    if ceiling is None or not ceiling.is_declared:
        return True
    name = host.lower().removesuffix(".")
    return any(held in {ANY, name} or name.endswith(f".{held}") for held in ceiling.network)


def obstacle(ceiling: Ceiling | None, line: str) -> str | None:
    """Say why a shell line may not run, or None: each of its commands begins with a declared one.

    It is read as strictly as by a rule that allows; what cannot be read so is not declared.
    """
    if ceiling is None or not ceiling.is_declared or ANY in ceiling.shell:
        return None
    try:
        found = [part.words[0].text for part in parts(line)]
    except Unclear as reason:
        return str(reason)
    if not found:
        return "it runs nothing"
    return next((name for name in found if name not in ceiling.shell), None)


def programs(checks: Iterable[Check]) -> tuple[str, ...]:
    """Give the programs of checks, as far as their commands can be read."""
    found: list[str] = []
    for check in checks:
        try:
            found += [part.words[0].text for part in parts(check.typed)]
        except Unclear:
            continue
    return tuple(dict.fromkeys(found))


def _fits(wanted: Sequence[str], given: Sequence[str]) -> bool:
    reached = _ahead(wanted, {0})
    for part in given:
        taken = (at for at in reached if at < len(wanted) and _takes(wanted[at], part))
        reached = _ahead(wanted, {at + (wanted[at] != EVERYWHERE) for at in taken})
    return len(wanted) in reached


def _ahead(wanted: Sequence[str], reached: set[int]) -> set[int]:
    """Add where one gets without a part of the path: `**` may stand for none."""
    for at in sorted(reached):
        while at < len(wanted) and wanted[at] == EVERYWHERE:
            at += 1  # noqa: PLW2901
            reached.add(at)
    return reached


def _takes(wanted: str, part: str) -> bool:
    if wanted == part:
        return True
    if is_literal_only(part):
        return False
    return wanted == EVERYWHERE or fnmatchcase(part, wanted)
