"""Classify given items, and act on some of the classes."""

from __future__ import annotations

from hocket.script import agent, args, parallel

meta = {"name": "classify-act"}


def obj(**fields):
    return {"type": "object", "properties": fields, "required": list(fields)}


KIND = obj(kind={"enum": ["bug", "wish", "noise", "duplicate"]})


async def main():
    kinds = await parallel(
        [
            agent(f"Classify {t}", schema=KIND, label=f"classify {t}", tools=[])
            for t in args["tickets"]
        ]
    )
    acts = [
        t for t, k in zip(args["tickets"], kinds, strict=True) if k and k["kind"] in ("bug", "wish")
    ]
    return await parallel([agent(f"Act on {t}", label=f"act on {t}", phase="Act") for t in acts])
