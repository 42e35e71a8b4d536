"""A report of a run that is done: read once, and written in every form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.launch.reports import body as bodies
from hocket.launch.reports import claims, findings, links, markdown, page, rests, sources, tables
from hocket.launch.reports.cuts import Cuts
from hocket.launch.reports.data import SUPPORTED
from hocket.launch.reports.document import Heading, Item, Listing, Section, Span
from hocket.launch.reports.index import Index
from hocket.launch.reports.map import evidence
from hocket.launch.reports.reading import data_of
from hocket.launch.reports.told import told
from hocket.launch.reports.words import MODEL, RULES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import JsonValue

    from hocket.engine.summary import Report
    from hocket.launch.reports.data import Data
    from hocket.launch.reports.told import Told
    from hocket.launch.reports.words import Words

LONG = 60
"""Lines of a report that fit on a screen or two; a longer one is summed up there."""


@dataclass(frozen=True, slots=True)
class Account:
    """The text and the data of a result, with what the run tells."""

    text: str
    data: Data
    complete: bool
    run: Told
    words: Words

    @property
    def title(self) -> str:
        """What stands on top."""
        return self.data.title or self.data.question or self.run.name or "Report"

    @property
    def opening(self) -> str:
        """What must be said before all else; nothing where a model was asked."""
        read = sum(1 for one in self.data.sources if one.was_read)
        return self.words.opening.format(files=f"{read:,} {'file' if read == 1 else 'files'}")

    @property
    def body(self) -> str:
        """The words of the script; what was found without any is said by us."""
        return "\n\n".join(one for one in (self._own_text(), self._nothing()) if one)

    def markdown(self) -> str:
        """Write `report.md`."""
        return markdown.markdown(self._head(), self._sections(pictured=False))

    def short(self) -> str:
        """Write what a terminal shows: all of it, or of a long one the words and the counts."""
        whole = self.markdown()
        if whole.count("\n") <= LONG:
            return whole
        sections = self._sections(pictured=False)
        counts = Section("In numbers", "numbers", (Listing(tuple(_counts(sections))),))
        return markdown.markdown(self._head(), (counts, sections[-1]))

    def html(self) -> str:
        """Write `report.html`."""
        top = page.Top(
            title=self.title,
            question=self._question(),
            opening=self.opening,
            notice="" if self.complete else self.words.partial,
            name=self.run.name,
        )
        return page.page(top, self._sections(pictured=True))

    def _own_text(self) -> str:
        text = self.text.strip()
        first, _, rest = text.partition("\n")
        said = first.lstrip("# ").strip()
        named = first.startswith("#") and said == self.title
        # Rules say it of their own text, too, of the files that are quoted there.
        made = bool(self.opening) and said.startswith(self.opening.partition(":")[0])
        if made and self.data.claims:
            return ""  # all its quotes stand below, with more said of each
        return rest.strip() if named or made else text

    def _nothing(self) -> str:
        found = self.data
        if any(one.state == SUPPORTED for one in found.claims) or self.words.nothing in self.text:
            return ""
        others = (found.findings, found.ranking, found.changes, found.tables, found.marked)
        if any(others) or (self.words.by_votes and self.text and not found.claims):
            return ""
        if found.claims:
            return "" if found.marked else self.words.open
        return "Nothing was found." if self.words.by_votes else self.words.nothing

    def _question(self) -> str:
        return self.data.question if self.data.question != self.title else ""

    def _head(self) -> list[str]:
        question = self._question()
        parts = (
            self.opening,
            f"# {markdown.line(self.title)}",
            markdown.line(question) if question else "",
            "" if self.complete else f"**{self.words.partial}**",
            markdown.safe(self.body),
        )
        return "\n\n".join(one for one in parts if one).split("\n")

    def _sections(self, *, pictured: bool) -> tuple[Section, ...]:
        index, cuts, found = Index(self.data, self.words), Cuts(), self.data
        made = [
            self._answer(index) if pictured else None,
            findings.findings(found, cuts),
            tables.marked(found, self.words),
            tables.ranking(found, cuts),
            tables.changes(found, cuts),
            tables.tables(found, cuts),
            _map(index, self.words) if pictured else None,
            claims.claims(index, self.words, cuts),
            sources.cited(index, cuts),
            sources.sources(index, cuts),
        ]
        made.append(rests.rests(index, self.words, cuts, self.run, complete=self.complete))
        return links.sound([one for one in made if one is not None])

    def _answer(self, index: Index) -> Section | None:
        blocks = bodies.blocks(self.body, index.targets())
        return Section(self.words.body, "text", blocks) if blocks else None


def account(run: Report, *, rules: bool = False) -> Account | None:
    """Read the result of a run; None when it is not a report."""
    result = run.get("result")
    if not isinstance(result, dict) or not isinstance(result.get("report"), str):
        return None
    if "data" not in result:
        return None
    return Account(
        text=str(result["report"]),
        data=data_of(result["data"]),
        complete=_is_complete(result),
        run=told(run),
        words=RULES if rules else MODEL,
    )


def _is_complete(result: Mapping[str, JsonValue]) -> bool:
    return result.get("complete", True) is True


def _map(index: Index, words: Words) -> Section | None:
    drawn = evidence(index, words)
    return None if drawn is None else Section("Evidence", "evidence", (drawn,))


def _counts(sections: tuple[Section, ...]) -> list[Item]:
    """Count what the lists of a report hold."""
    rows: list[Item] = []
    for section in sections[:-1]:
        heads = [
            one for one in section.blocks if isinstance(one, Heading) and one.count is not None
        ]
        listed = sum(len(one.items) for one in section.blocks if isinstance(one, Listing))
        parts = [f"{one.count:,} {one.text.lower()}" for one in heads] or [f"{listed:,}"]
        if heads or listed:
            rows.append(Item((Span(f"{section.title}: ", "strong"), Span(", ".join(parts)))))
    return rows
