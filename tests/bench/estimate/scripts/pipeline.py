"""Let each unit go through three stages on its own."""

from __future__ import annotations

from hocket.script import agent, pipeline

meta = {"name": "pipeline"}

TEXT = {"type": "string"}


def obj(**fields):
    return {"type": "object", "properties": fields, "required": list(fields)}


def many(items):
    return {"type": "array", "items": items}


LIST = obj(items=many(TEXT))
DONE = obj(done={"type": "boolean"})


async def main():
    found = await agent("List units", schema=LIST, label="list")
    return await pipeline(
        found["items"],
        lambda p: agent(f"Plan {p}", label=f"plan {p}", phase="Plan"),
        lambda p: agent(f"Write {p}", label="write", phase="Write"),
        lambda p: agent(f"Review {p}", schema=DONE, label="review", phase="Review"),
    )
