"""Plan questions and sources with pages, and ask about all of them."""

from __future__ import annotations

from hocket.script import agent, parallel

meta = {"name": "two-lists"}

TEXT = {"type": "string"}


def obj(**fields):
    return {"type": "object", "properties": fields, "required": list(fields)}


def many(items):
    return {"type": "array", "items": items}


PLAN = obj(questions=many(TEXT), sources=many(obj(name=TEXT, pages=many(TEXT))))


async def main():
    plan = await agent("Plan", schema=PLAN, label="plan", phase="Plan")
    read = [
        agent(f"Read {p} of {s['name']}", label=f"read {p}", phase="Read")
        for s in plan["sources"]
        for p in s["pages"]
    ]
    await parallel(read)
    return await parallel(
        [agent(f"Answer {q}", label=f"answer {q}", phase="Answer") for q in plan["questions"]]
    )
