"""What the shell can be told in a configuration file."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

LONGEST_S = 600.0


class Shell(BaseModel):
    """The section `shell`: the sandbox of `Bash`, what it sees, and how long it may take."""

    model_config = ConfigDict(
        title="shell", extra="forbid", frozen=True, use_attribute_docstrings=True
    )

    sandbox: Literal["auto", "require", "off"] = "auto"
    """`auto`: bubblewrap where it works; `require`: no command without it; `off`: none.
    Without a sandbox only commands run that a person's rule names."""
    environment: tuple[str, ...] = ()
    """Names of variables that commands get beside the usual ones; a secret in them is seen."""
    readable: tuple[str, ...] = ()
    """Folders that the sandbox shows read-only beside the system's, for tools in other places."""
    timeout_s: float = Field(default=120.0, gt=0, le=LONGEST_S)
    """How long a command may take that asks for no time of its own; at most 600."""
