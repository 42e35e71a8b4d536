"""Find all that is left to do in files, until nothing new comes."""

from __future__ import annotations

from hocket.script import args, until_done

meta = {"name": "hunt", "description": "Find all that is left to do"}

FOUND = {
    "type": "object",
    "properties": {
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"file": {"type": "string"}},
                "required": ["file"],
            },
        }
    },
    "required": ["items"],
}


async def main():
    hunted = await until_done(
        f"@@DO:Grep:pattern=TODO@@ Find every TODO. {args['found']}",
        schema=FOUND,
        key="file",
        verify={"against": "Is it none?", "lead": 1},
        max_calls=20,
        tools=["Grep", "Read"],
    )
    return {"calls": hunted["calls"] > 3, "failed": hunted["census"].get("refused", 0)}
