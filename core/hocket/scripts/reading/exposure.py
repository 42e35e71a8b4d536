"""Which phases of a script read outside, which act, and where the two meet: read, not run.

It is information for a person. A script can be written so that it reads otherwise than it runs;
the wall is the quarantine, which judges every call and every use of a tool as it comes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hocket.api import grants
from hocket.api.tools import ACTING
from hocket.scripts.reading.phasing import UNTOLD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from hocket.api.tools import Effect
    from hocket.scripts.reading.naming import Named
    from hocket.scripts.reading.sites import Site

MARKED = "what is marked untrusted"
_FEW = 16
"""More phases that read are not told for each one that acts: a script may have thousands."""


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
    distrusted: bool = False
    """Whether it reads outside only because nobody trusts the folder."""


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
    reads: tuple[str, ...]
    acts: tuple[str, ...]
    narrows: bool
    distrusted: bool = False

    @property
    def clashes(self) -> bool:
        named = self.site.tools is not None and self.acts
        return bool(named and self.reads)


def exposure(sites: Iterable[Site], order: Sequence[str], installed: Installed) -> Exposure:
    """Put places together by phase, in the order in which phases are announced."""
    found = [*sites]
    held: dict[str, list[_Held]] = {}
    for site in found:
        for phase in site.phases:
            held.setdefault(phase, []).append(_held(site, installed))
    announced = dict.fromkeys(title for title in order if title in held)
    titles = [title for title in (announced | dict.fromkeys(held)) if title != UNTOLD]
    last = [UNTOLD] if UNTOLD in held else []
    is_open = bool(installed.open)
    phases = [_phase(title, held[title], is_open=is_open) for title in (*titles, *last)]
    return Exposure(tuple(_met(phases)), untold(found), open=installed.open)


def untold(sites: Iterable[Site]) -> tuple[int, ...]:
    """Give the lines of places whose text does not say which tools they name."""
    return tuple(sorted({site.line for site in sites if not site.is_told}))


def _held(site: Site, installed: Installed) -> _Held:
    kind = None if site.agent_type is None else installed.kinds.get(site.agent_type)
    named = kind if site.tools is None and site.is_told else site.tools
    reading = grants.reading(is_trusted=installed.is_trusted)
    marked = (MARKED,) if site.is_marked else ()
    tools = grants.behind(named or (), site.without, installed.effects)
    reads = tuple(name for name, has in tools.items() if has & reading)
    acts = tuple(name for name, has in tools.items() if has & ACTING)
    if site.tools is None and named is not None and reads and acts:
        # What an agent type brings is narrowed as the default set is.
        return _Held(site, marked, (), narrows=True)
    narrows = named is None and site.is_told and _is_wide(reading, installed)
    distrusted = not marked and not any(has & grants.OUTSIDE for has in tools.values())
    return _Held(site, (*reads, *marked), acts, narrows, distrusted)


def _is_wide(reading: frozenset[Effect], installed: Installed) -> bool:
    every = installed.effects.values()
    return any(each & reading for each in every) and any(each & ACTING for each in every)


def _phase(title: str, held: Sequence[_Held], *, is_open: bool) -> PhaseRights:
    refused = [] if is_open else [one for one in held if one.clashes]
    free = [one for one in held if is_open or not one.clashes]
    reading = [one for one in free if one.reads]
    acting = [one for one in free if one.acts]
    is_met = any(one is not other or is_open for one in reading for other in acting)
    return PhaseRights(
        title,
        reads=tuple(dict.fromkeys(tool for one in reading for tool in one.reads)),
        acts=tuple(dict.fromkeys(tool for one in acting for tool in one.acts)),
        is_isolated=bool(acting) and all(one.site.is_isolated for one in acting),
        clashes=tuple(
            Clash(one.site.line, one.reads[0], one.acts[0], one.distrusted) for one in refused
        ),
        narrows=not is_open and any(one.narrows for one in free),
        meets=(title,) if is_met else (),
    )


def _met(phases: Sequence[PhaseRights]) -> Iterator[PhaseRights]:
    """Add the phases that read before each one acts; what has no phase may run at any time."""
    readers = [one.title for one in phases[-1:] if one.title == UNTOLD and one.reads]
    for one in phases:
        before = (title for title in readers[:_FEW] if title != one.title)
        yield replace(one, meets=(*before, *one.meets)) if one.acts else one
        readers += [one.title] if one.reads else []
