"""Read the web by several agents, check each other, and report with sources."""

from __future__ import annotations

from hocket.script import agent, args, parallel

meta = {"name": "research", "description": "Read the web and report", "phases": ["Read", "Report"]}


async def main():
    notes = await parallel(
        [
            lambda url=url: agent(
                f"@@DO:WebFetch:url={url}@@ What does {url} say?", tools=["WebFetch"]
            )
            for url in args["urls"]
        ]
    )
    report = await agent("Write one text of these:\n" + "\n".join(notes), tools=[])
    await agent("@@DO:send_report:to=owner@@ Say that the research is done.", tools=ACT)
    return {"pages": len(notes), "report": report}


ACT = ["send_report"]
