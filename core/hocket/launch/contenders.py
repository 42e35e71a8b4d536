"""Who could run agents here: backends that ask models by themselves, and model providers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hocket.api.providers import Advising, Detecting, Laned, Probing
from hocket.launch.binding import Bindable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hocket.api.protocols import Backend, ModelProvider

ORDER = (
    "anthropic",
    "bedrock",
    "bedrock-mantle",
    "aws",
    "vertex",
    "google-cloud",
    "foundry",
    "claude_code",
    "openai",
)
"""Who is asked first, by name; what other plugins offer comes after, a server here at the end."""
NO_ADVICE = "nothing here asks for it"


@dataclass(frozen=True, slots=True)
class Contender:
    """Something that could run agents: a backend, or a model provider under a backend."""

    name: str
    backend: str
    found: str | None
    """Why it can work here; where a key is, and never the key."""
    lacks: str | None = None
    """What is missing although it was asked for."""
    place: str = ""
    advice: str = NO_ADVICE

    @property
    def works(self) -> bool:
        """Whether it can work, as far as can be told."""
        return self.found is not None and self.lacks is None

    @property
    def why(self) -> str:
        """Say it in one line: what speaks for it, what is missing, or what would be needed."""
        if self.found is None:
            return self.lacks or self.advice
        return f"{self.found} ({self.place})" if self.place else self.found


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person named, and where."""

    backend: str | None = None
    provider: str | None = None
    origin: str = ""
    """Where the backend was named."""


class Contenders:
    """Everybody who could run agents in one command."""

    def __init__(
        self,
        backends: Mapping[str, Backend],
        providers: Mapping[str, ModelProvider],
        wanted: Wanted,
        env: Mapping[str, str],
    ) -> None:
        self.backends, self.providers = backends, providers
        self.wanted, self._env = wanted, env

    def all(self) -> list[Contender]:
        """Tell of every contender in the order in which they are asked, without any request."""
        return sorted([*self._offered(), *self._standing()], key=self._rank)

    def probed(self, contenders: Sequence[Contender]) -> Iterator[Contender]:
        """Look around on this machine, for those that only then can tell."""
        for contender in contenders:
            provider: object = self.providers.get(contender.name)
            if contender.found is None and isinstance(provider, Probing):
                found = provider.probe(self._env)
                place = _place(self.providers[contender.name])
                yield replace(contender, found=found, place=place)

    def _offered(self) -> Iterator[Contender]:
        """Give every provider under the backend that works with providers."""
        binding = [name for name, one in self.backends.items() if isinstance(one, Bindable)]
        if self.wanted.backend in binding:
            binding = [self.wanted.backend]
        for name, provider in self.providers.items() if binding else ():
            found, lacks = self._looked_at(name, provider)
            yield Contender(name, binding[0], found, lacks, _place(provider), _advice(provider))

    def _looked_at(self, name: str, provider: ModelProvider) -> tuple[str | None, str | None]:
        if not isinstance(provider, Detecting):
            return "it needs no key", None
        found = provider.found(self._env)
        if name == self.wanted.provider and not isinstance(provider, Probing):
            # An ordinary login at a cloud is no sign that it is meant; its name is.
            found = found or "it was named in the settings"
        return found, provider.lacks(self._env)

    def _standing(self) -> Iterator[Contender]:
        """Give every backend that asks models by itself."""
        for name, backend in self.backends.items():
            if isinstance(backend, Detecting) and not isinstance(backend, Bindable):
                found, lacks = backend.found(self._env), backend.lacks(self._env)
                yield Contender(name, name, found, lacks, advice=_advice(backend))

    def _rank(self, contender: Contender) -> tuple[int, int]:
        if contender.name == self.wanted.provider:
            return (0, 0)
        if contender.name in ORDER:
            return (1, ORDER.index(contender.name))
        return (3 if isinstance(self.providers.get(contender.name), Probing) else 2, 0)


def _advice(contender: object) -> str:
    return contender.advice() if isinstance(contender, Advising) else NO_ADVICE


def _place(provider: ModelProvider) -> str:
    """Name where a provider's models live and who pays, as far as its lane says so."""
    if not isinstance(provider, Laned):
        return provider.name
    # provider | endpoint | account | model family: what is limited together is billed together.
    parts = provider.lane("").split("|")
    if len(parts) < 4:  # noqa: PLR2004
        return provider.name
    account = f", account {parts[2]}" if parts[2] != "default" else ""
    return f"{provider.name} at {parts[1]}{account}"
