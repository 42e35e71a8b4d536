"""Holds calls to the ceiling of the script that asks: no plugin and no setting can drop it.

The one place that decides. What only shows while a tool works (where a link ends, which host a
page leads to, what a server offers) the tool decides by the same rules, in `hocket.api.reach`.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from hocket.api import reach
from hocket.api.approval import Judgement, Verdict
from hocket.api.grants import tool_of
from hocket.api.protocols import Enforcing
from hocket.api.tools import Effect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from hocket.api.approval import Use
    from hocket.api.calls import Call, Check
    from hocket.api.ceiling import Ceiling
    from hocket.api.protocols import Backend
    from hocket.api.scripts import Script

    Against = Callable[[Ceiling, Use], str | None]

UNDECLARED = "its bundle declares no capabilities, so each effect is asked"
REVEAL = "capability:reveal"
UNENFORCED = "unenforced:"
"""What an acceptance of a limit begins with that a backend cannot hold."""
_FINE = Judgement(Verdict.ALLOW)
_TOUCHES = {
    **dict.fromkeys(("Read", "Glob", "Grep"), "read"),
    **dict.fromkeys(("Edit", "Write"), "write"),
    **dict.fromkeys(("WebFetch", "WebSearch"), "network"),
    "Bash": "shell",
}
"""The key of the table by which a tool is limited."""
_NEEDS = {
    Effect.READ_PROJECT: ("read", reach.EVERYWHERE),
    Effect.WRITE_WORKSPACE: ("write", reach.EVERYWHERE),
    Effect.EXECUTE: ("shell", reach.ANY),
    Effect.READ_OUTSIDE: ("network", reach.ANY),
    Effect.NETWORK: ("network", reach.ANY),
    Effect.OUTSIDE_EFFECT: ("network", reach.ANY),
}
"""What a tool has to have without limit that nobody here knows how to limit."""


class Ceilings:
    """A policy that is always there."""

    name = "ceiling"

    def __init__(
        self, backend: Backend, accepted: frozenset[str], roots: Sequence[Path] = ()
    ) -> None:
        self._backend = backend
        self._accepted = accepted
        self._roots = roots

    def judge(self, call: Call) -> Judgement:
        """Judge what a call names, before anything is spent on it."""
        ceiling = call.options.ceiling
        if ceiling is None:
            return _FINE
        if not ceiling.is_declared:
            return _asked(call)
        reason = next(self._against(call, ceiling), None)
        return _FINE if reason is None else Judgement(Verdict.DENY, reason)

    def judge_use(self, call: Call, use: Use) -> Judgement | None:
        """Judge one use of a tool; what is not against it still needs a rule or a person."""
        ceiling = call.options.ceiling
        if ceiling is None:
            return None
        if not ceiling.is_declared:
            return Judgement(Verdict.ASK, UNDECLARED) if use.effects else None
        reason = None if self._is_beside(ceiling, use) else _against_use(ceiling, use)
        return None if reason is None else Judgement(Verdict.DENY, reason)

    def _is_beside(self, ceiling: Ceiling, use: Use) -> bool:
        """Say whether a use reads what a person typed for agents to read as well."""
        if use.tool != "Read" or not reach.has_tool(ceiling, use.tool):
            return False
        real = _real(use)
        names = (os.path.relpath(real, root) for root in self._roots)
        return any(reach.may_read_beside(ceiling, name) for name in names)

    def _against(self, call: Call, ceiling: Ceiling) -> Iterator[str]:
        options = call.options
        for rule in options.tools or ():
            if not reach.may_name(ceiling, rule):
                yield f"capability:tools:{tool_of(rule)}"
        for file in options.inputs:
            if not _may_attach(ceiling, file.path):
                yield f"capability:read:{file.path}"
        if options.check is not None and (reason := against_check(ceiling, options.check)):
            yield reason
        yield from self._unenforced(call, ceiling)

    def _unenforced(self, call: Call, ceiling: Ceiling) -> Iterator[str]:
        """Name the limits that the backend cannot hold, of the tools that the call may use."""
        backend = self._backend
        if not backend.has_workspace:
            return
        held = backend.enforces if isinstance(backend, Enforcing) else frozenset[str]()
        names = ceiling.tools if call.options.tools is None else map(tool_of, call.options.tools)
        keys = {_TOUCHES.get(name, "mcp" if reach.server_of(name) else "tools") for name in names}
        waived = {one.removeprefix(UNENFORCED) for one in self._accepted}
        lacking = {key for key in keys if _is_limited(ceiling, key)} - held - waived
        if lacking:
            yield f"{backend.name} cannot enforce {', '.join(sorted(lacking))}"


def resolved(script: Script, above: Ceiling | None) -> Ceiling | None:
    """Give the ceiling of a script, with its checks' programs by name.

    One without its own that another script started gets no more than that one, and of checks no
    more than the programs of that one's.
    """
    ceiling = script.ceiling or above
    if ceiling is None or reach.CHECKS not in ceiling.shell:
        return ceiling
    if script.ceiling is None:
        named = (name for name in ceiling.shell if name != reach.CHECKS)
        return replace(ceiling, shell=tuple(named))
    own = reach.programs(script.manifest.checks.values())
    return replace(ceiling, shell=(*ceiling.shell, *own))


def against_check(ceiling: Ceiling | None, check: Check) -> str | None:
    """Say why a script's own check may not run."""
    if ceiling is None or reach.CHECKS in ceiling.shell:
        return None
    reason = reach.obstacle(ceiling, check.typed)
    return None if reason is None else f"capability:shell:{reason}"


def may_reveal(ceiling: Ceiling | None) -> bool:
    """Say whether a script may see words from outside."""
    return ceiling is None or ceiling.reveal


def may_see(ceiling: Ceiling | None) -> bool:
    """Say whether a script whose language gets all by value does: of each effect one is asked."""
    return ceiling is None or not ceiling.is_declared or ceiling.reveal


def _asked(call: Call) -> Judgement:
    """Ask about what a call does before its agent does anything."""
    inputs = [f"input {one.path}" for one in call.options.inputs]
    check = call.options.check
    shown = "\n".join([*inputs, *([] if check is None else [f"check {check.typed}"])])
    return Judgement(Verdict.ASK, UNDECLARED, shown) if shown else _FINE


def _may_attach(ceiling: Ceiling, path: str) -> bool:
    # A bundle's own files are its own; of a folder of the project all must be covered.
    if path.startswith("bundle:"):
        return True
    plain = os.path.normpath(path)
    return reach.may_read(ceiling, plain)


def _against_use(ceiling: Ceiling, use: Use) -> str | None:
    if not reach.has_tool(ceiling, use.tool):
        return f"capability:tools:{use.tool}"
    if server := reach.server_of(use.tool):
        return None if reach.has_server(ceiling, server) else f"capability:mcp:{server}"
    against = _RULES.get(use.tool)
    return against(ceiling, use) if against is not None else _unlimited(ceiling, use)


def _unlimited(ceiling: Ceiling, use: Use) -> str | None:
    for effect in sorted(use.effects):
        key, all_of_it = _NEEDS[effect]
        if all_of_it not in ceiling.items(key):
            return f"capability:{key}:{all_of_it}"
    return None


def _reading(ceiling: Ceiling, use: Use) -> str | None:
    path = _path(use)
    return None if reach.may_read(ceiling, path) else f"capability:read:{path}"


def _writing(ceiling: Ceiling, use: Use) -> str | None:
    path = _path(use)
    return None if reach.may_write(ceiling, path) else f"capability:write:{path}"


def _looking(_ceiling: Ceiling, _use: Use) -> str | None:
    return None  # a search passes over what may not be read


def _running(ceiling: Ceiling, use: Use) -> str | None:
    reason = reach.obstacle(ceiling, str(use.arguments.get("command", "")))
    return None if reason is None else f"capability:shell:{reason}"


def _fetching(ceiling: Ceiling, use: Use) -> str | None:
    try:
        host = urlsplit(str(use.arguments.get("url", ""))).hostname or ""
    except ValueError:
        host = ""
    return None if reach.reaches(ceiling, host) else f"capability:network:{host}"


def _searching(ceiling: Ceiling, use: Use) -> str | None:
    is_outside = Effect.READ_OUTSIDE in use.effects
    return "capability:network:*" if is_outside and not ceiling.network else None


_RULES: dict[str, Against] = {
    "Bash": _running,
    "Edit": _writing,
    "Glob": _looking,
    "Grep": _looking,
    "Read": _reading,
    "WebFetch": _fetching,
    "WebSearch": _searching,
    "Write": _writing,
}


def _path(use: Use) -> str:
    """Say where a path of a use ends, from the workspace on; outside of it nothing is covered."""
    if use.workspace is None:
        return os.path.normpath(_typed(use))
    return os.path.relpath(_real(use), os.path.realpath(use.workspace))


def _real(use: Use) -> str:
    """Follow a path of a use to its end."""
    return os.path.realpath((use.workspace or Path()) / _typed(use))


def _typed(use: Use) -> str:
    return str(use.arguments.get("file_path", use.arguments.get("path", "."))).replace("\0", "")


def _is_limited(ceiling: Ceiling, key: str) -> bool:
    """Say whether there is anything to hold; a shell is always held to its sandbox."""
    return key not in {"network", "mcp"} or reach.ANY not in ceiling.items(key)
