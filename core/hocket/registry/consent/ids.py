"""The ids that `--accept` and `consent.allow` take, each in one spelling."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hocket.api.ceiling import AGENTS, FLAGS, LISTS, MOST_AGENTS, Ceiling
from hocket.errors import UsageError
from hocket.registry.capabilities.vocabulary import READERS
from hocket.registry.forms.names import Unfit, name, quoted, version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

CAPABILITIES = "capabilities"
FORMS = (
    "tools:X",
    "read:GLOB",
    "write:GLOB",
    "network:HOST",
    "shell:PROGRAM",
    "env:VARIABLE",
    "mcp:SERVER",
    "agents:N",
    "reveal",
    "hooks",
    "inline-exec",
    "capabilities:sha256:HASH",
    "python:NAME",
    "signer:SHA256:FINGERPRINT",
    "signers:sha256:HASH",
    "source:HOST",
    "unsigned:NAME",
    "similar:NAME",
    "shadow:/NAME",
    "young:NAME@VERSION",
    "finding:L03",
)
"""As a person is told them. There is none for all of them."""

_PLAIN = frozenset(FLAGS) - {"python"}
"""Capabilities that are ids by themselves; `python` wants the name of the package."""


def spelled(given: str) -> str:
    """Give an id in its one spelling; raises Unfit."""
    key, colon, item = given.partition(":")
    if not colon and key in _PLAIN:
        return key
    if (reader := _READERS.get(key)) is None or not item:
        raise Unfit(f"{quoted(given)} is no id")
    if (found := reader(item)) is None:
        raise Unfit(f"{quoted(given)} is not in the form of its kind")
    return f"{key}:{found}"


def checked(given: Iterable[str], who: str = "--accept") -> tuple[str, ...]:
    """Read what a person accepts; raises UsageError, which lists the forms."""
    try:
        return tuple(dict.fromkeys(spelled(each) for each in given))
    except Unfit as cause:
        raise UsageError(
            who,
            found=str(cause),
            expected=f"one of {', '.join(FORMS)}",
            hint="Each is accepted by itself; nothing was installed.",
        ) from cause


def is_capability(id_: str) -> bool:
    """Say whether an id is an item of a capability table."""
    return id_ in _PLAIN or id_.partition(":")[0] in {AGENTS, *LISTS}


def ceiling_of(given: Iterable[str]) -> Ceiling:
    """Give the table that holds exactly the capabilities among some ids."""
    parts = [each.partition(":")[::2] for each in given if is_capability(each)]

    def of(key: str) -> tuple[str, ...]:
        return tuple(item for kind, item in parts if kind == key)

    flags = {kind for kind, _item in parts}
    return Ceiling(
        agents=max(map(int, of(AGENTS)), default=0),
        env=of("env"),
        hooks="hooks" in flags,
        inline_exec="inline-exec" in flags,
        mcp=of("mcp"),
        network=of("network"),
        read=of("read"),
        reveal="reveal" in flags,
        shell=of("shell"),
        tools=of("tools"),
        write=of("write"),
    )


def _form(pattern: str) -> Callable[[str], str | None]:
    form = re.compile(pattern, re.ASCII)
    return lambda item: item if form.fullmatch(item) else None


def _agents(item: str) -> str | None:
    is_count = re.fullmatch(r"[1-9][0-9]{0,3}", item, re.ASCII) and int(item) <= MOST_AGENTS
    return item if is_count else None


def _package(item: str) -> str | None:
    parts = item.split("/")
    return item if len(parts) <= 2 and all(map(_is_name, parts)) else None  # noqa: PLR2004


def _command(item: str) -> str | None:
    return item if item.startswith("/") and _is_name(item[1:]) else None


def _release(item: str) -> str | None:
    package, _, number = item.partition("@")
    try:
        version(number)
    except Unfit:
        return None
    return item if _package(package) else None


def _is_name(text: str) -> bool:
    try:
        return bool(name(text, reserved=True))
    except Unfit:
        return False


_READERS: dict[str, Callable[[str], str | None]] = {
    **{key: reader for key, (reader, _expected) in READERS.items()},
    AGENTS: _agents,
    CAPABILITIES: _form("sha256:[0-9a-f]{64}"),
    "finding": _form("L[0-9]{2}"),
    "python": _package,
    "shadow": _command,
    "signer": _form("SHA256:[A-Za-z0-9+/]{43}=?"),
    "signers": _form("sha256:[0-9a-f]{64}|none"),
    "similar": _package,
    "source": _form(r"[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9])?(?::[0-9]{1,5})?"),
    "unsigned": _package,
    "young": _release,
}
