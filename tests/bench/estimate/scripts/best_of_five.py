"""Draft five times, and let a judge choose."""

from __future__ import annotations

from hocket.script import agent, parallel

meta = {"name": "best-of-five"}


def obj(**fields):
    return {"type": "object", "properties": fields, "required": list(fields)}


BEST = obj(best={"type": "integer", "minimum": 0})


async def main():
    drafts = await parallel(
        [agent(f"Draft {n}", label=f"draft {n}", phase="Draft") for n in range(5)]
    )
    return await agent(
        "Choose the best: " + "; ".join(d for d in drafts if d),
        schema=BEST,
        label="judge",
        tools=[],
        phase="Judge",
    )
