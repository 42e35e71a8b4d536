"""How fetching fails: refused for what a source is, or not done for now; both say who and why."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from hocket.api.inert import visible
from hocket.errors import HocketError, PackageRefused

if TYPE_CHECKING:
    from collections.abc import Generator


class SourceLost(HocketError):
    """A source could not be read: no network, no disk, or files that are not in it."""

    def __init__(self, who: str, *, found: str, hint: str = "", code: str = "network") -> None:
        self.code = code
        super().__init__(who, found=found, hint=hint or "Nothing of it was taken; try again.")


def refused(who: str, problem: str, hint: str = "Nothing of it was taken.") -> PackageRefused:
    """Refuse a source for what it is."""
    return PackageRefused(who, (problem,), "source", hint)


def offline(who: str, what: str) -> SourceLost:
    """Say that something is not here and that nothing was asked for it."""
    return SourceLost(
        who, found=f"{what} is not here, and it is offline", hint="Without --offline it is fetched."
    )


class Incomplete(SourceLost):
    """A source lacks files that it names."""


def incomplete(who: str, what: str) -> Incomplete:
    """Say that something is missing in a repository, there or in the cache."""
    return Incomplete(who, found=f"incomplete source: {what}", code="io")


@contextmanager
def on_disk(who: str) -> Generator[None]:
    """Tell of a disk that is full or may not be written as what it is."""
    try:
        yield
    except OSError as cause:
        found = f"it cannot be read or kept here: {visible(cause.strerror or str(cause))}"
        raise SourceLost(visible(who), found=found, code="io") from cause
