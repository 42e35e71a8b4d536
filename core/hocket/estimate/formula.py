"""Writes the growth of a script as a person would: `$ ≈ 0.04 + files x (0.20 + issues x 0.15)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.estimate import priors

if TYPE_CHECKING:
    from hocket.estimate.growth import Growth, List, Term
    from hocket.estimate.pricing import Pricing
    from hocket.estimate.samples import Sample

_TIMES = " \N{MULTIPLICATION SIGN} "
_HUNDRED, _CENT, _SMALL = 100.0, 0.095, 0.00095
_LEAST = 0.002
"""A part below this share of the whole only makes a formula long."""


def formula(growth: Growth, term: Term, unit: str) -> str:
    """Write a cost in a unit (`$`, `k tokens`)."""
    names = _names(growth)
    return f"{unit} ≈ {_written(term, names, _LEAST * total(growth, term))}"


def lists(growth: Growth) -> list[str]:
    """Say what the names of a formula stand for, and how large they are."""
    names = _names(growth)
    return [
        f"{names[one]} {_count(mean)} ({one.where})"
        for one, mean in growth.means.items()
        if one in names
    ]


def total(growth: Growth, term: Term) -> float:
    """Give what a formula comes to with the mean lengths of its lists."""
    inner = sum(growth.means[one] * total(growth, below) for one, below in term.by.items())
    return term.amount + inner


def by_turns(pricing: Pricing, model: str | None, turns: int) -> str:
    """Say how one agent's cost grows with its turns: everything is sent again with each."""
    told = [_agent(pricing, model, count) for count in (turns, 2 * turns, 4 * turns)]
    return f"one agent grows with the square of its turns: {', '.join(told)}"


def _agent(pricing: Pricing, model: str | None, turns: int) -> str:
    sample = priors.agent(turns)
    micros = pricing.cost(model, sample)
    cost = f"${micros / 1e6:.2f}" if micros else f"{_sent(sample) / 1e6:.1f} M tokens sent"
    return f"{turns} turns {cost}"


def _sent(sample: Sample) -> int:
    usage = sample.usage
    return usage.input + usage.cache_read + usage.cache_write


def _written(term: Term, names: dict[List, str], least: float) -> str:
    parts = [_amount(term.amount)] if term.amount > least or not term.by else []
    for one, below in term.by.items():
        inner = _written(below, names, least)
        inner = f"({inner})" if below.by else inner
        parts.append(names[one] + _TIMES + inner)
    return " + ".join(parts)


def _amount(value: float) -> str:
    if value >= _HUNDRED:
        return f"{value:,.0f}"
    if value >= _CENT:
        return f"{value:,.2f}"
    return f"{value:.3f}" if value >= _SMALL else f"{value:.2g}"


def _count(value: float) -> str:
    return f"{value:.0f}" if value == int(value) else f"{value:.1f}"


def _names(growth: Growth) -> dict[List, str]:
    """Give each list a name of its own."""
    names: dict[List, str] = {}
    for one in growth.means:
        alike = [other for other in growth.means if other.name == one.name]
        place = "args" if one.site is None else str(one.site)
        names[one] = one.name if len(alike) == 1 else f"{one.name} of {place}"
    return names
