"""One agent with a shell: real bash, real bubblewrap where there is one."""

from __future__ import annotations

import asyncio
import os
import select
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hocket.api.settings import PluginSettings
from hocket.api.tools import Workspace
from hocket.testing import ScriptedToolContext
from hocket_plugins.tools import shell
from hocket_plugins.tools.shell import sandbox

if TYPE_CHECKING:
    from collections.abc import Callable

    from hocket.api.tools import Tool, ToolOutput

BASH = shutil.which("bash", path=os.defpath)
MISSING = sandbox.probe(shutil.which("bwrap", path=os.defpath), BASH or "")
BOXED = pytest.param("auto", marks=pytest.mark.skipif(bool(MISSING), reason=MISSING))


class Agent:
    """Runs commands in a workspace."""

    def __init__(self, home: Path, mode: str) -> None:
        self.home, self.mode = home, mode
        self.ws = home / "ws"
        self.ws.mkdir()
        self.call_id = f"run/{home.name}"
        self.again()

    def again(
        self,
        environment: dict[str, str] | None = None,
        *,
        is_trusted: bool = True,
        outside: tuple[str, ...] = (),
        roots: tuple[Path, ...] = (),
        project: Path | None = None,
        **settings: object,
    ) -> None:
        """Begin a new call, with other settings."""
        (model,) = shell.hocket_register_settings()
        section = model.model_validate({"sandbox": self.mode, **settings})
        plugin = PluginSettings(
            project or self.ws, {"shell": section}, is_trusted=is_trusted, outside=outside
        )
        (self.tool,) = shell.hocket_register_tools(plugin)
        variables = {"PATH": os.defpath, "HOME": str(self.home), **(environment or {})}
        workspace = Workspace(self.ws, roots=roots)
        self.context = Granting(workspace, environment=variables, call_id=self.call_id)

    async def use(self, command: str, timeout_s: float | None = None) -> ToolOutput:
        timed = {} if timeout_s is None else {"timeout_s": timeout_s}
        return await self.tool.run({"command": command, **timed}, self.context)

    def output(self, command: str, timeout_s: float | None = None) -> ToolOutput:
        return asyncio.run(self.use(command, timeout_s))

    def does(self, command: str) -> str:
        """Run what ends well; gives what it printed."""
        output = self.output(command)
        assert not output.is_error, output.text
        return output.text.partition("\n")[2].removesuffix("\n")

    async def until_there(self, name: str) -> None:
        """Wait for a file that a command makes."""
        while not (self.ws / name).exists():
            await asyncio.sleep(0.01)

    def head(self, command: str, timeout_s: float | None = None) -> str:
        """Run it; gives the line that says how it ended."""
        return self.output(command, timeout_s).text.partition("\n")[0]


class Granting(ScriptedToolContext):
    """Grants every command, and nothing else."""

    def granted(self, use: str) -> bool:
        return use.startswith("Bash(") or super().granted(use)


@pytest.fixture
def soon() -> Callable[..., bool]:
    """Give a way to wait: it looks every 20 ms, for five seconds, whether something holds."""

    def wait(holds: Callable[[], bool], seconds: float = 5.0) -> bool:
        for _ in range(int(seconds / 0.02)):
            if holds():
                return True
            select.select([], [], [], 0.02)
        return holds()

    return wait


@pytest.fixture
def alive() -> Callable[[str], list[int]]:
    """Give a way to list living processes with a mark among their arguments or variables."""

    def look(mark: str) -> list[int]:
        numbers = (int(one.name) for one in Path("/proc").iterdir() if one.name.isdecimal())
        return [pid for pid in numbers if pid != os.getpid() and _has(pid, mark)]

    return look


def _has(pid: int, mark: str) -> bool:
    folder = Path(f"/proc/{pid}")
    try:
        state = (folder / "stat").read_bytes().rpartition(b")")[2].split()[0]
        words = (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes()
    except OSError:
        return False
    return state != b"Z" and mark.encode() in words


@pytest.fixture
def bare(tmp_path: Path) -> Agent:
    """Give an agent without a sandbox."""
    return Agent(tmp_path, "off")


@pytest.fixture
def boxed(tmp_path: Path) -> Agent:
    """Give an agent in a sandbox."""
    if MISSING:
        pytest.skip(MISSING)
    return Agent(tmp_path, "require")


@pytest.fixture(params=["off", BOXED])
def agent(request: pytest.FixtureRequest, tmp_path: Path) -> Agent:
    """Give an agent without, then one in a sandbox."""
    return Agent(tmp_path, request.param)


@pytest.fixture
def tool(bare: Agent) -> Tool:
    return bare.tool
