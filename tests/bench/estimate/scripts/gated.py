"""Look deeper only if enough risks are real."""

from __future__ import annotations

from hocket.script import agent, parallel

meta = {"name": "gated"}

TEXT = {"type": "string"}


def obj(**fields):
    return {"type": "object", "properties": fields, "required": list(fields)}


def many(items):
    return {"type": "array", "items": items}


LIST = obj(items=many(TEXT))
DONE = obj(done={"type": "boolean"})


async def main():
    found = await agent("List risks", schema=LIST, label="risks")
    checked = await parallel(
        [
            agent(f"Is {r} real?", schema=DONE, label=f"check {r}", phase="Check", tools=[])
            for r in found["items"]
        ]
    )
    real = [r for r, c in zip(found["items"], checked, strict=True) if c and c["done"]]
    if len(real) > 2:
        await parallel(
            [
                agent(f"Look deeper at {r}, {n}", label=f"deeper {n}", phase="Deep")
                for r in real
                for n in range(2)
            ]
        )
    return await agent("Report", label="report", phase="Report")
