"""Plausible text of any length."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hocket_plugins.backends.simulate.draws import Draws

THINGS = (
    "parser", "cache", "session", "route", "index", "queue", "handler", "schema", "token",
    "worker", "report", "header", "ledger", "client", "module", "upload", "query", "record",
    "timeout", "migration", "template", "permission", "scheduler", "endpoint",
)  # fmt: skip
QUALITIES = (
    "missing", "stale", "shared", "nested", "unused", "slow", "early", "public", "late",
    "hidden", "strict", "empty", "old", "wide", "local", "second",
)  # fmt: skip
DEEDS = (
    "drops", "reads", "skips", "repeats", "closes", "checks", "locks", "returns", "delays",
    "rejects", "copies", "sorts",
)  # fmt: skip
ENDS = (
    "before the check runs", "when the list is empty", "on every second request",
    "after a restart", "without a test", "as the documents say", "only under load",
    "in two of three cases",
)  # fmt: skip


def _corpus() -> str:
    """Write one long text to cut answers from; building each of them would cost more."""
    sentences = (
        f"The {QUALITIES[n % 16]} {THINGS[n * 7 % 24]} {DEEDS[n * 5 % 12]} "
        f"the {THINGS[(n * 11 + 3) % 24]} {ENDS[n * 3 % 8]}."
        for n in range(240)
    )
    return " ".join(sentences)


_CORPUS = _corpus()
_STARTS = [0, *(n + 2 for n, sign in enumerate(_CORPUS[:-200]) if sign == ".")]


def prose(draws: Draws, size: int) -> str:
    """Give exactly so many characters that end with a stop; two calls hardly ever get the same."""
    text = f"Line {draws.bits() % 99_999} of the {draws.choice(THINGS)}: "
    start = draws.choice(_STARTS)
    text += _CORPUS[start : start + size - len(text)] if size > len(text) else ""
    while len(text) < size:
        text = f"{text} {_CORPUS[: size - len(text) - 1]}"
    return text[: size - 1] + "."


def phrase(draws: Draws) -> str:
    """Give a few words."""
    return f"{draws.choice(QUALITIES)} {draws.choice(THINGS)} {draws.choice(DEEDS)}"


def word(draws: Draws) -> str:
    """Give one word."""
    return draws.choice(THINGS)
