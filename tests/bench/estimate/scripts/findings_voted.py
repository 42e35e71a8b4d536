"""Find files, audit each, and vote three times on each finding."""

from __future__ import annotations

from hocket.script import agent, parallel, phase

meta = {"name": "findings-voted"}

TEXT = {"type": "string"}


def obj(**fields):
    return {"type": "object", "properties": fields, "required": list(fields)}


def many(items):
    return {"type": "array", "items": items}


LIST = obj(items=many(TEXT))
VOTE = obj(verdict={"enum": ["supported", "refuted", "cannot_tell"]})


async def main():
    phase("Find")
    found = await agent("List files", schema=LIST, label="list")
    phase("Audit")
    audited = await parallel(
        [agent(f"Audit {p}", schema=LIST, label=f"audit {p}") for p in found["items"]]
    )
    phase("Vote")
    claims = [c for one in audited if one for c in one["items"]]
    votes = await parallel(
        [
            agent(f"Vote {k} on {c}", schema=VOTE, label=f"vote {k}", tools=[])
            for c in claims
            for k in range(3)
        ]
    )
    return len([v for v in votes if v and v["verdict"] == "supported"])
