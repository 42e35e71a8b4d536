"""What states are called: two tables, for models that judge, and for rules that compare."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.launch.reports.data import QUALIFIED, REFUTED, SUPPORTED, UNVERIFIED

if TYPE_CHECKING:
    from collections.abc import Mapping

CONFLICT = "conflict"
"""The state of a claim that cannot hold beside another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of one kind of backend."""

    opening: str
    """The first line; `{files}` is how many were read."""
    body: str
    states: Mapping[str, str]
    groups: Mapping[str, str]
    nothing: str
    partial: str
    supported: str
    """What is said of a supported claim; `{n}` sources speak for it."""
    claims: str
    """What claims are: for rules they are passages."""
    limited: str
    """What stands before the limit of a claim, or what is said against it elsewhere."""
    alone: str
    """The title of supported claims for which one source alone is listed."""
    unspoken: str
    """The title of claims that no source speaks of."""
    replaced: str
    """The title of claims whose limit says until when they were told."""
    open: str
    """What is said where there are claims, and none that another source supports."""
    order: tuple[str, ...]
    """The states as their groups follow each other."""
    corrected: str
    """What stands before other words for a claim that did not hold."""
    by_votes: bool
    limits: str = ""
    """What must be known of how it was made, beside what is noted."""
    others: tuple[tuple[str, str], ...] = ()
    """Words that notes of patterns use of models, and what is said instead."""

    def shown(self, state: str) -> str:
        """Give the state whose shape and colour is drawn: by rules, sources only disagree."""
        return CONFLICT if not self.by_votes and state in (QUALIFIED, REFUTED) else state

    def place(self, title: str) -> int:
        """Say where the group of a title stands."""
        if title == self.alone:
            return self.order.index(SUPPORTED)
        if title in (self.unspoken, self.replaced) and not self.by_votes:
            return len(self.order)
        return min(at for at, one in enumerate(self.order) if self.groups[one] == title)

    def why(self, cause: str) -> str:
        """Give the cause of a state where it says more than the title of its group."""
        said_by_title = ("cannot tell", "no evidence")
        return "" if not self.by_votes and cause in said_by_title else cause

    def plain(self, note: str) -> str:
        """Give a note in the words of this kind."""
        for word, instead in self.others:
            note = re.sub(rf"\b{word}\b", instead, note)
        return note


MODEL = Words(
    opening="",
    body="Answer",
    states={
        SUPPORTED: "supported",
        QUALIFIED: "qualified",
        REFUTED: "refuted",
        UNVERIFIED: "unverified",
        CONFLICT: "in conflict",
    },
    groups={
        SUPPORTED: "Supported",
        QUALIFIED: "Qualified",
        CONFLICT: "In conflict",
        REFUTED: "Refuted",
        UNVERIFIED: "Unverified",
    },
    nothing="No claim was supported.",
    partial="This is a part of the whole: something could not be done. "
    "What is missing stands at the end.",
    supported="supported",
    claims="claims",
    limited="With a limit:",
    alone="Supported",
    unspoken="Unverified",
    replaced="Qualified",
    open="No claim was supported.",
    order=(SUPPORTED, QUALIFIED, CONFLICT, REFUTED, UNVERIFIED),
    corrected="Corrected:",
    by_votes=True,
)

RULES = Words(
    opening="Made without a language model: sentences quoted from {files}, "
    "chosen and compared by rules.",
    body="In short",
    states={
        SUPPORTED: "supported",
        QUALIFIED: "sources disagree",
        REFUTED: "sources disagree",
        UNVERIFIED: "not found elsewhere",
        CONFLICT: "sources disagree",
    },
    groups={
        SUPPORTED: "Supported by several sources",
        QUALIFIED: "Sources disagree",
        CONFLICT: "Sources disagree",
        REFUTED: "Sources disagree",
        UNVERIFIED: "One source",
    },
    nothing="No passage in these files answers this.",
    partial="This is a part of the whole: something could not be done. "
    "What is missing stands at the end.",
    supported="supported by {n} sources",
    claims="passages",
    limited="Elsewhere:",
    alone="Supported by a source",
    unspoken="No source speaks of it",
    replaced="Older, and replaced since",
    open="No two files say the same of this: each passage below stands in one of them, "
    "or another one says otherwise.",
    order=(SUPPORTED, UNVERIFIED, QUALIFIED, CONFLICT, REFUTED),
    corrected="Elsewhere:",
    by_votes=False,
    limits="sentences were compared by the words, names and numbers they share; "
    "nothing was concluded from them",
    others=(
        ("unverified", "not settled"),
        ("verified", "compared"),
        ("verify", "compare"),
        ("confirmed", "found again"),
        ("answers?", "result"),
        ("true", "so"),
    ),
)
