"""What an agent can do: tools, what they may touch, and where their words come from."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pydantic import JsonValue

    from hocket.api.ceiling import Ceiling
    from hocket.api.clock import Clock


class Effect(StrEnum):
    """What a tool touches; the set is closed."""

    READ_PROJECT = "read_project"
    READ_OUTSIDE = "read_outside"
    WRITE_WORKSPACE = "write_workspace"
    EXECUTE = "execute"
    NETWORK = "network"
    OUTSIDE_EFFECT = "outside_effect"


ACTING = frozenset({Effect.WRITE_WORKSPACE, Effect.EXECUTE, Effect.NETWORK, Effect.OUTSIDE_EFFECT})
"""Effects that a call which read outside content must not have."""


@dataclass(frozen=True, slots=True)
class Label:
    """Where words come from; labels join along the data and nothing removes one."""

    outside: bool = False
    sources: frozenset[str] = frozenset()

    def __or__(self, other: Label) -> Label:
        """Join two labels."""
        return Label(self.outside or other.outside, self.sources | other.sources)


TRUSTED = Label()
"""Words of the person, the script or a trusted project."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """Bytes beside a tool's text (an image, a document), kept by their digest."""

    media_type: str
    digest: str


@dataclass(frozen=True, slots=True)
class ToolOutput:
    """What a tool gave: text for the model, and its label; a failure is an output too."""

    text: str
    is_error: bool = False
    label: Label = TRUSTED
    attachments: tuple[Attachment, ...] = ()
    status: str = ""
    """What may be told where its text may not: in hocket's own words, like `exit code 1`."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """The tree an agent works in."""

    path: Path
    kind: str = "shared"
    """`shared` is the person's tree, `worktree` and `copy` belong to one call."""
    roots: tuple[Path, ...] = ()
    """Folders outside it that may be read as well."""
    branch: str | None = None
    base: str | None = None
    ceiling: Ceiling | None = None
    """The most that may be done in it, whatever rules allow; None: the rules alone hold."""


class ToolContext(Protocol):
    """What a tool works with while one call uses it."""

    @property
    def clock(self) -> Clock:
        """The run's clock."""
        ...

    @property
    def workspace(self) -> Workspace:
        """Where files are read, written and commands run."""
        ...

    @property
    def call_id(self) -> str:
        """Marks every process a tool starts (`HOCKET_CALL`), so that none is left behind."""
        ...

    @property
    def environment(self) -> Mapping[str, str]:
        """The only variables a process of a tool gets to see; no credential is among them."""
        ...

    @property
    def memory(self) -> dict[str, object]:
        """What tools remember between uses within one call: files read, the working directory."""
        ...

    def progress(self, text: str) -> None:
        """Give a sign of life."""
        ...

    def keep(self, content: bytes) -> str:
        """Keep bytes with the run and give their digest."""
        ...

    def granted(self, use: str) -> bool:
        """Say whether a person's own rule names this use: `Bash(make)`, `Network(npm ci)`.

        More than being allowed: what the card listed as a whole, or nothing is against, is not
        named by a rule.
        """
        ...

    async def ask(self, text: str, options: tuple[str, ...]) -> str | None:
        """Ask a person; None when nobody can answer, which is a no."""
        ...

    def may_fetch(self, url: str) -> bool:
        """Say whether the URL was found, word for word: in trusted text, or as `found` said."""
        ...

    def found(self, urls: tuple[str, ...]) -> None:
        """Note URLs that may be fetched: of a search, or links of a page to its own host."""
        ...


class Tool(Protocol):
    """Something an agent can do."""

    name: str
    description: str
    input_schema: dict[str, JsonValue]
    effects: frozenset[Effect]

    def shown(self, arguments: Mapping[str, JsonValue]) -> str:
        """Write a use as a permission rule would: `Edit(src/app.py)`, `Bash(npm test)`."""
        ...

    async def run(self, arguments: Mapping[str, JsonValue], context: ToolContext) -> ToolOutput:
        """Do it, or say in the output why not; raises only for a bug."""
        ...


@runtime_checkable
class Conditional(Protocol):
    """A tool that may be unable to work here: a call that names it is then refused beforehand."""

    def lacks(self) -> str | None:
        """Say what is missing, as the end of a sentence, or None when it can work."""
        ...


@runtime_checkable
class Enclosing(Protocol):
    """A tool with a sandbox around what it runs, which can put it around a check as well."""

    def wrap(
        self, argv: tuple[str, ...], workspace: Workspace, *, network: bool
    ) -> tuple[str, ...] | None:
        """Put the sandbox around a command that begins in the workspace; None: there is none.

        The command keeps the environment it is started with. The workspace's `roots` can be
        read. May take a moment; raises RefusedError where settings allow nothing without one.
        """
        ...


@runtime_checkable
class Closing(Protocol):
    """A tool that holds connections or processes between its uses."""

    async def aclose(self) -> None:
        """Give them back; called once, at the end of a run."""
        ...


@dataclass(frozen=True, slots=True)
class AgentType:
    """A kind of agent: its instructions, tools and model."""

    name: str
    description: str
    instructions: str
    tools: tuple[str, ...] | None = None
    """None: the default set."""
    model: str | None = None
    settings: Mapping[str, JsonValue] = field(default_factory=dict[str, "JsonValue"])
