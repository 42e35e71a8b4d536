"""What a card lists that a run's agents may do, and what a person's yes to it allows."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from hocket.api.approval import Explaining
from hocket.api.reach import has_tool
from hocket.api.tools import Conditional, Effect, Enclosing, Workspace
from hocket.errors import RefusedError
from hocket.launch.exposing import exposed
from hocket.scripts.reading.exposure import NOTHING as UNEXPOSED
from hocket.scripts.reading.exposure import Exposure
from hocket.scripts.reading.naming import named

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hocket.api.protocols import Backend
    from hocket.api.scripts import Script
    from hocket.api.tools import Tool
    from hocket.launch.project import Project

READ = "read files here"
EDIT = "edit files here"
RUN = "run commands in a sandbox"
WEB = "read the web"
BARE = "shell: not sandboxed; a command runs only with a rule or an answer of yours"
CLOSED = "shell: there is no sandbox, and your settings require one; no command runs"
ASKED = "use {}, asking you each time"

_READING = frozenset({Effect.READ_PROJECT})
_EDITING = frozenset({Effect.READ_PROJECT, Effect.WRITE_WORKSPACE})
_RUNNING = frozenset({Effect.EXECUTE})
_OUTSIDE = frozenset({Effect.READ_OUTSIDE})
_LISTED = (EDIT, RUN, WEB)
"""What a yes to the card allows; reading is free, and the rest is asked."""
_ORDER = (READ, EDIT, RUN, BARE, CLOSED, WEB, ASKED)


@dataclass(frozen=True, slots=True)
class Offer:
    """What agents may do once a person said yes: in plain words, and as rules."""

    words: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    exposure: Exposure = UNEXPOSED
    """Which phases read outside, which act, and where the two meet."""


NOTHING = Offer()


@dataclass(frozen=True, slots=True)
class _Use:
    """A tool in a script's hands: what sort of doing it is, and how the calls name it."""

    sort: str
    tool: str
    rules: tuple[str, ...]


def explaining(project: Project) -> list[Explaining]:
    """Give the policies that can explain themselves."""
    policies = project.host.policies(project.plugin_settings)
    return [policy for policy in policies if isinstance(policy, Explaining)]


def denied(project: Project) -> tuple[str, ...]:
    """Give all that is denied now, so that a later life of the run is not let off."""
    rules = (pair for policy in explaining(project) for pair in policy.rules())
    return tuple(dict.fromkeys(rule for kind, rule in rules if kind == "deny"))


def offer(project: Project, script: Script, backend: Backend) -> Offer:
    """Say what the agents of a script can do here; raises UsageError for a wrong typed rule."""
    project.host.policies(project.plugin_settings)
    told = exposed(project, script)
    if not backend.has_workspace:
        return Offer(exposure=told)
    known = project.host.tools(project.plugin_settings)
    tools = {name: tool for name, tool in known.items() if has_tool(script.ceiling, name)}
    wanted = named(script)
    uses = [*_uses(project, tools.values(), tuple(tools) if wanted is None else wanted)]
    rules = [rule for use in uses if use.sort in _LISTED for rule in use.rules]
    return Offer(tuple(_words(uses)), tuple(sorted(set(rules))), told)


def _uses(project: Project, tools: Iterable[Tool], wanted: tuple[str, ...]) -> Iterator[_Use]:
    for tool in tools:
        if isinstance(tool, Conditional) and tool.lacks():
            continue
        rules = [rule for rule in wanted if fnmatchcase(tool.name, _tool_of(rule))]
        # `Web*` is a wish for tools; a rule names one.
        spelt = (rule if "(" in rule else tool.name for rule in rules)
        if rules:
            yield _Use(_sort(tool, project), tool.name, tuple(dict.fromkeys(spelt)))


def _sort(tool: Tool, project: Project) -> str:
    if tool.effects <= _READING:
        return READ
    if tool.effects <= _EDITING:
        return EDIT
    if tool.effects == _RUNNING and isinstance(tool, Enclosing):
        return _walled(tool, project)
    return WEB if tool.effects == _OUTSIDE else ASKED


def _walled(tool: Enclosing, project: Project) -> str:
    try:
        sandboxed = tool.wrap(("true",), Workspace(project.root), network=False)
    except RefusedError:
        return CLOSED
    return BARE if sandboxed is None else RUN


def _words(uses: list[_Use]) -> Iterator[str]:
    """Write what the uses come to, one line for each sort; a narrow use is named in full."""
    for sort in _ORDER:
        mine = [use for use in uses if use.sort == sort]
        if not mine:
            continue
        rules = sorted({rule for use in mine for rule in use.rules})
        if sort == ASKED:
            yield sort.format(", ".join(sorted(use.tool for use in mine)))
        elif all("(" in rule for rule in rules):
            yield f"{sort}: {', '.join(rules)} only"
        else:
            yield sort


def _tool_of(rule: str) -> str:
    return rule.partition("(")[0].strip()
