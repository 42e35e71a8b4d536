"""`hocket permissions`: the rules that hold, what they make of a use, and what was decided."""

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

NONE_DECIDED = "Nothing was decided: no agent of this run wished to use a tool."
_USE = re.compile(r"[A-Za-z_][\w.-]*(\(.*\))?", re.DOTALL)


@click.group(no_args_is_help=True)
def permissions() -> None:
    """Show the rules that hold here, what they allow, and what was decided in a run."""


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
    """Say what comes of a USE such as "Bash(npm test)", and why."""
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


@permissions.command("log")
@click.argument("run_id", metavar="RUN")
@click.option("--denied", is_flag=True, help="Only what was denied.")
@json_option
def log(run_id: str, *, denied: bool) -> None:
    """Show what agents of RUN were allowed and denied, and why."""
    from hocket.launch.decisions import decisions
    from hocket.launch.project import Project
    from hocket.launch.shelf import require

    require(store := Project.open(Path.cwd()).store(), run_id)
    every = decisions(store, run_id)
    told = [one for one in every if one.is_denied or not denied]
    answer: JsonObject = {"run_id": run_id, "decisions": [one.as_json() for one in told]}

    def human() -> None:
        if told:
            titles = ("call", "label", "verdict", "use", "why")
            table(titles, [one.row for one in told], right=("call",))
        else:
            suggest("Nothing was denied." if every else NONE_DECIDED)

    emit("permissions log", answer, human)


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
