"""What the web tools can be told in a configuration file, and what of it counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from hocket.api.settings import Setting

if TYPE_CHECKING:
    from hocket.api.settings import PluginSettings

_PERSONS = frozenset({"user", "environment", "flags", "managed"})


class Web(BaseModel):
    """The section `web`: where `WebSearch` searches. Only the person's own settings count."""

    model_config = ConfigDict(
        title="web", extra="forbid", frozen=True, use_attribute_docstrings=True
    )

    search: Annotated[Literal["auto", "server", "folder", "off"], Setting.PERSON_ONLY] = "auto"
    """`auto`: the search server, else the folder; the others: that one or none."""
    search_url: Annotated[str | None, Setting.PERSON_ONLY] = Field(
        default=None, max_length=2_000, pattern=r"^https?://[^\s@?#]+$"
    )
    """A search server that answers `/search?q=…&format=json`, as SearXNG does. It may stand in
    the person's own network. A project cannot set it."""
    folder: Annotated[str | None, Setting.PERSON_ONLY] = Field(
        default=None, min_length=1, max_length=4_000
    )
    """A folder whose texts are searched. A project cannot set it."""
    folder_trusted: Annotated[bool, Setting.PERSON_ONLY] = False
    """Whether the folder holds nothing but trusted text. A project cannot set it. It does not
    count for a folder of a project that nobody trusts, or that has `outside_paths`."""


@dataclass(frozen=True, slots=True)
class Theirs:
    """The settings that the person made, and the names of those that a project tried to make."""

    section: Web
    ignored: tuple[str, ...] = ()


def theirs(settings: PluginSettings) -> Theirs:
    """Leave out all that nobody says came from the person: it decides what may be reached."""
    section = settings.sections.get("web")
    if not isinstance(section, Web):
        return Theirs(Web())
    made = {name: name in section.model_fields_set for name in Web.model_fields}
    origins = {name: settings.origins.get(f"web.{name}") for name in made}
    ignored = tuple(name for name in made if made[name] and origins[name] not in _PERSONS)
    return Theirs(Web.model_validate(section.model_dump(exclude=set(ignored))), ignored)
