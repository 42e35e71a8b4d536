"""Change two files at once, each in a tree of its own, then write down what was done."""

from __future__ import annotations

from hocket.script import agent, attempt, parallel

meta = {"name": "refactor", "description": "Change two files", "phases": ["Change", "Note"]}


async def main():
    changed = await parallel(
        [
            lambda path=path: attempt(
                f"@@DO:Read:file_path=src/{path}.py@@@@DO:Edit:file_path=src/{path}.py;"
                "old_string=TODO;new_string=DONE@@",
                tools=["Read", "Edit"],
                isolation="worktree",
            )
            for path in ("one", "two")
        ]
    )
    files = sum(one["changes"]["files"] for one in changed)
    noted = await agent(
        f"@@DO:Write:file_path=NOTES.md;content=changed@@ Note: {files} files.",
        tools=["Read", "Write"],
    )
    return {"files": files, "noted": "NOTES.md" in noted}
