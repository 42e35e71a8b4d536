"""What a run found, as values: claims, sources, findings, and what was left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hocket.launch.reports.fields import Odd

SUPPORTED, QUALIFIED, REFUTED, UNVERIFIED = "supported", "qualified", "refuted", "unverified"
STATES = (SUPPORTED, QUALIFIED, REFUTED, UNVERIFIED)
SEVERITIES = ("critical", "high", "medium", "low", "info")
"""The worst first."""


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a source, and where in it they stand."""

    source: str
    text: str
    line: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A statement, what became of it, and what it rests on."""

    id: str
    text: str
    state: str
    cause: str = ""
    qualification: str = ""
    correction: str = ""
    error: str = ""
    votes: tuple[tuple[str, int], ...] = ()
    failed: str = ""
    quotes: tuple[Quote, ...] = ()
    against: tuple[Quote, ...] = ()
    sources: tuple[str, ...] = ()
    date: str = ""
    group: str = ""

    @property
    def rests_on(self) -> tuple[str, ...]:
        """The sources that speak for it, each once."""
        return tuple(dict.fromkeys([*self.sources, *(one.source for one in self.quotes)]))

    @property
    def spoken_against(self) -> tuple[str, ...]:
        """The sources that speak against it, each once."""
        return tuple(dict.fromkeys(one.source for one in self.against))


@dataclass(frozen=True, slots=True)
class Conflict:
    """Claims that cannot all hold."""

    claims: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Citation:
    """What a number in the text stands for."""

    n: str
    claim: str
    source: str
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A document that was looked at, or left out."""

    id: str
    title: str = ""
    path: str = ""
    url: str = ""
    date: str = ""
    kind: str = ""
    author: str = ""
    funder: str = ""
    copies: tuple[str, ...] = ()
    state: str = ""
    cause: str = ""

    @property
    def name(self) -> str:
        """What a person calls it."""
        return self.title or self.path or self.url or self.id

    @property
    def was_read(self) -> bool:
        """Whether it was looked into."""
        return self.state in ("", "read")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A fault at a place."""

    id: str
    title: str
    file: str = ""
    line: int = 0
    end_line: int = 0
    severity: str = "info"
    why: str = ""
    quote: str = ""
    example: str = ""
    fix: str = ""
    state: str = ""
    error: str = ""
    group: str = ""

    @property
    def holds(self) -> bool:
        """Whether it counts: it was supported, or nobody was asked."""
        return self.state in ("", SUPPORTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """One of an order."""

    place: str
    label: str
    strength: str = ""
    sd: str = ""
    tied: str = ""
    why: str = ""
    p_best: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A unit of work, and whether it was taken."""

    unit: str
    state: str
    why: str
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under titles."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """A unit that was not covered."""

    unit: str
    cause: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many of all units were looked at."""

    unit: str
    done: str
    total: str
    missing: tuple[Missing, ...]


@dataclass(frozen=True, slots=True)
class Cut:
    """A list of which only a part is shown."""

    what: str
    shown: str
    total: str
    rest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StatedError:
    """How often something is wrong, and what that figure rests on."""

    what: str
    p: float | None
    rho: float | None
    basis: str
    mean: float | None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a document, with its mark."""

    id: str
    line: str
    text: str
    mark: str
    note: str


@dataclass(frozen=True, slots=True)
class Marked:
    """A document of which every sentence has a mark."""

    file: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """All that a run found."""

    title: str = ""
    question: str = ""
    claims: tuple[Claim, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    citations: tuple[Citation, ...] = ()
    sources: tuple[Source, ...] = ()
    findings: tuple[Finding, ...] = ()
    ranking: tuple[Placed, ...] = ()
    boundary: tuple[str, ...] = ()
    agreement: tuple[tuple[str, str], ...] = ()
    changes: tuple[Change, ...] = ()
    branch: str = ""
    commit: str = ""
    tables: tuple[Table, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    cut: tuple[Cut, ...] = ()
    errors: tuple[StatedError, ...] = ()
    marked: Marked | None = None
    notes: tuple[str, ...] = ()
    odd: tuple[Odd, ...] = ()
    """What could not be read."""
    more: tuple[str, ...] = ()
    """Fields that no report shows."""
