"""How scripted agents err: rates that are set, never chance of a machine."""

from __future__ import annotations

from dataclasses import dataclass

from hocket.api.calls import EndState

ENDS = (EndState.ERROR, EndState.STALLED, EndState.INVALID, EndState.TIMEOUT)
STORM = 8
"""Calls that fail together in a storm of refusals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Errors:
    """The defaults are those that the figures of the specification rest on."""

    seed: int = 0
    find: float = 0.9
    """Share of a source's facts that a reader takes."""
    misread: float = 0.1
    """Share of these with a valid quote and a wrong value."""
    invent: float = 0.05
    """Facts made up per fact taken; their quote stands in no source."""
    retrieve: float = 1.0
    """Share of the passages about a claim that a reader of evidence finds."""
    vote_error: float = 0.1
    """Chance that one vote is wrong."""
    vote_rho: float = 0.0
    """How much votes on one claim err together: difficulties are drawn from a Beta."""
    cannot_tell: float = 0.0
    """Share of votes that decide nothing."""
    order_pull: float = 0.0
    """Share of votes that take the first verdict they were offered, whatever the claim is."""
    repeat: bool = False
    """Whether a claim gets the same vote whenever it is asked for."""
    fail: float = 0.0
    """Share of calls that fail."""
    fail_roles: tuple[str, ...] = ()
    """Roles whose calls may fail; none named: all."""
    ends: tuple[EndState, ...] = ENDS
    storms: bool = False
    """Whether calls fail in rows of eight, as when a provider refuses for a while."""
    refuting: bool = False
    """Whether a vote that fails comes back as a refutation, as it does with careless panels."""
    lazy: int | None = None
    """Units (facts, sources, sentences) after which an agent stops, and says it is done."""
    gullible: float = 1.0
    """Chance that an agent obeys an instruction it reads, with every tool it has."""
