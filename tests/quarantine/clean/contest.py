"""Let names compete, and put the best one into a file."""

from __future__ import annotations

from hocket.script import agent, tournament

meta = {"name": "contest", "description": "Find the best name"}


async def main():
    won = await tournament(["alpha", "beta", "gamma"], "Which name is better?", tools=[])
    await agent(
        f"@@DO:Write:file_path=NAME;content={won['winner']}@@ Write it down.", tools=["Write"]
    )
    return {"winner": won["winner"], "calls": won["calls"] > 0}
