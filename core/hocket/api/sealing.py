"""What keeps words from outside out of scripts: sealed at commit, opened where they may be read.

A script passes on, joins, compares and returns handles; what stands behind one it never sees. The
engine asks a sealing stage wherever words cross a border, and knows nothing of how it is done.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping

    from pydantic import JsonValue

    from hocket.api.calls import Call
    from hocket.api.tools import Label, Tool


@dataclass(frozen=True, slots=True)
class Released:
    """A value for a person, and where its words from outside are."""

    value: JsonValue
    outside: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """The JSON pointers of texts that hold some, each with its sources."""


class RunAccess(Protocol):
    """What a run lends to the stages and policies that attend it."""

    @property
    def secret(self) -> bytes:
        """A secret of this run alone, the same in all of its lives."""
        ...

    @property
    def tools(self) -> Mapping[str, Tool]:
        """What is installed that agents can use."""
        ...

    @property
    def sealed(self) -> MutableMapping[str, str]:
        """Every handle issued so far, with the digest of its content; records fill it again."""
        ...

    @property
    def tainted(self) -> bool:
        """Whether words from outside reached a script: from then on a person decides."""
        ...

    def keep(self, content: bytes) -> str:
        """Keep bytes with the run and give their digest."""
        ...

    def note(self, text: str) -> None:
        """Tell a person, once in a run."""
        ...

    def load(self, digest: str) -> bytes | None:
        """Give bytes by their digest; None when they are lost."""
        ...


@runtime_checkable
class Attending(Protocol):
    """A stage or policy that wants to know the run it works in."""

    def attend(self, run: RunAccess) -> None:
        """Take what the run lends; called once, before anything runs."""
        ...


@runtime_checkable
class Sealing(Protocol):
    """A stage that seals answers; at most one is in a run."""

    name: str

    def holds(self, value: JsonValue) -> bool:
        """Say whether a handle stands anywhere in a value, issued or not."""
        ...

    def issued(self, value: JsonValue) -> Mapping[str, str]:
        """Give the issued handles in a value, each with the digest of its content."""
        ...

    def named(self, text: str) -> str:
        """Put the digest of its content for every issued handle: what a key is made of."""
        ...

    def framed(self, call: Call) -> Call:
        """Give the call as its agent gets it: what stands behind handles, framed as data."""
        ...

    def revealed(self, value: JsonValue) -> JsonValue:
        """Put what stands behind them for all issued handles; raises LookupError for a lost one."""
        ...

    def released(self, value: JsonValue) -> Released:
        """Do so for a person who reads the final result: made inert; a lost one is said."""
        ...

    def withheld(self, text: str, label: Label) -> str:
        """Give the handle of a text that an agent with rights must not read."""
        ...
