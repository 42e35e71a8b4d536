"""Which phases of a script read outside, which act, and where the two meet: read, not run.

It is information for a person. A script can be written so that it reads otherwise than it runs;
the wall is the quarantine, which judges every call and every use of a tool as it comes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from hocket.api.tools import ACTING, Effect
from hocket.launch.phasing import UNTOLD
from hocket.scripts.check import rights

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hocket.launch.naming import Named
    from hocket.launch.sites import Site

MARKED = "what is marked untrusted"
_OUTSIDE = frozenset({Effect.READ_OUTSIDE})
_UNTRUSTED = frozenset({Effect.READ_OUTSIDE, Effect.READ_PROJECT, Effect.EXECUTE})
_ALONG = {
    **dict.fromkeys(sorted(rights.READING), _OUTSIDE),
    **dict.fromkeys(sorted(rights.ACTING), frozenset({Effect.WRITE_WORKSPACE})),
}
"""Tools that a service or a backend of its own may have where none is installed."""


@dataclass(frozen=True, slots=True)
class Installed:
    """What a script's words are held against."""

    effects: Mapping[str, frozenset[Effect]]
    """Of each installed tool."""
    kinds: Mapping[str, Named]
    """The tools of each agent type."""
    is_trusted: bool = True
    open: str = ""
    """Why the quarantine is off; empty: it is on."""


@dataclass(frozen=True, slots=True)
class Clash:
    """A call that names a tool that reads outside and one that acts: it will be refused."""

    line: int
    reads: str
    acts: str


@dataclass(frozen=True, slots=True)
class PhaseRights:
    """What the agents of a phase read and do by the tools they name."""

    title: str
    reads: tuple[str, ...] = ()
    acts: tuple[str, ...] = ()
    is_isolated: bool = False
    """Whether all that act do so in trees of their own."""
    clashes: tuple[Clash, ...] = ()
    narrows: bool = False
    """Whether some name no tools: they may act until they have read outside."""
    meets: tuple[str, ...] = ()
    """The phases that read before it acts, itself among them."""


@dataclass(frozen=True, slots=True)
class Exposure:
    """What the text of a script tells of reading and acting."""

    phases: tuple[PhaseRights, ...] = ()
    untold: tuple[int, ...] = ()
    """Lines where nobody can tell which tools are named."""
    language: str = ""
    """Of a script that is not read at all."""
    open: str = ""
    """Why the quarantine is off."""

    @property
    def is_told(self) -> bool:
        """Whether some call says what it reads or does."""
        return any(each.reads or each.acts or each.clashes for each in self.phases)


NOTHING = Exposure()


@dataclass(frozen=True, slots=True)
class _Held:
    """A place in the script held against what is installed."""

    site: Site
    phase: str
    reads: tuple[str, ...]
    acts: tuple[str, ...]
    narrows: bool

    @property
    def clashes(self) -> bool:
        named = self.site.tools is not None and self.acts
        return bool(named and self.reads)


def exposure(sites: Iterable[Site], order: Sequence[str], installed: Installed) -> Exposure:
    """Put places together by phase, in the order in which phases are announced."""
    found = [*sites]
    held = [_held(site, phase, installed) for site in found for phase in site.phases]
    titles = [title for title in order if any(one.phase == title for one in held)]
    titles = [*dict.fromkeys((*titles, *(one.phase for one in held)))]
    phases = [_phase(title, [one for one in held if one.phase == title], installed) for title in titles]
    untold = tuple(sorted({site.line for site in found if not site.is_told}))
    return Exposure(tuple(_meeting(phases, held, installed)), untold, open=installed.open)


def _held(site: Site, phase: str, installed: Installed) -> _Held:
    kind = None if site.agent_type is None else installed.kinds.get(site.agent_type)
    named = kind if site.tools is None and site.is_told else site.tools
    reading = _OUTSIDE if installed.is_trusted else _UNTRUSTED
    marked = (MARKED,) if site.is_marked else ()
    reads = _with(reading, named or (), installed.effects)
    acts = _with(ACTING, named or (), installed.effects)
    if site.tools is None and named is not None and reads and acts:
        # What an agent type brings is narrowed as the default set is.
        return _Held(site, phase, marked, (), narrows=True)
    narrows = named is None and site.is_told and _is_wide(reading, installed)
    return _Held(site, phase, (*reads, *marked), acts, narrows)


def _is_wide(reading: frozenset[Effect], installed: Installed) -> bool:
    every = installed.effects.values()
    return any(each & reading for each in every) and any(each & ACTING for each in every)


def _with(
    effects: frozenset[Effect], named: Iterable[str], installed: Mapping[str, frozenset[Effect]]
) -> tuple[str, ...]:
    """Give the tools behind names that have one of these effects, each once."""
    tools = (tool for name in named for tool in _behind(name, installed))
    return tuple(dict.fromkeys(name for name, has in tools if has & effects))


def _behind(
    rule: str, installed: Mapping[str, frozenset[Effect]]
) -> list[tuple[str, frozenset[Effect]]]:
    wanted = rule.partition("(")[0].strip()
    found = [(name, has) for name, has in installed.items() if fnmatchcase(name, wanted)]
    return found or [(name, has) for name, has in _ALONG.items() if fnmatchcase(name, wanted)]


def _phase(title: str, held: Sequence[_Held], installed: Installed) -> PhaseRights:
    refused = [] if installed.open else [one for one in held if one.clashes]
    free = [one for one in held if one not in refused]
    acting = [one for one in free if one.acts]
    return PhaseRights(
        title,
        reads=tuple(dict.fromkeys(tool for one in free for tool in one.reads)),
        acts=tuple(dict.fromkeys(tool for one in acting for tool in one.acts)),
        is_isolated=bool(acting) and all(one.site.is_isolated for one in acting),
        clashes=tuple(Clash(one.site.line, one.reads[0], one.acts[0]) for one in refused),
        narrows=any(one.narrows for one in free),
    )
