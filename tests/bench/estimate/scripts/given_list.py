"""Ask an agent for each item of a given list."""

from __future__ import annotations

from hocket.script import agent, args, parallel

meta = {"name": "given-list"}


def obj(**fields):
    return {"type": "object", "properties": fields, "required": list(fields)}


DONE = obj(done={"type": "boolean"})


async def main():
    return await parallel(
        [agent(f"Look at {p}", schema=DONE, label=f"look at {p}") for p in args["paths"]]
    )
