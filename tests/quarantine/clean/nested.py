"""Let another workflow look, and act on what it found."""

from __future__ import annotations

from hocket.script import agent, workflow

meta = {"name": "nested", "description": "Look by another workflow, then act"}


async def main():
    found = await workflow("looker", {"path": "src/one.py"})
    done = await agent(
        f"@@DO:send_report:to=owner@@ Tell about {found['text']}", tools=["send_report"]
    )
    return {"lines": found["lines"], "sent": "sent" in done}
