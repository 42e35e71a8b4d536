"""Tells from git's own words what a failed transfer means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.registry.sources.failing import SourceLost, incomplete, refused

if TYPE_CHECKING:
    from hocket.registry.sources.git import Ended

_UNKNOWN = ("unadvertised object", "not our ref", "find remote ref", "no such remote ref")
_LOST = (
    "all necessary objects",
    "bad object",
    "repository corruption",
    "unable to read",
    "missing ",
)
_SUSPECT = ("fsck error",)
_OTHER_HASH = ("mismatched algorithms", "repository's object format")


class OtherHash(SourceLost):
    """The repository names its objects by the other hash."""


def is_unknown(ended: Ended) -> bool:
    """Whether the server has not, or does not give, what was asked for by this name."""
    return _says(ended, _UNKNOWN)


def failure(who: str, ended: Ended) -> Exception:
    """Make the error: refused for what came, incomplete, or not reached for now."""
    if _says(ended, _OTHER_HASH):
        return OtherHash(who, found=ended.words)
    if _says(ended, _SUSPECT):
        return refused(who, f"git does not take what came: {ended.words}")
    if _says(ended, _LOST):
        return incomplete(who, ended.words)
    return SourceLost(who, found=f"it could not be fetched: {ended.words}")


def _says(ended: Ended, phrases: tuple[str, ...]) -> bool:
    return any(phrase in ended.err for phrase in phrases)
