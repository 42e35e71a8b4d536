"""Look at every file and change nothing."""

from __future__ import annotations

from hocket.script import agent, args, parallel

meta = {"name": "audit", "description": "Audit all files", "phases": ["List", "Audit"]}

FILES = {
    "type": "object",
    "properties": {"files": {"type": "array", "items": {"type": "string"}}},
    "required": ["files"],
}


async def main():
    listed = await agent(
        f"@@DO:Glob:pattern=src/*.py@@ List them. {args['files']}", schema=FILES, tools=["Glob"]
    )
    audited = await parallel(
        [
            lambda path=path: agent(
                f"@@DO:Read:file_path={path}@@ What does {path} do?", tools=["Read", "Grep"]
            )
            for path in listed["files"]
        ]
    )
    return {"audited": len(audited), "found": ["TODO" in one for one in audited]}
