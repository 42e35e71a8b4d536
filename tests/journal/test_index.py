"""The index: every call's last record, found again, in a few bytes."""

from __future__ import annotations

import tracemalloc
from hashlib import sha256

import pytest

from hocket.api.calls import EndState
from hocket.journal.index import Index, Position


def key(text: object) -> str:
    """Give a key as the engine makes it."""
    return sha256(str(text).encode()).hexdigest()


@pytest.mark.parametrize("state", [None, *EndState])
def test_what_is_put_is_found_with_its_state(state: EndState | None) -> None:
    index = Index()
    position = Position(record=2**31, offset=2**50, length=65_536, number=2**31)

    index.put(key("a"), 0, position, state, agent=True)

    assert index.get(key("a"), 0) == (position, state)


def test_keys_and_occurrences_do_not_meet() -> None:
    index = Index()
    names = [key("a"), key("b"), "short", "z" * 64, key("a")[:-1], "\ud800"]
    places = [(name, occurrence) for name in names for occurrence in (0, 1, 10, 11)]

    for n, (name, occurrence) in enumerate(places):
        index.put(name, occurrence, Position(n, n, n, n), EndState.OK, agent=True)

    assert [index.get(*place) for place in places] == [
        (Position(n, n, n, n), EndState.OK) for n in range(len(places))
    ]
    assert index.get(key("c"), 0) is None


def test_a_forgotten_call_keeps_its_number_and_is_not_committed() -> None:
    index = Index()
    index.put(key("a"), 0, Position(5, 100, 50, 7), EndState.OK, agent=True)

    index.forget(key("a"), 0)
    index.forget(key("unknown"), 0)

    assert index.get(key("a"), 0) == (Position(5, 100, 50, 7), None)
    assert index.committed() == 0
    assert index.get(key("unknown"), 0) is None


def test_only_agent_calls_are_counted() -> None:
    index = Index()
    for n, state in enumerate([EndState.OK, EndState.SKIPPED, EndState.ERROR, None]):
        index.put(key(n), 0, Position(n, n, n, n), state, agent=True)
    index.put(key("ask"), 0, Position(9, 9, 9), EndState.OK, agent=False)

    assert index.census() == {EndState.OK: 1, EndState.SKIPPED: 1, EndState.ERROR: 1}
    assert index.committed() == 2


def test_a_call_takes_at_most_250_bytes() -> None:
    def held(calls: int) -> int:
        tracemalloc.start()
        index = Index()
        for n in range(calls):
            position = Position(3 * n, 1500 * n, 500, n)
            index.put(key(n % 5000), n // 5000, position, EndState.OK, agent=True)
        size = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        return size

    assert (held(11_000) - held(1_000)) / 10_000 <= 250
