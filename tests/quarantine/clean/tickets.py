"""Readers sort tickets; agents that act get the class and the id out of a trusted list."""

from __future__ import annotations

from hocket.script import agent, args, parallel

meta = {"name": "tickets", "description": "Sort tickets and act", "phases": ["Sort", "Act"]}

KIND = {
    "type": "object",
    "properties": {
        "kind": {"enum": ["bug", "wish"]},
        "order": {"type": "string", "pattern": "^#[0-9]{1,6}$", "maxLength": 7},
        "why": {"type": "string"},
    },
    "required": ["kind", "order", "why"],
}


async def main():
    names = args["names"]
    sorted_ = await parallel(
        [
            lambda name=name: agent(
                f"@@DO:read_page:name={name}@@ Of which kind is it?",
                schema=KIND,
                tools=["read_page"],
                phase="Sort",
            )
            for name in names
        ]
    )
    for name, one in zip(names, sorted_, strict=True):
        if one["kind"] == "bug":
            await agent(
                f"@@DO:send_report:to=owner;text={one['order']}@@ {name} is a bug.",
                tools=["send_report"],
                phase="Act",
            )
    return [{"name": n, "kind": one["kind"]} for n, one in zip(names, sorted_, strict=True)]
