"""Ranges of versions: `*`, `^1.2`, `~0.3`, or comparisons joined by commas."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from hocket.registry.forms.names import Unfit, quoted
from hocket.registry.forms.versions import NUMBER, Version

if TYPE_CHECKING:
    from packaging.specifiers import SpecifierSet
    from packaging.version import Version as PythonVersion

_PRE = rf"(?:-(?:a|b|rc)\.{NUMBER})"
_PART = rf"{NUMBER}(?:\.{NUMBER}(?:\.{NUMBER}{_PRE}?)?)?"
_NEAR = re.compile(rf"([\^~])({_PART})", re.ASCII)
_COMPARED = re.compile(rf"(?:>=|<=|==|!=|>|<){_PART}", re.ASCII)
_BETWEEN = re.compile(r" *, *")
_MOST = 200
"""Characters; nobody needs more to say what goes with what."""


@dataclass(frozen=True, slots=True)
class Range:
    """A RANGE as it was written, without blanks, and what it means to `packaging`."""

    text: str
    specifiers: str
    names_pre: bool
    """It names a pre-release, so pre-releases count."""

    def contains(self, version: Version | PythonVersion | str, *, pre: bool = False) -> bool:
        """Whether it admits a version; `pre` counts pre-releases that nobody named."""
        # Left to itself, packaging admits some pre-releases that nobody asked for.
        admits = pre or self.names_pre
        return _understood(self.specifiers).contains(str(version), prereleases=admits)

    def __str__(self) -> str:
        """Write it as it was written."""
        return self.text


def parse(value: object) -> Range:
    """Read a RANGE; raises Unfit."""
    text = _BETWEEN.sub(",", value) if isinstance(value, str) else ""
    if text == "*":
        return Range(text, "", names_pre=False)
    names_pre = "-" in text
    if len(text) <= _MOST and (near := _NEAR.fullmatch(text)):
        return Range(text, _near(near[1], near[2]), names_pre)
    if len(text) <= _MOST and all(map(_COMPARED.fullmatch, text.split(","))):
        return Range(text, text, names_pre)
    raise Unfit(f"{quoted(value)} is not a range")


@lru_cache(1024)
def _understood(specifiers: str) -> SpecifierSet:
    from packaging.specifiers import SpecifierSet  # noqa: PLC0415

    return SpecifierSet(specifiers)


def _near(sign: str, text: str) -> str:
    given = [int(part) for part in text.partition("-")[0].split(".")]
    last = len(given) - 1
    leading = next((place for place, part in enumerate(given) if part), last)
    kept = leading if sign == "^" else min(last, 1)
    above = [*given[:kept], given[kept] + 1, 0, 0][:3]
    return f">={text},<{'.'.join(map(str, above))}"
