"""Split a task twice, and do what is at the bottom."""

from __future__ import annotations

from hocket.script import agent, parallel

meta = {"name": "tree"}

TEXT = {"type": "string"}


def obj(**fields):
    return {"type": "object", "properties": fields, "required": list(fields)}


def many(items):
    return {"type": "array", "items": items}


LIST = obj(items=many(TEXT))


async def main():
    async def split(task, depth):
        told = await agent(f"Split {task}", schema=LIST, label=f"split {depth}", phase="Split")
        if told is None:
            return
        if depth == 2:
            await parallel(
                [agent(f"Do {t} of {task}", label=f"do {t}", phase="Do") for t in told["items"]]
            )
            return
        for t in told["items"][:3]:
            await split(f"{t} of {task}", depth + 1)

    await split("all", 1)
    return 1
