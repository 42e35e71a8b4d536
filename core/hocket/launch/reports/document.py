"""A report before it has a form: sections of blocks, of which a file or a page is made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from hocket.launch.reports.map import Map

    Kind = Literal["text", "strong", "em", "dim", "code", "to", "state"]
    Block: TypeAlias = "Heading | Prose | Quoted | Code | Listing | Grid | Map"


@dataclass(frozen=True, slots=True)
class Span:
    """Some words in one form; `to` leads to an anchor."""

    text: str
    kind: Kind = "text"
    to: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A title inside a section."""

    text: str
    count: int | None = None
    state: str = ""
    shown: int | None = None

    @property
    def told(self) -> str:
        """How many there are, and how many of them are shown; empty where nobody counts."""
        if self.count is None:
            return ""
        cut = self.shown is not None and self.shown < self.count
        return f"{self.shown:,} of {self.count:,} shown" if cut else f"{self.count:,}"


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph."""

    spans: tuple[Span, ...]
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words of a source, and where they stand."""

    text: str
    by: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Code:
    """Lines that are shown as they are."""

    text: str


@dataclass(frozen=True, slots=True)
class Item:
    """One of a list, with what belongs to it."""

    spans: tuple[Span, ...]
    parts: tuple[Block, ...] = ()
    anchor: str = ""
    state: str = ""
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Listing:
    """A list."""

    items: tuple[Item, ...]
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of words under titles."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a report with a name."""

    title: str
    anchor: str
    blocks: tuple[Block, ...]


def said(text: str, kind: Kind = "text", to: str = "") -> tuple[Span, ...]:
    """Give words as one span; none for no words."""
    return (Span(text, kind, to),) if text else ()


def joined(*parts: tuple[Span, ...], by: str = " · ") -> tuple[Span, ...]:
    """Put what there is in a row."""
    spans: list[Span] = []
    for part in parts:
        if part and spans:
            spans.append(Span(by, "dim"))
        spans.extend(part)
    return tuple(spans)
