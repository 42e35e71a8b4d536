"""What a run can do where no model was found: said on its card, or refused before it starts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hocket.api.protocols import Extractive
from hocket.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hocket.api.scripts import Script
    from hocket.launch.choosing import Choice
    from hocket.launch.project import Project

_ROLE = re.compile(r"[\"']x-role[\"']\]?\s*[:=]\s*(?:[\"']([\w-]{1,64})[\"'])?")
_WORD = re.compile(r"[\"']([\w-]{1,64})[\"']")
_COMMENT = re.compile(r"^\s*(?:#|//|from\s|import\s).*$", re.MULTILINE)
_CHILD = "workflow"
_ASKING = ("agent", "attempt")
_NEEDS_NONE = frozenset({"merge", "integrate"})
"""Patterns that work without agents as well."""


def notes(project: Project, script: Script, choice: Choice) -> list[str]:
    """Say which calls the backend can answer; raises UsageError where it is none of them.

    A person who named it sees what comes of that; one who named nothing would wait for nothing.
    """
    backend = choice.backend
    if not isinstance(backend, Extractive):
        return []
    asked, is_told = _roles(script.source, backend.roles)
    able = asked & backend.roles
    if choice.sought is not None and not able and _asks(project, script):
        raise _refusal(script, choice)
    told = [] if choice.sought is not None else [f"{backend.name} answers {_listed(backend.roles)}"]
    if not able or asked - able or not is_told:
        told.append(f"{backend.name}: calls of other roles end as error")
    return told


def _roles(source: str, known: frozenset[str]) -> tuple[set[str], bool]:
    """Give the roles that a script names, and whether its text says all of them.

    Where one is handed on under a name, every word in quotes may be it.
    """
    found = _ROLE.findall(source)
    named = {role for role in found if role}
    is_told = "" not in found
    return named | (set() if is_told else known & {*_WORD.findall(source)}), is_told


def _asks(project: Project, script: Script) -> bool:
    """Say whether it asks agents by itself; what another workflow asks, that one says."""
    text = _COMMENT.sub("", script.source)
    names = [*_ASKING, *(name for name in project.host.patterns() if name not in _NEEDS_NONE)]
    return not _names(text, [_CHILD]) and _names(text, names)


def _names(text: str, names: Iterable[str]) -> bool:
    return re.search(rf"\b(?:{'|'.join(map(re.escape, names))})\b\s*[(,)\]]", text) is not None


def _refusal(script: Script, choice: Choice) -> UsageError:
    looked = "; ".join(f"{one.name}: {one.why}" for one in choice.sought or ())
    return UsageError(
        script.manifest.name,
        found=f"this command needs a model, and none was found. Looked for: {looked or 'nothing'}",
        expected="a model",
        hint="Set a key such as ANTHROPIC_API_KEY, start a model server on this machine, or name "
        "Claude Code: --backend claude_code; hocket doctor says what is there. To see the way of "
        "a run with answers that are made up: --backend simulate. Nothing was started.",
    )


def _listed(roles: frozenset[str]) -> str:
    return f"calls of the roles {', '.join(sorted(roles))}" if roles else "no calls"
