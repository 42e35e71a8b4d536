"""All agent types that files define; who comes first keeps a name."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hocket.api.documents import Unfit, own, person, trusted
from hocket_plugins.agents.files.definition import agent_type

if TYPE_CHECKING:
    from hocket.api.documents import Source
    from hocket.api.settings import PluginSettings
    from hocket.api.tools import AgentType

TAKEN = frozenset({"general", "explore", "researcher", "verifier"})
"""The built-in types: a file never changes what these names mean."""


@dataclass(slots=True)
class Roster:
    """The types by name, and what a person should know about files that were left out."""

    types: dict[str, AgentType] = field(default_factory=dict[str, "AgentType"])
    notes: list[str] = field(default_factory=list[str])

    def read(self, source: Source) -> None:
        """Take the type of a file, or note why not."""
        try:
            kind, unknown = agent_type(source.read(), source.path.stem)
            if kind.name in TAKEN or kind.name in self.types:
                raise Unfit(f"there is an agent type '{kind.name}' already")  # noqa: TRY301
        except Unfit as unfit:
            self.notes.append(f"{source.shown} is left out: {unfit}")
            return
        self.types[kind.name] = kind
        if unknown:
            self.notes.append(f"{source.shown}: not used: {', '.join(unknown)}")


def roster(settings: PluginSettings) -> Roster:
    """Read the project's trusted files, then the person's own."""
    found = Roster()
    sources = [
        *trusted(settings, ".hocket/agents/*.md"),
        *trusted(settings, ".claude/agents/*.md"),
    ]
    for folder in person(settings, "agents", ".claude/agents"):
        sources += own(folder, "*.md")
    for source in sources:
        found.read(source)
    return found
