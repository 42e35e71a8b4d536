"""Run the tests, and mend what they complain about."""

from __future__ import annotations

from hocket.script import agent

meta = {"name": "runner", "description": "Run tests and mend", "phases": ["Test", "Mend"]}


async def main():
    ran = await agent("@@DO:Bash:command=cat src/one.py@@ What do they say?", tools=["Bash"])
    mended = await agent(
        "@@DO:Read:file_path=src/one.py@@@@DO:Write:file_path=src/new.py;content=x@@"
        f"@@DO:Bash:command=ls src@@ Mend it: {ran}",
        tools=["Read", "Write", "Bash"],
    )
    return {"todo": "TODO" in ran, "mended": "new.py" in mended}
