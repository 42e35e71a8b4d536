"""Watches what Python opens while a test looks; one hook for all, as nobody can take one away."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

_listeners: list[Callable[[object, int], None]] = []


def _hook(event: str, given: tuple[object, ...]) -> None:
    if event == "open" and _listeners:
        flags = given[2] if isinstance(given[2], int) else 0
        for listener in tuple(_listeners):
            listener(given[0], flags)


sys.addaudithook(_hook)


@contextmanager
def opened() -> Generator[list[tuple[object, int]]]:
    """List what is opened meanwhile: the path as it was given, and the flags."""
    found: list[tuple[object, int]] = []

    def listener(path: object, flags: int) -> None:
        found.append((path, flags))

    _listeners.append(listener)
    try:
        yield found
    finally:
        _listeners.remove(listener)


@contextmanager
def before_opening(name: str, act: Callable[[], None]) -> Generator[None]:
    """Do something in the moment before a path is opened, as another program might."""

    def listener(path: object, _flags: int) -> None:
        if path == name:
            _listeners.remove(listener)
            act()

    _listeners.append(listener)
    try:
        yield
    finally:
        assert listener not in _listeners, f"{name} was never opened"
