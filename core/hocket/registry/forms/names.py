"""The words of a registry: names, versions, commits, times and hashes, each in one form only.

Every reader takes what a file said, whatever its type, and raises Unfit with the sentence that a
person reads after the key: `bundle.toml: version: "1.4" is not X.Y.Z`.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

from hocket.registry.forms.versions import FORM, Version

SHORTEST, LONGEST = 2, 64
RESERVED = frozenset({"core", "hocket", "claude", "anthropic", "all", "latest"})
"""Nobody's names: they mean something already."""

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
_REV = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?", re.ASCII)
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z", re.ASCII)
_DIGEST = re.compile(r"hk1:[0-9a-f]{64}", re.ASCII)
_SHA256 = re.compile(r"sha256:[0-9a-f]{64}", re.ASCII)
_DEVICE = re.compile(r"con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[1-9\u00b9\u00b2\u00b3]")
_MOST_SHOWN = 60


class Unfit(ValueError):
    """Something is not in the form it must have; its text is the sentence for a person."""


def quoted(value: object) -> str:
    """Show what a file said: ASCII only, so that no look-alike passes for what it is not."""
    text = str(value)
    cut = json.dumps(text[:_MOST_SHOWN])[1:-1]
    told = cut if len(text) <= _MOST_SHOWN else f"{cut}\u2026"
    return f'"{told}"' if isinstance(value, str) else told


def is_device(part: str) -> bool:
    """Whether Windows takes a part of a path for a device, whatever its ending."""
    return _DEVICE.fullmatch(part.partition(".")[0].rstrip(" ").casefold()) is not None


def name(value: object, *, reserved: bool = False) -> str:
    """Read a NAME; `reserved` admits the words that are kept for hocket itself."""
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        raise Unfit(f"{quoted(value)} is not a name (a-z, 0-9, single hyphens)")
    if not SHORTEST <= len(value) <= LONGEST:
        raise Unfit(f"{quoted(value)} has {len(value)} characters, {SHORTEST} to {LONGEST} allowed")
    if is_device(value) or (value in RESERVED and not reserved):
        raise Unfit(f"{quoted(value)} is reserved")
    return value


def version(value: object) -> Version:
    """Read a VERSION."""
    found = FORM.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise Unfit(f"{quoted(value)} is not X.Y.Z")
    return Version.of(found)


def rev(value: object) -> str:
    """Read a REV: a whole commit id, never a branch or a tag."""
    return _formed(value, _REV, "is not a full commit id (40 or 64 hex digits)")


def digest(value: object) -> str:
    """Read the digest of a tree."""
    return _formed(value, _DIGEST, "is not hk1: and 64 hex digits")


def sha256(value: object) -> str:
    """Read the hash of one file."""
    return _formed(value, _SHA256, "is not sha256: and 64 hex digits")


def time(value: object) -> datetime:
    """Read a TIME, as text or as TOML gives it: in UTC, whole seconds."""
    if isinstance(value, datetime):
        moment = value
    else:
        text = _formed(value, _TIME, "is not YYYY-MM-DDTHH:MM:SSZ")
        moment = _moment(text)
    if moment.utcoffset() != UTC.utcoffset(None) or moment.microsecond:
        raise Unfit(f"{quoted(value)} is not YYYY-MM-DDTHH:MM:SSZ")
    return moment.replace(tzinfo=UTC)


def written(moment: datetime) -> str:
    """Write a TIME."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def _formed(value: object, form: re.Pattern[str], otherwise: str) -> str:
    if not isinstance(value, str) or not form.fullmatch(value):
        raise Unfit(f"{quoted(value)} {otherwise}")
    return value


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as cause:
        raise Unfit(f"{quoted(text)} is in no calendar") from cause
