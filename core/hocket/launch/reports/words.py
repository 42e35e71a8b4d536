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
    corrected="Corrected:",
    by_votes=True,
)

RULES = Words(
    opening="Made without a language model: sentences quoted from {files}, "
    "chosen and compared by rules.",
    body="In short",
    states={
        SUPPORTED: "supported by several sources",
        QUALIFIED: "sources disagree",
        REFUTED: "sources disagree",
        UNVERIFIED: "one source",
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
