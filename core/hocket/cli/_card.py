"""The card as text: a fixed layout, in which foreign words cannot play a row of their own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hocket.cli import _exposure
from hocket.cli._output import tell
from hocket.cli._text import inert, money, tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hocket.launch.card import Card

SCOPE = "here allows that for this run; --yes allows no more than rules and --allow say"
_LONGEST = 200
_WORDS = {
    "simulate": "simulate: answers are made up, no model is asked, nothing is spent",
    "offline": "offline: sentences of files are quoted, no model is asked, nothing is spent",
}


def show(card: Card, foreseen: Sequence[tuple[str, str]] = ()) -> None:
    """Print the card, with what is known of the cost."""
    for line in lines(card, foreseen):
        tell(line)


def lines(card: Card, foreseen: Sequence[tuple[str, str]] = ()) -> list[str]:
    """Write the card: what it is, what it may use, and which commands could run."""
    rows = [
        ("script", f"{card.path}  {card.digest[:19]}…"),
        *([("args", _short(json.dumps(card.args, ensure_ascii=False)))] if card.has_args else []),
        ("phases", " → ".join(phase.title for phase in card.phases) or "none announced"),
        ("agents", f"at most {card.agents:,}, {card.at_once} at once"),
        ("budget", _budget(card)),
        *foreseen,
        ("backend", _backend(card)),
        *(("capped", row) for row in card.capped),
        *_leave(card),
        *_exposure.rows(card.offer.exposure),
        *(("may run", f"{name}: {command}") for name, command in card.checks),
        *(("note", note) for note in card.notes),
    ]
    head = inert(f"{card.name}: {card.description}")
    return [head, *(f"  {name:<8} {inert(text)}" for name, text in rows)]


def _leave(card: Card) -> list[tuple[str, str]]:
    """Say what agents may do, once a person says yes, and what was typed about it."""
    rows = [_row(words) for words in card.offer.words]
    rows += [("allowed", rule) for rule in card.rules.allow]
    rows += [("denied", rule) for rule in card.rules.deny]
    return [*rows, ("a yes", SCOPE)] if card.offer.rules else rows


def _row(words: str) -> tuple[str, str]:
    head, colon, rest = words.partition(": ")
    return (head, rest) if colon and head == "shell" else ("may", words)


def _budget(card: Card) -> str:
    set_ones = [
        f"{tokens(card.budget_tokens)} output tokens" if card.budget_tokens is not None else "",
        money(card.budget_micros) if card.budget_micros is not None else "",
    ]
    return " and ".join(filter(None, set_ones)) or "none set"


def _backend(card: Card) -> str:
    words = _WORDS.get(card.backend, card.backend)
    return f"{words}; {card.because}" if card.because else words


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
