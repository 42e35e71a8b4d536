"""The tool that runs a command."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

from pydantic import ValidationError

from hocket.api.tools import Effect, Label, ToolOutput
from hocket_plugins.tools.shell import process
from hocket_plugins.tools.shell.input import SCHEMA, BashInput
from hocket_plugins.tools.shell.place import Place
from hocket_plugins.tools.shell.report import told

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import JsonValue

    from hocket.api.tools import ToolContext
    from hocket_plugins.tools.shell.section import Shell

_TELL_EVERY_S = 2.0


class Bash:
    """Runs each command in a fresh shell; only the working directory is carried over."""

    name = "Bash"
    description = (
        "Run a command in a fresh bash in the workspace. The working directory is carried over "
        "to the next command, variables are not; background processes end with the command. "
        "Of long output the first 4,000 and the last 12,000 characters are shown."
    )
    effects = frozenset({Effect.EXECUTE})
    input_schema: dict[str, JsonValue] = SCHEMA

    def __init__(self, settings: Shell) -> None:
        self._settings = settings
