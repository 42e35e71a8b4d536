"""An estimate as text: rows for the card, and the whole of it for `hocket estimate`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hocket.cli._text import duration, money

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hocket.estimate.result import Estimate, Proposal, Range

    Row = tuple[str, str]

_BIG, _MANY = 500_000, 1_000
_FULL = 100
UNITS = {"usd": "money", "output": "output tokens"}


def rows(made: Estimate) -> list[Row]:
    """Write the rows of the card."""
    if not made.figures["calls"].p90:
        return [("estimate", "no agents")]
    found = [("estimate", f"{summary(made)}; {rests(made)}")]
    drivers = " · ".join(f"{one.site} {share(one.share)}" for one in made.drivers)
    found += [("costs", drivers)] if len(made.drivers) > 1 else []
    found += [("grows", line) for line in made.growth[:2]]
    found += [("over", over(made))] if made.broken else []
    found += [("narrower", proposal(one, made)) for one in made.proposals]
    return found + [("note", note) for note in made.notes]


def summary(made: Estimate) -> str:
    """Write the figures in one line."""
    told = made.figures
    low, high = (count(value) for value in (told["calls"].p50, told["calls"].p90))
    parts = [
        f"agents {low} (P90 {high}, at most {made.at_most:,})",
        f"{pair(tokens_in(told), 'input')} tokens",
        pair(told["usd"], "usd") if "usd" in told else "price unknown",
        pair(told["seconds"], "seconds"),
    ]
    return " · ".join(parts)


def tokens_in(figures: Mapping[str, Range]) -> Range:
    """Give all tokens, sent and received."""
    sent, given = figures["input"], figures["output"]
    return replace(sent, p50=sent.p50 + given.p50, p90=sent.p90 + given.p90)


def rests(made: Estimate) -> str:
    """Say what an estimate rests on."""
    if made.rough:
        known = f"{made.runs} earlier runs" if made.runs != 1 else "1 earlier run"
        history = f"{known}, {made.measured} of them estimated" if made.runs else "no history"
        return f"{history}: rough, from {made.draws} dry runs"
    return f"rests on {made.measured} runs and {made.draws} dry runs"


def over(made: Estimate) -> str:
    """Say that the budget may not be enough."""
    name = made.broken or ""
    most, high = made.budget[name], made.figures[name].p90
    said = f"P90 {figure(name, high)} is over the budget of {figure(name, most)}"
    return f"{said}; {share(made.over_budget or 0.0)} of the dry runs would use it up"


def proposal(one: Proposal, made: Estimate) -> str:
    """Write a narrower scope with its figures."""
    name = made.broken or ""
    unit = " output tokens" if name == "output" else ""
    fits = "" if one.fits else ", still over"
    return f"{one.what}: {figure(name, one.p50)} (P90 {figure(name, one.p90)}){unit}{fits}"


def pair(one: Range, name: str) -> str:
    """Write both ends of a range."""
    return f"{figure(name, one.p50)} ({figure(name, one.p90)})"


def figure(name: str, value: float) -> str:
    """Write a figure in its own unit."""
    if name == "usd":
        return money(round(value * 1_000_000))
    if name == "seconds":
        return duration(value)
    return count(value)


def count(value: float) -> str:
    """Write a count as shortly as it can be trusted: `0.9 M`, `41 k`, `320`."""
    if value >= _BIG:
        return f"{value / 1e6:,.1f} M"
    if value >= 10 * _MANY:
        return f"{value / 1e3:.0f} k"
    return f"{round(value):,}"


def share(value: float) -> str:
    """Write a share in percent."""
    return f"{round(value * _FULL)} %"
