"""`hocket permissions`: which rules hold here, and what they make of a use of a tool."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hocket.cli._output import emit, json_option, suggest, table, write
from hocket.errors import UsageError

if TYPE_CHECKING:
    from hocket.api.approval import Explaining
    from hocket.api.calls import JsonObject
    from hocket.launch.project import Project

_USE = re.compile(r"[A-Za-z_][\w.-]*(\(.*\))?", re.DOTALL)


@click.group(no_args_is_help=True)
def permissions() -> None:
    """Show the rules that hold here, and explain what they allow."""


@permissions.command("list")
@json_option
def listed() -> None:
    """List the rules for tools, each with where it was set."""
    project, policy = _opened()
    rules = [(kind, rule, _origin(project, policy, kind, rule)) for kind, rule in policy.rules()]

    def human() -> None:
        if not rules:
            suggest("No rules: files may be read, and everything else is asked.")
        table(("kind", "rule", "set in"), rules)
        suggest('\nWhat comes of a use: hocket permissions explain "Bash(npm test)"')

    told: list[JsonObject] = [
        {"kind": kind, "rule": rule, "origin": origin} for kind, rule, origin in rules
    ]
    emit("permissions list", {"rules": [*told]}, human)


@permissions.command()
@click.argument("use")
@json_option
def explain(use: str) -> None:
    """Say what comes of a USE of a tool, such as "Bash(rm -rf /)", and by which rule."""
    if not _USE.fullmatch(use.strip()):
        raise UsageError(
            "permissions explain",
            found=f"'{use}' is no use of a tool",
            expected="Tool or Tool(what), as in Bash(npm test) or Edit(src/app.py)",
        )
    project, policy = _opened()
    verdict, why, rules = policy.explain(use.strip())
    rows = [
        (kind, rule, "matches" if fits else "does not match", _origin(project, policy, kind, rule))
        for kind, rule, fits in rules
    ]

    def human() -> None:
        write(f"{verdict}: {why}")
        table(("kind", "rule", "", "set in"), rows)

    told: list[JsonObject] = [
        {"kind": kind, "rule": rule, "matches": fits == "matches", "origin": origin}
        for kind, rule, fits, origin in rows
    ]
    answer: JsonObject = {"use": use.strip(), "verdict": verdict, "why": why, "rules": [*told]}
    emit("permissions explain", answer, human)


def _opened() -> tuple[Project, Explaining]:
    from hocket.launch.granting import explaining
    from hocket.launch.project import Project

    project = Project.open(Path.cwd())
    found = explaining(project)
    if not found:
        raise UsageError(
            "permissions",
            found="no policy with rules is on",
            expected="policies.permissions",
            hint="See what is installed and what is blocked: hocket plugins list",
        )
    return project, found[0]


def _origin(project: Project, policy: Explaining, kind: str, rule: str) -> str:
    origins, key = project.loaded.origins, f"{policy.name}.{kind}"
    return origins.get(f"{key}.{rule}") or origins.get(key, "")
