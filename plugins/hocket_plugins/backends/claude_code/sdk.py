"""The SDK as far as it is used here; it is imported at the first call, and only if it is there."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

PACKAGE = "claude_agent_sdk"


class Client(Protocol):
    """One session of the program: `ClaudeSDKClient`."""

    async def connect(self) -> None:
        """Start the program and greet it."""
        ...

    async def query(self, prompt: str) -> None:
        """Say something."""
        ...

    def receive_response(self) -> AsyncGenerator[object]:
        """Hear everything up to the end of its turn."""
        ...

    async def disconnect(self) -> None:
        """End the program and wait for it."""
        ...


def installed() -> bool:
    """Say whether it is there; nothing is imported to find out."""
    return find_spec(PACKAGE) is not None


def client(options: Mapping[str, object], matcher: Mapping[str, object]) -> Client:
    """Make a session with a hook before every tool use; imports the SDK, so it is for a thread."""
    package = import_module(PACKAGE)
    hook: object = package.HookMatcher(**matcher)
    made: Client = package.ClaudeSDKClient(
        options=package.ClaudeAgentOptions(**options, hooks={"PreToolUse": [hook]})
    )
    return made
