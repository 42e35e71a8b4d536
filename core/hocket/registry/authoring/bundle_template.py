"""A bundle to begin with: small, useful, and its comments teach what the words mean."""

from __future__ import annotations

from hocket.registry.bundles import manifest as manifests
from hocket.registry.bundles.manifest import Around, Manifest
from hocket.registry.skills.writer import portable, write

_MANIFEST = """\
# What this bundle is. Every word is checked by: hocket pack .
schema = 1
name = "@NAME@"                   # as the folder, and as SKILL.md says
version = "0.1.0"               # X.Y.Z; once published a version never changes
description = "Asks for several independent answers and lets a judge choose by a rubric."
license = "MIT"                 # an SPDX expression; take the one you mean
requires-hocket = ">=0.1,<1"

# A slash command: people type  hocket /@NAME@ "a question"
commands.@NAME@ = { script = "workflow.py", argument-hint = "\\"a question\\"" }

# Other bundles that this one uses, with ranges: web-sources = "^1.2"
dependencies = {}

# The most a run may do, whatever the script or an agent asks for. Who installs this bundle is
# shown the table and agrees to it, so ask for little. What is left out is not allowed:
#   tools = ["Read", "WebFetch"]    read = ["docs/**"]      write = ["reports/**"]
#   network = ["api.example.com"]   shell = ["git"]         env = ["NAME_OF_A_VARIABLE"]
capabilities = { tools = ["Read"], agents = 12 }
"""

_WORKFLOW = '''\
"""Ask for several independent answers, and let a judge choose by a rubric."""

from hocket.script import agent, args, log, parallel, phase

meta = {
    "name": "@NAME@",
    "description": "Ask for several independent answers, and let a judge choose by a rubric",
    "phases": ["Answer", "Judge"],
    "args": {
        "type": "object",
        "properties": {
            "question": {"type": "string", "description": "What is to be answered"},
            "answers": {
                "type": "integer",
                "description": "How many answers to choose from",
                "minimum": 2,
                "maximum": 10,
                "default": 3,
            },
        },
        "required": ["question"],
    },
}

CHOICE = {
    "type": "object",
    "properties": {
        "best": {"type": "integer", "minimum": 1, "maximum": 10},
        "reason": {"type": "string"},
    },
    "required": ["best", "reason"],
}


async def main():
    phase("Answer")
    count = args["answers"]
    asked = [
        agent(f"Answer in at most five sentences: {args['question']}", label=f"answer {n + 1}")
        for n in range(count)
    ]
    # A call that failed is None: it is no answer, and the result says how many there were.
    answers = [text for text in await parallel(asked) if text]
    log(f"{len(answers)} of {count} answered")
    if not answers:
        return {"answer": None, "reason": "nobody answered", "complete": False}

    phase("Judge")
    listed = "\\n\\n".join(f"Answer {n}:\\n{text}" for n, text in enumerate(answers, 1))
    choice = await agent(
        f"Choose the best answer by the rubric in the attached file.\\n\\n{listed}",
        schema=CHOICE,
        inputs=["bundle:rubrics/good-answer.md"],
        tools=["Read"],
        label="judge",
    )
    if choice is None or choice["best"] > len(answers):
        return {"answer": answers[0], "reason": "the judge did not choose", "complete": False}
    return {
        "answer": answers[choice["best"] - 1],
        "reason": choice["reason"],
        "complete": len(answers) == count,
    }
'''

_RUBRIC = """\
# A good answer

In this order:

1. It answers the question that was asked, and says so in the first sentence.
2. Every claim can be checked, or is marked as a guess.
3. It says what it leaves out.
4. Of two answers that are equally right, the shorter one is better.
"""

_TESTS = """\
# Tests

What lies here comes with the bundle, and installing it runs none of it. `run_script` of
`hocket.testing` plays a script with answers that you make up. To see the whole way by hand,
answered by nobody: `hocket run workflow.py --backend simulate --args '{"question": "why?"}'`
"""

_BODY = """
# @NAME@

Asks several agents the same question, each on its own, and lets another one choose the best answer
by [a rubric](rubrics/good-answer.md).

```bash
hocket run @NAME@ -- "$ARGUMENTS"
```
"""


_NAME = "@NAME@"


def bundle_files(name: str) -> dict[str, bytes]:
    """Write every file of a bundle with this name, by path."""
    made = {
        "bundle.toml": _MANIFEST,
        "workflow.py": _WORKFLOW,
        "rubrics/good-answer.md": _RUBRIC,
        "tests/README.md": _TESTS,
    }
    files = {path: text.replace(_NAME, name).encode() for path, text in made.items()}
    return {**files, "SKILL.md": _skill(files["bundle.toml"], name)}


def _skill(manifest: bytes, name: str) -> bytes:
    told = manifests.read(manifest, Around(paths=frozenset({"workflow.py"})))
    assert isinstance(told, Manifest)  # noqa: S101  (what is read is the text above)
    return write(portable(told, _BODY.replace(_NAME, name), dated=False))
