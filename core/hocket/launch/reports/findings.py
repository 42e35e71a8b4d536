"""The findings of a report: the worst first, then what is open, then what was ruled out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.launch.reports.data import QUALIFIED, REFUTED, SEVERITIES
from hocket.launch.reports.document import (
    Code,
    Heading,
    Item,
    Listing,
    Prose,
    Section,
    Span,
    joined,
    said,
)
from hocket.launch.reports.figures import wrong

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hocket.launch.reports.cuts import Cuts
    from hocket.launch.reports.data import Data, Finding
    from hocket.launch.reports.document import Block

_SHOWN = {QUALIFIED: QUALIFIED, REFUTED: "ruled-out"}
"""What a finding is shown as that does not hold: good news is not red."""


def findings(data: Data, cuts: Cuts) -> Section | None:
    """Give all findings, each once."""
    if not data.findings:
        return None
    blocks: list[Block] = []
    for title, state, found in _groups(data.findings):
        shown = cuts.of(f"{title.lower()} findings", found)
        blocks.append(Heading(title, len(found), state, len(shown)))
        blocks.append(Listing(tuple(_item(one) for one in shown), "findings"))
    return Section("Findings", "findings", tuple(blocks))


def _groups(found: Sequence[Finding]) -> Iterator[tuple[str, str, list[Finding]]]:
    for severity in SEVERITIES:
        if some := [one for one in found if one.holds and one.severity == severity]:
            yield severity.capitalize(), severity, some
    open_ = [one for one in found if not one.holds]
    titles = {QUALIFIED: "Questions", REFUTED: "Ruled out"}
    for state, title in (*titles.items(), ("", "Not settled")):
        if some := [one for one in open_ if (one.state if one.state in titles else "") == state]:
            yield title, _SHOWN.get(state, "unverified"), some


def place(finding: Finding) -> str:
    """Write where a finding is, as editors read it."""
    return f"{finding.file}:{finding.line}" if finding.file and finding.line else finding.file


def _item(finding: Finding) -> Item:
    meta = joined(
        said(place(finding), "code"),
        said(finding.group),
        said("" if finding.holds else finding.severity),
        said(wrong(finding.error)),
    )
    parts: list[Block] = [Prose(meta, "meta")] if meta else []
    parts += [Prose(said(finding.why))] if finding.why else []
    parts += [Code(finding.quote)] if finding.quote else []
    for head, text in (("For example:", finding.example), ("Fix:", finding.fix)):
        parts += [Prose((Span(f"{head} ", "em"), Span(text)))] if text else []
    state = finding.severity if finding.holds else _SHOWN.get(finding.state, "unverified")
    return Item(said(finding.title, "strong"), tuple(parts), state=state)
