"""Sum up found chapters, and join them in threes until one is left."""

from __future__ import annotations

from hocket.script import agent, parallel

meta = {"name": "map-reduce"}

TEXT = {"type": "string"}


def obj(**fields):
    return {"type": "object", "properties": fields, "required": list(fields)}


def many(items):
    return {"type": "array", "items": items}


LIST = obj(items=many(TEXT))


async def main():
    found = await agent("List chapters", schema=LIST, label="list")
    parts = [
        p
        for p in await parallel(
            [agent(f"Sum up {p}", label=f"sum up {p}", phase="Map") for p in found["items"]]
        )
        if p
    ]
    while len(parts) > 1:
        groups = [parts[i : i + 3] for i in range(0, len(parts), 3)]
        parts = [
            p
            for p in await parallel(
                [
                    agent("Join: " + " | ".join(g) + str(i), label="join", phase="Reduce")
                    for i, g in enumerate(groups)
                ]
            )
            if p
        ]
    return parts
