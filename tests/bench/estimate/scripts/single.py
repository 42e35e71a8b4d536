"""Ask one agent once."""

from __future__ import annotations

from hocket.script import agent

meta = {"name": "single"}


async def main():
    return await agent("Say what this is about.", label="say")
