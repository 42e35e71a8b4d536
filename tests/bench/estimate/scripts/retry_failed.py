"""Try again, at most three times, what was not done."""

from __future__ import annotations

from hocket.script import agent, args, parallel

meta = {"name": "retry-failed"}


def obj(**fields):
    return {"type": "object", "properties": fields, "required": list(fields)}


DONE = obj(done={"type": "boolean"})


async def main():
    todo = list(args["paths"])
    for n in range(3):
        told = await parallel(
            [
                agent(f"Fix {p}, try {n}", schema=DONE, label=f"fix {p}", phase=f"Try {n}")
                for p in todo
            ]
        )
        todo = [p for p, t in zip(todo, told, strict=True) if t is None or not t["done"]]
        if not todo:
            break
    return todo
