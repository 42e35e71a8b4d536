"""What a new project gets: settings to uncomment, and a workflow to change."""

from __future__ import annotations

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
# What installing needs for a moment.
.lock
.stage/
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
