"""Let found ideas meet in pairs until one is left."""

from __future__ import annotations

from hocket.script import agent, parallel

meta = {"name": "tournament"}

TEXT = {"type": "string"}


def obj(**fields):
    return {"type": "object", "properties": fields, "required": list(fields)}


def many(items):
    return {"type": "array", "items": items}


LIST = obj(items=many(TEXT))


WINNER = obj(winner={"enum": ["first", "second"]})


async def main():
    ideas = await agent("List ideas", schema=LIST, label="ideas")
    left = ideas["items"]
    n = 0
    while len(left) > 1:
        pairs = [(left[i], left[i + 1]) for i in range(0, len(left) - 1, 2)]
        n += 1
        won = await parallel(
            [
                agent(f"Round {n}: {a} or {b}?", schema=WINNER, label=f"match {n}", phase="Match")
                for a, b in pairs
            ]
        )
        kept = [
            a if w is None or w["winner"] == "first" else b
            for (a, b), w in zip(pairs, won, strict=True)
        ]
        left = kept + ([left[-1]] if len(left) % 2 else [])
    return left
