"""Every place where strangers put words, and every form of them: no canary sings."""

from __future__ import annotations

from functools import partial

import pytest
from placements import PLACEMENTS, play, word

CASES = [(place, form) for place in PLACEMENTS for form in place.texts]


@pytest.fixture(scope="session")
def seen_at(theatre):
    """Give what was played at a place, with quarantine or without."""

    def at(place, mode="on"):
        return theatre.played((place.name, mode), partial(play, place, mode))

    return at


@pytest.mark.parametrize(
    ("place", "form"), CASES, ids=[f"{place.name}-{form}" for place, form in CASES]
)
def test_no_canary_sings(seen_at, place, form):
    played = seen_at(place)
    states = dict(played.result)

    assert played.ran(word(form)) == []
    assert played.leaked(word(form)) == []
    assert (played.run.status, tuple(states[form])) == ("completed", place.states)


@pytest.mark.parametrize("place", PLACEMENTS, ids=lambda place: place.name)
def test_where_the_wall_is_gone_they_sing(seen_at, place):
    played = seen_at(place, place.control)
    silent = {form for form in place.texts if not played.ran(word(form))}

    assert played.run.status == "completed"
    assert sorted(silent) == sorted(place.tamed)
