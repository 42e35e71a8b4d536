"""Twelve patches over six files, three that conflict and one that breaks an invariant, by seed."""

from __future__ import annotations

import json
from hashlib import sha256
from math import ceil, log2

import pytest

FILES = "abcdef"
PATCHES, CONFLICTS, ATTEMPTS = 12, 3, 2
SUM = "! grep -n bad *.txt"
"""What has to hold for the whole tree: nobody looks before the end."""


def shuffled(seed, what, items):
    """Mix items up, the same way for a seed each time."""
    return sorted(items, key=lambda one: sha256(f"{seed} {what} {one}".encode()).digest())


def planted(yard, seed):
    """Plan the work: every patch has lines of its own, but for three that want another's line.

    A culprit breaks the invariant. Gives the units, who conflicts, and who breaks it.
    """
    places = shuffled(seed, "places", [(name, line) for name in FILES for line in (1, 6)])
    late = sorted(shuffled(seed, "late", range(2, PATCHES))[:CONFLICTS])
    early = [one for one in range(PATCHES) if one not in late]
    culprit = shuffled(seed, "culprit", early)[0]
    units = []
    for number, place in enumerate(places):
        # Who is late wants a line that somebody had already, but not the one that breaks the rule.
        before = shuffled(seed, number, [one for one in early if one < number and one != culprit])
        name, line = places[before[0]] if number in late else place
        own = [[f"{name}.txt", line, f"patch {number}"]]
        first = [[f"{name}.txt", line, "bad"]] if number == culprit else own
        units.append(yard.order(number, first, own))
    return units, late, culprit, shuffled(seed, "arrival", range(PATCHES))


def seeds():
    """Two at once, a hundred when there is time."""
    return [*range(2), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 100))]


def planned(yard, units, late):
    """Give the lines of each file when all is in: who was late comes after whom it met."""
    trees = {name: [f"{name} {number}" for number in range(12)] for name in FILES}
    early = [one for one in range(PATCHES) if one not in late]
    for number in (*early, *late):
        for name, line, text in json.loads(units[number]["prompt"])["again"]:
            trees[name[0]][line] = text
    return trees


def check_all(yard, outcome, seed):
    units, late, culprit, _ = planted(yard, seed)
    told = outcome.result
    assert (told["applied"], told["rejected"]) == ([*range(PATCHES)], [])
    assert f"invariant sum failed from item {culprit} on" in told["notes"]
    assert told["rerun"] == sorted([*late, culprit])
    assert (told["calls"], told["complete"]) == (CONFLICTS + 1, True)
    assert {name: yard.at(told["branch"], f"{name}.txt") for name in FILES} == planned(
        yard, units, late
    )
    assert (yard.owned(), yard.left()) == (yard.before, ([], 0))
    return yard.git("rev-parse", f"{told['branch']}^{{tree}}")


def play(yard, seed, order=None):
    units, _, _, arrival = planted(yard, seed)
    checks = {"sum": f"echo run >> {yard.project.parent}/runs; {SUM}"}
    options = f', invariants=["sum"], attempts={ATTEMPTS}'
    outcome, _ = yard.play(units, options, checks=checks, arrival=order or arrival)
    return outcome


@pytest.mark.parametrize("seed", seeds())
def test_every_patch_is_in_whoever_came_first(yard, seed):
    outcome = play(yard, seed)

    check_all(yard, outcome, seed)
    # The base, the head, at most so many of twelve commits, and the new head.
    runs = (yard.project.parent / "runs").read_text().split()
    assert len(runs) <= 3 + ceil(log2(PATCHES))


@pytest.mark.slow
def test_the_tree_is_the_same_in_any_order_of_arrival(yard):
    orders = (range(PATCHES), range(PATCHES)[::-1])
    trees = {check_all(yard, play(yard, 7, order), 7) for order in orders}
    assert len(trees) == 1
