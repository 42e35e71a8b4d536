"""A person with servers of their own, and agents that use them in a run."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import click
import pytest
from click.testing import CliRunner

from hocket.api.settings import PluginSettings
from hocket.testing import ScriptedToolContext
from hocket_plugins.tools import mcp as plugin
from hocket_plugins.tools.mcp import sdk
from hocket_plugins.tools.mcp.offer import Offer
from hocket_plugins.tools.mcp.pins import Pins
from hocket_plugins.tools.mcp.roster import roster

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Coroutine, Generator
    from contextlib import AbstractContextManager

    from click.testing import Result
    from pydantic import JsonValue

    from hocket.api.tools import ToolOutput
    from hocket_plugins.tools.mcp.tool import McpTool

SERVERS = Path(__file__).parent / "servers"
ECHO = Offer(
    "echo",
    "Says it again.",
    {"type": "object", "properties": {"text": {"type": "string"}}},
    {"readOnlyHint": True},
)
"""What `raw.py` lists."""
NEEDS_SDK = pytest.mark.skipif(bool(sdk.missing()), reason=sdk.missing() or "")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here) and item.path.stem.endswith("_server"):
            item.add_marker(NEEDS_SDK)


class Person(ScriptedToolContext):
    """Answers questions, if there is somebody; remembers what was asked."""

    def __init__(self, desk: Desk) -> None:
        variables = {"PATH": os.defpath, "HOME": str(desk.home)}
        super().__init__(desk.ws, environment=variables, call_id=f"{desk.run_id}/1")
        self.says: Callable[[str, tuple[str, ...]], str | None] = lambda _text, _options: None
        self.offered: list[tuple[str, ...]] = []

    async def ask(self, text: str, options: tuple[str, ...]) -> str | None:
        self.asked.append(text)
        self.offered.append(options)
        return self.says(text, options)


class Run:
    """The tools of one run, and the call that uses them."""

    def __init__(self, tools: list[McpTool], person: Person) -> None:
        self.tools = {tool.name: tool for tool in tools}
        self.person = person

    async def use(self, name: str, **arguments: JsonValue) -> ToolOutput:
        return await self.tools[name].run(arguments, self.person)

    async def text(self, name: str, **arguments: JsonValue) -> str:
        """Use what goes well; gives its text."""
        output = await self.use(name, **arguments)
        assert not output.is_error, output.text
        return output.text

    async def trouble(self, name: str, **arguments: JsonValue) -> str:
        """Use what goes wrong; gives why."""
        output = await self.use(name, **arguments)
        assert output.is_error, output.text
        return output.text

    async def aclose(self) -> None:
        for tool in self.tools.values():
            await tool.aclose()


class Desk:
    """A home with settings, a project, and what was approved."""

    scripts = SERVERS
    echo = ECHO

    def __init__(self, home: Path) -> None:
        self.home, self.ws, self.data = home, home / "ws", home / "data"
        self.ws.mkdir()
        self.run_id = uuid4().hex
        self.servers: dict[str, dict[str, object]] = {}
        self.who = "user"
        self.trusted: dict[str, str] = {}
        self.is_trusted = True

    def raw(self, name: str, *words: str, **options: object) -> Path:
        """Configure a server written by hand; gives the folder it remembers in."""
        folder = self.home / name
        folder.mkdir(exist_ok=True)
        args = ["-I", "-S", str(SERVERS / "raw.py"), str(folder), *words]
        self.servers[name] = {"command": sys.executable, "args": args, **options}
        return folder

    def pinned(self, name: str, *words: str, **options: object) -> Callable[[], int]:
        """Configure one whose tool was approved; gives a way to count its starts."""
        starts = self.raw(name, *words, **options) / "starts"
        self.pin(name)
        return lambda: len(starts.read_text()) if starts.exists() else 0

    def pin(self, name: str) -> None:
        Pins(self.data).keep(roster(self.settings()).servers[name], [ECHO])

    def full(self, name: str = "full", **options: object) -> None:
        args = [str(SERVERS / "full.py")]
        self.servers[name] = {"command": sys.executable, "args": args, **options}

    def settings(self) -> PluginSettings:
        (model,) = plugin.hocket_register_settings()
        section = model.model_validate_json(json.dumps({"servers": self.servers}), strict=True)
        return PluginSettings(
            self.ws,
            {"mcp": section},
            origins={"mcp.servers": self.who},
            trusted=self.trusted,
            is_trusted=self.is_trusted,
            data=self.data,
        )

    def command(self, *words: str) -> Result:
        """Run `hocket mcp …` as the command line would."""
        group = click.Group("hocket")
        plugin.hocket_register_commands(group)
        return CliRunner().invoke(group, ["mcp", *words], obj=self.settings)

    def approved(self, *names: str) -> None:
        for name in names:
            result = self.command("approve", name, "--yes")
            assert result.exit_code == 0, result.output + repr(result.exception)

    def opened(self) -> Run:
        """Give a run that nobody closes."""
        return Run(plugin.hocket_register_tools(self.settings()), Person(self))

    @asynccontextmanager
    async def run(self) -> AsyncGenerator[Run]:
        run = self.opened()
        try:
            yield run
        finally:
            await run.aclose()

    def left(self) -> list[int]:
        """List the living processes of the run."""
        return _living(f"\0HOCKET_CALL={self.run_id}/mcp/")

    def working(self) -> list[int]:
        """List the living servers of this desk, whatever run they belong to."""
        return _living(f"{SERVERS / 'raw.py'}\0{self.home}")


@pytest.fixture(scope="session")
def desks() -> type[Desk]:
    """Give what makes desks for a whole file of tests."""
    return Desk


@pytest.fixture(scope="session")
def lives() -> Callable[[Desk], AbstractContextManager[Living]]:
    """Give what lives through a run in steps."""
    return living


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def story(desk: Desk) -> Callable[[Callable[[Run], Coroutine[object, object, None]]], None]:
    """Give a way to live through a run; at its end no process is left."""

    def tell(what: Callable[[Run], Coroutine[object, object, None]]) -> None:
        async def lived() -> None:
            async with desk.run() as run:
                await what(run)

        asyncio.run(lived())
        assert desk.left() == []

    return tell


class Living:
    """One run of a server that is slow to start, for a whole file of tests."""

    def __init__(self, desk: Desk, runner: asyncio.Runner, run: Run) -> None:
        self.desk, self.runner, self.run = desk, runner, run

    def use(self, name: str, **arguments: JsonValue) -> ToolOutput:
        return self.runner.run(self.run.use(name, **arguments))

    def text(self, name: str, **arguments: JsonValue) -> str:
        return self.runner.run(self.run.text(name, **arguments))

    def trouble(self, name: str, **arguments: JsonValue) -> str:
        return self.runner.run(self.run.trouble(name, **arguments))

    @property
    def person(self) -> Person:
        return self.run.person


@contextmanager
def living(desk: Desk) -> Generator[Living]:
    """Live through a run in steps."""
    with asyncio.Runner() as runner:
        life = Living(desk, runner, desk.opened())
        yield life
        runner.run(life.run.aclose())
    assert desk.left() == []


def _living(mark: str) -> list[int]:
    """List the processes that have a mark among their arguments or variables."""
    numbers = (int(one.name) for one in Path("/proc").iterdir() if one.name.isdecimal())
    return [pid for pid in numbers if _has(pid, mark.encode())]


def _has(pid: int, mark: bytes) -> bool:
    folder = Path(f"/proc/{pid}")
    try:
        state = (folder / "stat").read_bytes().rpartition(b")")[2].split()[0]
        words = (folder / "cmdline").read_bytes() + b"\0" + (folder / "environ").read_bytes()
    except OSError:
        return False
    return state != b"Z" and mark in words
