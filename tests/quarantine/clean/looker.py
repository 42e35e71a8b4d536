"""Look into one file; another workflow asks for it."""

from __future__ import annotations

from hocket.script import agent, args

meta = {"name": "looker", "description": "Look into a file"}


async def main():
    text = await agent(f"@@DO:Read:file_path={args['path']}@@ Say it.", tools=["Read"])
    return {"text": text, "lines": "TODO" in text}
