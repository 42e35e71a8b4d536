"""What a person may say about quarantine in a configuration file."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict

from hocket.api.settings import PluginSettings, Setting

TITLE = "quarantine"


class Quarantine(BaseModel):
    """The section `quarantine`: what agents read must not steer agents that have rights."""

    model_config = ConfigDict(
        title=TITLE, extra="forbid", frozen=True, use_attribute_docstrings=True
    )

    mode: Annotated[Literal["on", "off"], Setting.PERSON_ONLY] = "on"
    """`off`: agents that read from outside may act as well, and scripts see every word of them."""
    ids: Annotated[Literal["values", "handles"], Setting.PERSON_ONLY] = "values"
    """How a script gets short ids out of what was read: as they are, or as handles too."""


def theirs(settings: PluginSettings) -> Quarantine:
    """Give what the person says, else the defaults."""
    said = settings.sections.get(TITLE)
    return said if isinstance(said, Quarantine) else Quarantine()
