"""Says that a signature does not count; there is no other way to say so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.errors import PackageRefused

if TYPE_CHECKING:
    from collections.abc import Iterable

CODE = "signature"


def refused(who: str, *problems: str) -> PackageRefused:
    """Make the error of one signature or one file of signers, with all that is wrong."""
    return PackageRefused(who, problems, CODE)


def all_refused(who: str, problems: Iterable[str]) -> None:
    """Raise it if there is anything wrong."""
    if found := tuple(problems):
        raise refused(who, *found)
