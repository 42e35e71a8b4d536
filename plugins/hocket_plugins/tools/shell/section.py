"""What the shell can be told in a configuration file."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from hocket.api.settings import Setting

LONGEST_S = 600.0


class Shell(BaseModel):
    """The section `shell`: the sandbox of `Bash`, what it sees, and how long it may take."""

    model_config = ConfigDict(
        title="shell", extra="forbid", frozen=True, use_attribute_docstrings=True
    )

    sandbox: Annotated[Literal["auto", "require", "off"], Setting.PERSON_ONLY] = "auto"
    """`auto`: bubblewrap where it works; `require`: no command without it; `off`: none.
    Without a sandbox only commands run that a person's rule names; in it no run of agents is
    seen. Nobody looks into commands: with `outside_paths`, or in a project that is not trusted,
    all that they print counts as from outside. A project cannot set it."""
    environment: Annotated[tuple[str, ...], Setting.PERSON_ONLY] = ()
    """Names of variables that commands get beside the usual ones; a secret in them is seen. A project cannot set it."""  # noqa: E501
    readable: Annotated[tuple[str, ...], Setting.PERSON_ONLY] = ()
    """Folders that the sandbox shows read-only beside the system's, for tools in other places. A project cannot set it."""  # noqa: E501
    timeout_s: float = Field(default=120.0, gt=0, le=LONGEST_S)
    """How long a command may take that asks for no time of its own; at most 600."""
