"""What a SKILL.md wishes for, as a capability table; wishing grants nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hocket.api.ceiling import Ceiling
from hocket.api.grants import tool_of
from hocket.registry.capabilities.vocabulary import ANY, program, tool

if TYPE_CHECKING:
    from hocket.registry.skills.skill_md import Skill

SHELL = "Bash"
_INLINE = re.compile(r"!`[^`\n]+`")
_ONE_PROGRAM = re.compile(r"Bash\(\s*([\w.+-]+)(?=[\s:)])[\w\s./:*=@,+-]*\)", re.ASCII)
"""A rule whose first word is the only program it can start."""


def wished(skill: Skill) -> Ceiling:
    """Read the wish; what it does not tell is undeclared."""
    return Ceiling(
        tools=tuple(name for rule in skill.allowed_tools if (name := tool(tool_of(rule)))),
        shell=tuple(_program(rule) for rule in skill.allowed_tools if tool_of(rule) == SHELL),
        hooks="hooks" in skill.others,
        inline_exec=_INLINE.search(skill.body) is not None,
        is_declared=False,
    )


def unnamed(skill: Skill) -> tuple[str, ...]:
    """Give the rules that are about no tool there could be."""
    return tuple(rule for rule in skill.allowed_tools if tool(tool_of(rule)) is None)


def _program(rule: str) -> str:
    found = _ONE_PROGRAM.fullmatch(rule)
    return (program(found[1]) if found else None) or ANY
