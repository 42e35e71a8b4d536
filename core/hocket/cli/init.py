"""`hocket init`: a project's folder with settings, and a first workflow to change."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hocket.cli._output import emit, json_option, suggest, table
from hocket.errors import HocketError
from hocket.paths import project_root, shown

if TYPE_CHECKING:
    from hocket.api.calls import JsonObject

SETTINGS = """\
# Settings of this project. Every line is a comment: take away the '#' of those you want.
# A project can only lower limits; your own settings and what you type can raise them.

# budget_usd = 5.0            # the most dollars a run may spend
# budget_tokens = 2_000_000   # the most output tokens a run may spend
# max_agents = 200            # agents per run
# concurrency = 8             # agents at once

# backend = "simulate"        # who answers; without it the first that can (hocket doctor)
# model = "small"             # for calls that name no model

# [plugins]
# block = ["views.progress"]  # never imported (hocket plugins list)

# [checks]
# tests = "pytest -q"         # a script asks for it with check="project:tests"
"""

IGNORED = """\
# Runs hold what agents read and said: they stay on this machine.
runs/
"""

WORKFLOW = '''\
"""Say hello in three ways, and keep the best."""

from __future__ import annotations

from hocket.script import agent, args, parallel, phase

meta = {
    "name": "hello",
    "description": "Say hello in three ways, and keep the best",
    "phases": ["Write", "Choose"],
    "args": {
        "type": "object",
        "properties": {"who": {"type": "string", "description": "whom to greet"}},
        "required": ["who"],
    },
}

WAYS = ["warm", "formal", "funny"]


async def main():
    phase("Write")
    written = await parallel(
        [agent(f"Greet {args['who']} in one {way} sentence.", label=way) for way in WAYS]
    )
    phase("Choose")
    greetings = "\\n".join(f"- {text}" for text in written if text)
    best = await agent(f"Give back the best of these greetings alone.\\n{greetings}", label="judge")
    return {"best": best, "written": written}
'''

FILES = {
    ".hocket/config.toml": (SETTINGS, "settings, all commented out"),
    ".hocket/.gitignore": (IGNORED, "keeps runs out of git"),
    ".hocket/workflows/hello.py": (WORKFLOW, "a workflow to change: hocket /hello World"),
}
"""What a project gets: path, content, and what it is for."""


@click.command()
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
@json_option
def init(folder: Path | None) -> None:
    """Make a project ready: settings and a first workflow.

    FOLDER is the project, by default the one around the current folder. What exists is never
    touched, so typing it again is harmless.
    """
    project = (folder or project_root(Path.cwd())).absolute()
    states = {name: _make(project, name, text) for name, (text, _) in FILES.items()}
    files: list[JsonObject] = [{"path": name, "state": state} for name, state in states.items()]

    def human() -> None:
        rows = [(state, name, FILES[name][1]) for name, state in states.items()]
        table(("state", "file", "what it is"), rows)
        suggest(
            f"\nThe project is {shown(project, project.parent)}. What it can run on: hocket doctor"
        )

    emit("init", {"project": str(project), "files": list(files)}, human)


def _make(project: Path, name: str, text: str) -> str:
    """Make one file, and say `made`, or `kept` when there was one."""
    path = project / name
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError as there:
        # A file where a folder must be raises the same; only the path itself was kept.
        if there.filename == str(path):
            return "kept"
        raise _unwritable(there, project) from there
    except OSError as cause:
        raise _unwritable(cause, project) from cause
    return "made"


def _unwritable(cause: OSError, project: Path) -> HocketError:
    return HocketError(
        "init",
        found=f"{shown(Path(str(cause.filename)), project)} cannot be made ({cause.strerror})",
        expected="a folder that can be written to",
        hint="What was made before stays.",
    )
