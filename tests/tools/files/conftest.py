"""One agent in one workspace: it uses a tool and sees what comes back."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

import pytest

from hocket.api.settings import PluginSettings
from hocket.api.tools import Workspace
from hocket.testing import ScriptedToolContext
from hocket_plugins.tools import files

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from hocket.api.tools import Tool, ToolOutput


class Agent:
    """Uses the file tools in a folder, with a folder outside beside it."""

    def __init__(self, home: Path) -> None:
        self.outside = home / "outside"
        self.root = home / "root"
        self.ws = home / "ws"
        for folder in (self.outside, self.root, self.ws):
            folder.mkdir()
        (self.outside / "key.txt").write_text("outside words\n")
        self.again()

    def again(
        self,
        *,
        grants: Iterable[str] = (),
        path: str = os.defpath,
        is_trusted: bool = True,
        outside: tuple[str, ...] = (),
        **limits: float,
    ) -> None:
        """Begin a new call: nothing is remembered."""
        (model,) = files.hocket_register_settings()
        settings = PluginSettings(
            self.ws,
            {"files": model.model_validate(limits)},
            is_trusted=is_trusted,
            outside=outside,
        )
        self.tools: dict[str, Tool] = {
            tool.name: tool for tool in files.hocket_register_tools(settings)
        }
        workspace = Workspace(self.ws, roots=(self.root,))
        self.context = ScriptedToolContext(workspace, grants=grants, environment={"PATH": path})

    def put(self, name: str, content: str | bytes = "", mode: int | None = None) -> Path:
        path = self.ws / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        if mode is not None:
            path.chmod(mode)
        return path

    def output(self, tool: str, **arguments: object) -> ToolOutput:
        return asyncio.run(self.tools[tool].run(arguments, self.context))  # type: ignore[arg-type]

    def does(self, tool: str, **arguments: object) -> str:
        """Use a tool that does what it is asked."""
        output = self.output(tool, **arguments)
        assert not output.is_error, output.text
        return output.text

    def fails(self, tool: str, **arguments: object) -> str:
        """Use a tool that says why not."""
        output = self.output(tool, **arguments)
        assert output.is_error, output.text
        return output.text

    def tree(self) -> dict[str, bytes]:
        """Read all there is outside: nothing of it may ever change."""
        return {str(one): one.read_bytes() for one in self.outside.rglob("*") if one.is_file()}


@pytest.fixture
def agent(tmp_path: Path) -> Agent:
    return Agent(tmp_path)
