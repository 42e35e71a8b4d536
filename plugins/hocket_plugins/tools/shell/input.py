"""What Bash is asked with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from hocket_plugins.tools.shell.section import LONGEST_S

if TYPE_CHECKING:
    from pydantic import JsonValue

LONGEST_COMMAND = 100_000
"""The kernel takes no argument of more than 128 KiB."""
SCHEMA: dict[str, JsonValue] = {
    "type": "object",
    "properties": {
        "command": {"type": "string", "description": "What bash runs, one line or several."},
        "timeout_s": {
            "type": "number",
            "description": f"Seconds until it is stopped, at most {LONGEST_S:g}.",
        },
    },
    "required": ["command"],
    "additionalProperties": False,
}


class BashInput(BaseModel):
    """A command, and how long it may take."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    command: str = Field(min_length=1, max_length=LONGEST_COMMAND, pattern=r"^[^\x00]*$")
    timeout_s: float | None = Field(default=None, gt=0, le=LONGEST_S)
