"""An MCP server whose one tool says what stands in a folder: its description and its replies."""

from __future__ import annotations

import json
import sys
from pathlib import Path

HOME = Path(sys.argv[1])


def say(number: object, result: object) -> None:
    sys.stdout.write(json.dumps({"jsonrpc": "2.0", "id": number, "result": result}) + "\n")
    sys.stdout.flush()


def answered(method: str, params: dict[str, dict[str, str]]) -> dict[str, object] | None:
    if method == "initialize":
        info = {"name": "hostile", "version": "1"}
        return {"protocolVersion": "2025-06-18", "serverInfo": info, "capabilities": {"tools": {}}}
    if method == "tools/list":
        return {"tools": json.loads((HOME / "tools.json").read_text("utf-8"))}
    if method == "tools/call":
        texts = json.loads((HOME / "texts.json").read_text("utf-8"))
        text = texts.get(params["arguments"].get("text", ""), "nothing")
        return {"content": [{"type": "text", "text": text}], "isError": text == "nothing"}
    return None


for line in sys.stdin:
    message = json.loads(line)
    if "id" in message:
        say(message["id"], answered(message["method"], message.get("params") or {}))
