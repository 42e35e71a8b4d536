"""How each list of the capability table spells its items, and how they are made one spelling."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import TYPE_CHECKING
from unicodedata import category, normalize

if TYPE_CHECKING:
    from collections.abc import Callable

ANY = "*"
CHECKS = "@checks"
"""Stands for the programs of the run's checks."""

_TOOL = re.compile(r"(?!mcp__)[A-Za-z][A-Za-z0-9_]{0,63}|mcp__\*|mcp__[\w.-]+?__[\w.-]+", re.ASCII)
_PROGRAM = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+-]{0,63}")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")
_SERVER = re.compile(r"[A-Za-z0-9_][\w.-]*@[\w.+-]+#sha256:[0-9a-f]{64}", re.ASCII)
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_LONGEST_HOST, _LONGEST_GLOB = 253, 240


def tool(item: str) -> str | None:
    """Read the name of a tool; a rule such as `Bash(git:*)` is none."""
    return item if _TOOL.fullmatch(item) else None


def glob(item: str) -> str | None:
    """Read a pattern for paths under the project root."""
    text = normalize("NFC", item)
    odd = any(category(letter) in {"Cc", "Cf", "Cs"} or letter in '\\:"<>|' for letter in text)
    if odd or len(text.encode("utf-8", "replace")) > _LONGEST_GLOB or text.startswith("~"):
        return None
    return None if any(part in {"", ".", ".."} for part in text.split("/")) else text


def host(item: str) -> str | None:
    """Read a host, which includes its subdomains, or `*`; a port or a scheme is none of it."""
    if item == ANY:
        return item
    name = item.lower()
    if (address := _address(name)) is not None:
        return address
    labels = name.split(".")
    # What ends in a number is an address to a browser, in one of its many disguises.
    if len(name) > _LONGEST_HOST or re.fullmatch(r"[0-9]*|0x[0-9a-f]*", labels[-1]):
        return None
    return name if all(_LABEL.fullmatch(label) for label in labels) else None


def program(item: str) -> str | None:
    """Read the name of a program, `@checks` or `*`; a path is none."""
    return item if item in {ANY, CHECKS} or _PROGRAM.fullmatch(item) else None


def variable(item: str) -> str | None:
    """Read the name of an environment variable."""
    return item if _VARIABLE.fullmatch(item) else None


def server(item: str) -> str | None:
    """Read a server with the hash of its list of tools, or `*`: those the person configured."""
    return item if item == ANY or _SERVER.fullmatch(item) else None


READERS: dict[str, tuple[Callable[[str], str | None], str]] = {
    "env": (variable, "the name of a variable"),
    "mcp": (server, "SERVER@VERSION#sha256:HASH or *"),
    "network": (host, "a host (with its subdomains) or *"),
    "read": (glob, "a glob under the project root"),
    "shell": (program, "the name of a program, @checks or *"),
    "tools": (tool, "the name of a tool"),
    "write": (glob, "a glob under the project root"),
}
"""By key of the table: what reads an item, and what an item is."""


def _address(name: str) -> str | None:
    bare = name[1:-1] if name.startswith("[") and name.endswith("]") else name
    try:
        return None if "%" in bare else ip_address(bare).compressed
    except ValueError:
        return None
