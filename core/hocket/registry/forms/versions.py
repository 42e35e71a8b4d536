"""Versions `X.Y.Z` and `X.Y.Z-{a,b,rc}.N`: the forms that SemVer and PEP 440 order alike."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from packaging.version import Version as PythonVersion

NUMBER = r"(?:0|[1-9][0-9]{0,17})"
"""Without leading zeros; what is longer is no version but an attempt."""
FORM = re.compile(rf"({NUMBER})\.({NUMBER})\.({NUMBER})(?:-(a|b|rc)\.({NUMBER}))?", re.ASCII)

_FINAL = "z"
"""Sorts behind every stage before it."""


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """A VERSION, in the order in which it is newer."""

    release: tuple[int, int, int]
    stage: str = _FINAL
    """`a`, `b` or `rc`; else final."""
    number: int = 0

    @classmethod
    def of(cls, found: re.Match[str]) -> Version:
        """Take it from a match of FORM."""
        major, minor, patch, stage, number = found.groups()
        release = (int(major), int(minor), int(patch))
        return cls(release) if stage is None else cls(release, stage, int(number))

    @property
    def is_pre(self) -> bool:
        """Whether it comes before its release."""
        return self.stage != _FINAL

    @property
    def python(self) -> PythonVersion:
        """The same for `packaging`."""
        from packaging.version import Version as PythonVersion  # noqa: PLC0415

        return PythonVersion(str(self))

    def __str__(self) -> str:
        """Write it in its one form."""
        base = ".".join(map(str, self.release))
        return f"{base}-{self.stage}.{self.number}" if self.is_pre else base
