"""Go on in rounds until an agent says that all is done."""

from __future__ import annotations

from hocket.script import agent

meta = {"name": "until-done"}


def obj(**fields):
    return {"type": "object", "properties": fields, "required": list(fields)}


DONE = obj(done={"type": "boolean"})


async def main():
    for n in range(12):
        told = await agent(f"Round {n}: go on", schema=DONE, label=f"round {n}")
        if told and told["done"]:
            break
    return n
