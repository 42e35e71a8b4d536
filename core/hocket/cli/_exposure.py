"""What a script's phases read outside and do, as rows of the card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.scripts.reading.phasing import UNTOLD

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hocket.scripts.reading.exposure import Clash, Exposure, PhaseRights

    Row = tuple[str, str]

_MOST, _LONGEST = 4, 40

OPEN = "off ({}): agents that read the web may act"
APART = "no text from outside reaches it unless you allow the exact prompt"
JOINED = "text from outside reaches it as it is"
CLASH = "no agent may both read outside and act"
DISTRUSTED = ", and nobody trusts this folder"
NARROWS = "naming no tools, an agent acts only until it has read outside"
UNSAID = "which tools are named is seen only as it runs"
UNREAD = "what agents of a {} script read outside and do is seen only as they run"


def rows(exposure: Exposure) -> Iterator[Row]:
    """Write who reads outside, who acts, and where they meet; nothing where nothing is named."""
    if exposure.is_told:
        yield from _told(exposure)
    if exposure.language:
        yield "untold", UNREAD.format(exposure.language)
    if exposure.untold:
        yield "untold", f"{_some([f'line {line}' for line in exposure.untold])}: {UNSAID}"
    if exposure.open:
        yield "quarantine", OPEN.format(exposure.open)


def _told(exposure: Exposure) -> Iterator[Row]:
    phases = exposure.phases
    alone = [each.title for each in phases] == [UNTOLD]
    reads = [(each.title, _some(each.reads)) for each in phases if each.reads]
    acts = [(each.title, _doing(each)) for each in phases if each.acts]
    for name, each in (("reads", reads), ("acts", acts)):
        words = [tools if alone else f"{_quoted(title)} ({tools})" for title, tools in each]
        yield from [(name, _some(words))] if words else []
    yield from _meetings(exposure, alone=alone)
    clashes = [(each.title, one) for each in phases for one in each.clashes]
    yield from [("refused", _clash(title, clash)) for title, clash in clashes[:_MOST]]
    narrow = [_quoted(each.title) for each in phases if each.narrows]
    if narrow:
        yield "narrows", NARROWS if alone else f"{_some(narrow)}: {NARROWS}"


def _meetings(exposure: Exposure, *, alone: bool) -> Iterator[Row]:
    """Say which acting phases come after reading ones; those after the same ones in one row."""
    then = JOINED if exposure.open else APART
    found: dict[tuple[str, ...], list[str]] = {}
    for phase in exposure.phases:
        if phase.meets:
            found.setdefault(phase.meets, []).append(phase.title)
    for readers, actors in [*found.items()][:_MOST]:
        yield "meet", f"{_meeting(readers, actors, alone=alone)}: {then}"


def _meeting(readers: Sequence[str], actors: Sequence[str], *, alone: bool) -> str:
    if alone:
        return "an agent that acts, after one that reads"
    if [*readers] == [*actors]:
        return f"within {_quoted(readers[0])}"
    return f"{_some([*map(_quoted, actors)])} after {_some([*map(_quoted, readers)])}"


def _clash(title: str, clash: Clash) -> str:
    where = f"line {clash.line}" + (f" in {_quoted(title)}" if title else "")
    both = f"{clash.reads} with {clash.acts}" if clash.reads != clash.acts else clash.acts
    return f"{where}: {both}: {CLASH}{DISTRUSTED if clash.distrusted else ''}"


def _doing(phase: PhaseRights) -> str:
    return f"{_some(phase.acts)}, in its own tree" if phase.is_isolated else _some(phase.acts)


def _quoted(title: str) -> str:
    """Write a title so that it is seen where it ends."""
    if title == UNTOLD:
        return "no phase"
    short = title if len(title) <= _LONGEST else f"{title[:_LONGEST]}…"
    return '"{}"'.format(short.replace('"', "'"))


def _some(words: Sequence[str]) -> str:
    more = len(words) - _MOST
    return ", ".join(words) if more <= 0 else f"{', '.join(words[:_MOST])} and {more} more"
