"""Which backend runs when nobody named one, and why: the first that can work here.

Nothing is imported to find out and no request leaves this machine. Only when nothing else was
found is a model server looked for on this machine itself, which costs under a millisecond where
there is none and a fifth of a second where something is silent on its port.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING

from hocket.api.providers import Detecting
from hocket.errors import UsageError
from hocket.launch.binding import Bindable

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from hocket.api.protocols import Backend, ModelProvider
    from hocket.launch.contenders import Contender, Contenders

FALLBACK = "offline"
"""Used when nothing that asks a model can work here."""
NOTHING_FOUND = "nothing that asks a model was found, so sentences of files are quoted"
NO_PROVIDER = "no model provider can work here"


@dataclass(frozen=True, slots=True)
class Choice:
    """The backend that a run gets, what it is made of, and why it is this one."""

    backend: Backend
    because: str
    provider: str | None = None
    providers: Mapping[str, ModelProvider] = field(default_factory=dict[str, "ModelProvider"])
    """All of them, the chosen one first."""
    sought: tuple[Contender, ...] | None = None
    """Who was asked in vain, where the backend is only what remained."""


def choose(contenders: Contenders) -> Choice:
    """Choose; raises UsageError for a name that nobody has or that cannot work here."""
    if contenders.wanted.backend is not None:
        return _named(contenders, contenders.wanted.backend)
    asked = contenders.all()
    chosen = _first(contenders, asked)
    if chosen is None:
        backend, told = _backend(contenders, FALLBACK), _told(NOTHING_FOUND, asked)
        return Choice(backend, told, providers=contenders.providers, sought=tuple(asked))
    return _choice(contenders, chosen, _told(chosen.why, asked))


def _named(contenders: Contenders, name: str) -> Choice:
    backend, origin = _backend(contenders, name), contenders.wanted.origin
    named = f"named by {origin}" if origin else "it was named"
    if not isinstance(backend, Bindable | Detecting):
        return Choice(backend, named, providers=contenders.providers)
    asked = [one for one in contenders.all() if one.backend == name]
    chosen = _first(contenders, asked)
    if chosen is None:
        own = next((one.why for one in asked if one.name == name), NO_PROVIDER)
        raise UsageError(
            f"backend '{name}'",
            found=_told(own, [one for one in asked if one.name != name]),
            expected="something here that it can ask",
            hint="See what was looked for: hocket doctor. Nothing was started.",
        )
    return _choice(contenders, chosen, _told(f"{named}; {chosen.why}", asked))


def _first(contenders: Contenders, asked: Sequence[Contender]) -> Contender | None:
    """Give the first that can work; this machine is searched only where nobody else can."""
    provider = contenders.wanted.provider
    if provider is not None and provider not in contenders.providers:
        raise _not_installed("model provider", provider, contenders.providers)
    able = (one for one in asked if one.works)
    around = (one for one in contenders.probed(asked) if one.works)
    return next(able, None) or next(around, None)


def _choice(contenders: Contenders, chosen: Contender, because: str) -> Choice:
    backend, providers = contenders.backends[chosen.backend], contenders.providers
    if chosen.name not in providers:
        return Choice(backend, because, providers=providers)
    first = {chosen.name: providers[chosen.name]}
    return Choice(backend, because, chosen.name, {**first, **providers})


def _backend(contenders: Contenders, name: str) -> Backend:
    if name not in contenders.backends:
        raise _not_installed("backend", name, contenders.backends)
    return contenders.backends[name]


def _not_installed(kind: str, name: str, known: Collection[str]) -> UsageError:
    near = get_close_matches(name, [*known], 1)
    hint = f"Did you mean '{near[0]}'? " if near else ""
    return UsageError(
        f"{kind} '{name}'",
        found="not installed",
        expected=f"one of {', '.join(sorted(known)) or 'none'}",
        hint=f"{hint}Nothing was started.",
    )


def _told(why: str, asked: Sequence[Contender]) -> str:
    """Add what was asked for in vain: another account than the one that was meant may pay."""
    vain = [f"{one.name} was asked for, but {one.lacks}" for one in asked if one.lacks]
    return "; ".join([why, *vain])
