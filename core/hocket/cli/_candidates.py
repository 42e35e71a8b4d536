"""What came with a folder, as text for a person: its lines cannot be taken for ours."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from hocket.cli._text import inert

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hocket.trust.candidates import Candidate
    from hocket.trust.standing import Standing


def summary(standing: Standing) -> str:
    """Say how the folder stands, in one line."""
    from hocket.trust.standing import DAMAGED, Word

    said = {
        Word.TRUSTED: "This folder is trusted.",
        Word.LISTED: f"This folder is trusted as it is, by trusted_folders in {standing.why}.",
        Word.UNTRUSTED: "This folder is not trusted.",
        Word.REPLACED: "This folder is not trusted: another one was, in this place.",
        Word.FORBIDDEN: f"This folder is not trusted, and {standing.why} forbids to trust it.",
    }[standing.word]
    return inert(f"{said} {DAMAGED.capitalize()}." if standing.damaged else said)


def lines(found: Sequence[Candidate]) -> list[str]:
    """Write a head for each kind, then a line for each file, and beneath it what to look at."""
    return [
        line
        for kind, files in groupby(found, key=lambda one: one.kind)
        for line in (kind.value, *(line for one in files for line in (_head(one), *_shown(one))))
    ]


def _head(one: Candidate) -> str:
    why = f"  {one.why}" if one.why else ""
    return f"  {one.state:<8} {inert(one.path)}{why}"


def _shown(one: Candidate) -> list[str]:
    from hocket.trust.candidates import State

    lost = one.state is State.CHANGED and one.before is None
    head = ["      (what was trusted is not kept; this is all of it)"] if lost else []
    return [*head, *(f"      {line}" for line in one.difference())]
