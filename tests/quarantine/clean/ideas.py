"""Have ideas, keep the good ones, and let an agent with all tools work on the best."""

from __future__ import annotations

from hocket.script import agent, generate_and_filter

meta = {"name": "ideas", "description": "Have ideas"}


async def main():
    had = await generate_and_filter(
        "Ideas for a name.", rubric=[{"ask": "Is it short?"}], n=3, keep=1, finals=False, tools=[]
    )
    best = had["kept"][0]["value"]["text"] if had["kept"] else ""
    done = await agent(f"@@DO:send_report:to=owner@@ The best idea: {best}")
    return {"kept": len(had["kept"]), "sent": "sent" in done}
