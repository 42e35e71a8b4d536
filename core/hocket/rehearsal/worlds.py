"""The dry runs that a script has to survive: what agents may come to, at its edges."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hocket.errors import UsageError
from hocket.rehearsal.staging import play

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hocket.api.clock import Clock
    from hocket.api.protocols import Backend
    from hocket.api.scripts import Manifest
    from hocket.launch.prepare import Prepared
    from hocket.rehearsal.staging import Played

AGENTS = "simulate"
PATIENCE_S = 3.0
"""For all dry runs of one script; each world is seen once, whatever time that takes."""
_UNAWAITED = "never awaited"
OF_CHILD = "▸ "
"""Begins the phases of a child script, which has a meta of its own."""


@dataclass(frozen=True, slots=True)
class World:
    """One kind of agents, as the simulated ones are told about it."""

    name: str
    told: str
    draws: int = 1


WORLDS = (
    World("agents that answer", "", draws=30),
    World("agents that all fail", "fail=1"),
    World("agents that find nothing", "lists=0"),
    World("agents that find ten times as much", "lists=10"),
    World("the shortest answers that are valid", "lists=0,sparse=true"),
)


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of one world."""

    world: str
    played: int
    calls: int
    """The most that one dry run of it asked for."""
    problems: tuple[str, ...] = ()


def trials(prepared: Prepared, clock: Clock) -> list[Trial]:
    """Play a script in every world, as often as there is time."""
    until = clock.monotonic() + PATIENCE_S
    return [_trial(prepared, world, clock, until) for world in WORLDS]


def _trial(prepared: Prepared, world: World, clock: Clock, until: float) -> Trial:
    seen: list[Played] = []
    problems: dict[str, None] = {}
    while len(seen) < world.draws and (not seen or clock.monotonic() < until):
        played = play(prepared, _agents(prepared, world, len(seen)))
        seen.append(played)
        problems.update(dict.fromkeys(_problems(prepared.script.manifest, played)))
    return Trial(world.name, len(seen), max(one.calls for one in seen), tuple(problems))


def _problems(manifest: Manifest, played: Played) -> Iterator[str]:
    ended = played.ended
    if played.over_cap:
        yield "it asks for more agents than its cap allows, and does not look at the budget"
    elif ended.state != "completed":
        yield f"it {ended.state}: {ended.cause}"
    known = {phase.title for phase in manifest.phases}
    own = [title for title in played.phases if not title.startswith(OF_CHILD)]
    yield from (f"phase {title!r} is not in meta" for title in own if title not in known)
    yield from (text for text in played.warnings if _UNAWAITED in text)
    whole = isinstance(ended.result, dict) and ended.result.get("complete") is True
    if whole and played.calls and played.failed == played.calls:
        yield "every call failed, and the result says complete: true"


def _agents(prepared: Prepared, world: World, seed: int) -> Backend:
    settings = prepared.project.plugin_settings
    told = ",".join(filter(None, (f"seed={seed}", world.told)))
    choices = {**settings.choices, AGENTS: told}
    found = prepared.project.host.backends(replace(settings, choices=choices)).get(AGENTS)
    if found is None:
        raise UsageError(
            "dry runs",
            found=f"the backend '{AGENTS}' is blocked or not installed",
            expected="it, to make answers up",
            hint="Nothing was started.",
        )
    return found
