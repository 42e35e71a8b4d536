"""Find a list, and ask an agent for each of its items."""

from __future__ import annotations

from hocket.script import agent, parallel

meta = {"name": "found-list"}

TEXT = {"type": "string"}


def obj(**fields):
    return {"type": "object", "properties": fields, "required": list(fields)}


def many(items):
    return {"type": "array", "items": items}


LIST = obj(items=many(TEXT))


async def main():
    found = await agent("List files", schema=LIST, label="list")
    return await parallel([agent(f"Audit {p}", label=f"audit {p}") for p in found["items"]])
