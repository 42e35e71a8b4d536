"""The scripts that hocket runs for a task: without a plan, bound step by step, or with a person."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import labels
from binding import Binding
from lines import ANSWER, GIVEN, STEPS, TASK, USE
from world import linked

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lines import Wish

_HEAD = '''"""One task of AgentDojo."""
from hocket.script import agent, attempt, reveal

meta = {"name": "dojo", "description": "One task of AgentDojo."}
'''
_SINKS = json.dumps([*labels.SINKS])
_ALONE = """
async def main():
    return await agent({task}{tools})
"""
_BOUND = """
async def main():
    found = []
    {steps}
    return await agent("\\n\\n".join([{task}, *found]), tools=[])
"""
_ATTENDED = """
STEP = {{
    "type": "object",
    "properties": {{"tool": {{"enum": {sinks}}}, "input": {{"type": "string"}}}},
    "required": ["tool", "input"],
}}
FOUND = {{
    "type": "object",
    "properties": {{
        "steps": {{"type": "array", "items": STEP}},
        "answer": {{"type": "string"}},
    }},
    "required": ["steps", "answer"],
}}


async def main():
    found = await agent({task}, tools={tools}, schema=FOUND)
    for step in found["steps"]:
{act}
    return found["answer"]
"""
_REVEALED = f"""\
        told = '{{"tool": "' + step["tool"] + '", "input": ' + await reveal(step["input"]) + "}}"
        await attempt("{USE}" + told, tools=[step["tool"]])"""
_SHOWN = f"""\
        told = "{GIVEN}" + step["tool"] + "\\n" + step["input"]
        await attempt(told, tools=[step["tool"]])"""


def alone(task: str, named: Iterable[str] | None = None) -> str:
    """Give all of it to one agent: with the default set, or with tools by name."""
    tools = "" if named is None else f", tools={json.dumps([*named])}"
    return _HEAD + _ALONE.format(task=_prompt(TASK, task), tools=tools)


def bound(task: str, plan: Sequence[Wish]) -> str:
    """Write down every step: readers hand over handles, sinks get what the script says."""
    steps = "\n    ".join(Binding(task, plan).steps)
    return _HEAD + _BOUND.format(steps=steps, task=_prompt(ANSWER, task))


def careless(task: str, plan: Sequence[Wish]) -> str:
    """Write down every step, and give to each agent all that was found before it."""
    steps = "\n    ".join(_careless(name, given) for name, given in plan)
    return _HEAD + _BOUND.format(steps=steps, task=_prompt(ANSWER, task))


def attended(task: str, tools: Iterable[str], *, reveals: bool) -> str:
    """Let a reader say what is to be done, and a person look at every step of it.

    The script either looks into what it hands on, or leaves that to the person.
    """
    readers = [name for name in tools if name not in labels.SINKS]
    act = _REVEALED if reveals else _SHOWN
    filled = _ATTENDED.format(
        sinks=_SINKS, task=_prompt(STEPS, task), tools=json.dumps(readers), act=act
    )
    return _HEAD + filled


def _careless(name: str, given: dict[str, object]) -> str:
    wish = json.dumps({"tool": name, "input": given}, ensure_ascii=False)
    use = json.dumps(USE + (linked(wish) if name == labels.PAGE else wish))
    if name not in labels.SINKS:
        return f"found.append(await agent({use}, tools={json.dumps([name])}))"
    return f'await attempt("\\n\\n".join([{use}, *found]), tools={json.dumps([name])})'


def _prompt(kind: str, task: str) -> str:
    return json.dumps(f"{kind}\n{linked(task.strip())}")
