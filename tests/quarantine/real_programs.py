"""Places that only other programs reach: a shell, git, an MCP server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from orders import do
from placements import Placement

from hocket.api.settings import PluginSettings
from hocket_plugins.tools.mcp import hocket_register_settings
from hocket_plugins.tools.mcp.offer import Offer
from hocket_plugins.tools.mcp.pins import Pins
from hocket_plugins.tools.mcp.roster import roster

HERE = Path(__file__).parent
SCHEMA = {"type": "object", "properties": {"text": {"type": "string"}}}


def served(scene, texts, labels, description="Looks."):
    """Set up a server that a person approved; gives the folder with what it says."""
    folder = scene.project.parent / "server"
    folder.mkdir()
    (folder / "texts.json").write_text(json.dumps(texts), "utf-8")
    tool = {"name": "look", "description": description, "inputSchema": SCHEMA}
    (folder / "tools.json").write_text(json.dumps([tool]), "utf-8")
    args = ["-I", "-S", str(HERE / "hostile_server.py"), str(folder)]
    said = {"command": sys.executable, "args": args, "labels": {"look": labels}}
    (model,) = hocket_register_settings()
    section = model.model_validate_json(json.dumps({"servers": {"s": said}}), strict=True)
    data = Path(os.environ["HOCKET_DATA_HOME"])
    settings = PluginSettings(
        scene.project, {"mcp": section}, origins={"mcp.servers": "user"}, data=data
    )
    Pins(data).keep(roster(settings).servers["s"], [Offer("look", description, SCHEMA, {})])
    scene.more = (
        f"[mcp.servers.s]\ncommand = {json.dumps(sys.executable)}\nargs = {json.dumps(args)}\n"
        f"labels.look = {json.dumps(labels)}\n"
    )
    return folder


def _replies(scene, texts):
    served(scene, texts, ["read_only"])


def _files(scene, texts):
    for form, text in texts.items():
        (scene.project / f"{form}.txt").write_bytes(text.encode())


def _commits(scene, texts):
    def git(*words, **more):
        who = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]
        order = ["git", *who, *words]
        subprocess.run(order, cwd=scene.project, check=True, capture_output=True, **more)

    git("init", "-q")
    for form, text in texts.items():
        git("commit", "-q", "--allow-empty", "--cleanup=verbatim", "-F", "-", input=text.encode())
        git("tag", form)


def _is_message(text):
    return "\0" not in text


PROGRAMS = [
    Placement(
        "mcp_reply",
        _replies,
        lambda form: do("mcp__s__look", text=form),
        ("mcp__s__look",),
        real_time=True,
    ),
    Placement(
        "command_output",
        _files,
        lambda form: do("Bash", command=f"cat {form}.txt"),
        ("Bash",),
        is_trusted=False,
        real_time=True,
        states=("ok", "refused", "ok", "ok"),
    ),
    Placement(
        "commit_message",
        _commits,
        lambda form: do("Bash", command=f"git log -1 --format=%B {form}"),
        None,
        _is_message,
        is_trusted=False,
        real_time=True,
    ),
]
