"""What a model provider may offer beside turns; each is looked for, none is required."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic import JsonValue

    from hocket.api.messages import ProviderFailure, Turn, TurnRequest


@runtime_checkable
class Detecting(Protocol):
    """A provider that can tell whether it can work here; it imports nothing and asks nobody."""

    def found(self, env: Mapping[str, str]) -> str | None:
        """Say why it can, naming where a key is and never the key, or None."""
        ...

    def lacks(self, env: Mapping[str, str]) -> str | None:
        """Say what is missing although it was asked for, or None."""
        ...


@runtime_checkable
class Probing(Protocol):
    """A provider that can only tell by asking this very machine, and never another one."""

    def probe(self, env: Mapping[str, str]) -> str | None:
        """Look for what answers here, within a fraction of a second; say where it is, or None."""
        ...


@runtime_checkable
class Advising(Protocol):
    """A provider or backend that knows what would make it work."""

    def advice(self) -> str:
        """Say what to set or to install, in a few words."""
        ...


@runtime_checkable
class Laned(Protocol):
    """A provider that knows what is limited together."""

    def lane(self, model: str) -> str:
        """Name what shares one rate limit: provider, endpoint, account, model family."""
        ...


@runtime_checkable
class Lined(Protocol):
    """A provider whose short names stand for the newest of a line of models."""

    def line(self, alias: str) -> str:
        """Give the line that a short name means, asked of nobody; empty for any other name."""
        ...


@runtime_checkable
class Resolving(Protocol):
    """A provider that knows short names."""

    async def resolve(self, alias: str) -> str:
        """Give the model that a short name (`opus`, `large`) means; raises ProviderFailure."""
        ...


@runtime_checkable
class Warming(Protocol):
    """A provider that has something slow to do before its first turn."""

    async def warm(self) -> None:
        """Import and connect, off the loop's thread; raises ProviderFailure."""
        ...


@runtime_checkable
class Grammatical(Protocol):
    """A provider whose service can be held to a grammar."""

    async def fits_grammar(self, shape: dict[str, JsonValue]) -> bool:
        """Say whether the grammar can hold an answer to exactly this schema."""
        ...


@runtime_checkable
class Loading(Protocol):
    """A provider that sends images and documents."""

    load: Callable[[str], bytes | None] | None
    """Gives bytes by digest; set once, before the first turn."""


@runtime_checkable
class Batching(Protocol):
    """A provider that answers later for less."""

    async def submit_batch(self, requests: Mapping[str, TurnRequest]) -> str:
        """Hand requests over under names of ours, and give the batch's id; ProviderFailure."""
        ...

    async def collect_batch(self, batch: str) -> Mapping[str, Turn | ProviderFailure] | None:
        """Give all replies by those names, or None while it is not done; raises ProviderFailure."""
        ...

    async def cancel_batch(self, batch: str) -> None:
        """Ask the service to stop what it has not begun."""
        ...
