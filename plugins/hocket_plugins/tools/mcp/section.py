"""What can be said about MCP servers in a configuration file."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from hocket.api.settings import Setting

NAME = r"[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*"
"""A server's name: it is part of its tools' names, where two underscores part the words."""
LONGEST_NAME = 32

Word = Literal["read_only", "read_outside", "outside_effect", "network", "execute"]
"""What a tool does; `read_only` is `read_outside` and nothing else."""
Labels = Annotated[tuple[Word, ...], Field(min_length=1)]


class ServerSection(BaseModel):
    """One server: how it is reached, and what its tools may be used for."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    command: str | None = Field(default=None, min_length=1)
    """The program that is the server; it talks on its standard input and output."""
    args: tuple[str, ...] = ()
    """The program's arguments."""
    env: tuple[str, ...] = ()
    """Names of variables that the program gets beside the usual ones, such as a token's."""
    url: str | None = Field(default=None, pattern=r"^https?://[^\s/]+")
    """The address of a server that is reached over HTTP."""
    headers: dict[str, str] = {}
    """Headers sent with every request; `${NAME}` is the variable of that name."""
    tools: tuple[str, ...] | None = None
    """The tools that agents may use, `*` allowed; absent: all."""
    labels: dict[str, Labels] = {}
    """What a tool does, by its name; what nobody labelled reads and acts outside."""
    timeout_s: float = Field(default=60.0, gt=0, le=3600)
    """How long a use may show no progress."""
    start_s: float = Field(default=30.0, gt=0, le=600)
    """How long the server may take to answer at all."""

    @model_validator(mode="after")
    def _reached_one_way(self) -> ServerSection:
        if self.command is not None and self.url is not None:
            raise ValueError("a server has a command or a url, not both")
        return self


class Mcp(BaseModel):
    """The section `mcp`: the servers whose tools agents may use, once they are approved."""

    model_config = ConfigDict(
        title="mcp", extra="forbid", frozen=True, use_attribute_docstrings=True
    )

    servers: Annotated[dict[str, ServerSection], Setting.PERSON_ONLY] = {}
    """The servers by name; only a person's own settings start one."""

    @field_validator("servers")
    @classmethod
    def _named_well(cls, servers: dict[str, ServerSection]) -> dict[str, ServerSection]:
        for name in servers:
            if not is_name(name):
                raise ValueError(f"'{name}' is no name for a server; use letters, digits and -")
        return servers


def is_name(name: str) -> bool:
    """Say whether a server can be called so."""
    return len(name) <= LONGEST_NAME and re.fullmatch(NAME, name) is not None
