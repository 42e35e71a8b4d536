"""Ask readers about many pages at once, and make one text of what they say."""

from __future__ import annotations

from hocket.script import fan_out

meta = {"name": "survey", "description": "Read pages, sum up", "phases": ["Read"]}


async def main():
    told = await fan_out(
        ["one", "two", "three"],
        "@@DO:read_page:name={item}@@ Sum up the page.",
        synthesize="Make one text of these.",
        tools=["read_page"],
    )
    return {"coverage": told["coverage"], "answer": told["answer"], "complete": told["complete"]}
