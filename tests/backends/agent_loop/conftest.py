"""Agents on a scripted model: turns in, outcome out, and everything that happened between."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from hocket.api.calls import Call, Options
from hocket.api.messages import Capabilities, Text, ToolResult
from hocket.api.tools import TRUSTED, Label, ToolOutput
from hocket.testing import (
    JumpingClock,
    ScriptedContext,
    ScriptedModel,
    ScriptedToolContext,
    run,
)
from hocket_plugins.backends.agent_loop.loop import AgentLoop
from hocket_plugins.backends.agent_loop.section import AgentLoopSection

ABLE = Capabilities(window=200_000, max_output=64_000)
PLENTY = 10**9
OUTSIDE = Label(outside=True, sources=frozenset({"web"}))


@dataclass
class Trick:
    """A tool that does what it was told, after a while, and remembers when."""

    name: str
    gives: object = "done"
    effects: frozenset = frozenset()
    takes_s: float = 0.0
    label: Label = TRUSTED
    clock: JumpingClock = field(default_factory=JumpingClock)
    description: str = "A trick."
    begun: list = field(default_factory=list)
    ended: list = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0

    @property
    def input_schema(self):
        return {"type": "object", "properties": {"x": {"type": "integer"}}}

    def shown(self, arguments):
        inner = arguments.get("file_path") or arguments.get("x") or "*"
        return f"{self.name}({inner})"

    async def run(self, arguments, context):
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.begun.append((self.clock.monotonic(), dict(arguments)))
        if self.takes_s:
            await self.clock.sleep(self.takes_s)
        self.at_once -= 1
        self.ended.append((self.clock.monotonic(), dict(arguments)))
        given = self.gives(arguments) if callable(self.gives) else self.gives
        if isinstance(given, Exception):
            raise given
        return given if isinstance(given, ToolOutput) else ToolOutput(given, label=self.label)


@dataclass
class Played:
    """One call from beginning to end."""

    outcome: object
    model: ScriptedModel
    context: ScriptedContext
    seconds: float

    @property
    def end(self):
        return self.outcome.state.value, self.outcome.cause

    @property
    def kinds(self):
        return [kind for kind, _ in self.context.records]

    def lines(self, kind):
        return [fields for found, fields in self.context.records if found == kind]

    def said(self, turn):
        """Give the text the model was asked with last, in a turn."""
        blocks = self.model.requests[turn].messages[-1].blocks
        return "\n".join(block.text for block in blocks if isinstance(block, Text))

    def results(self, turn):
        """Give the results in the last message of a turn's request."""
        blocks = self.model.requests[turn].messages[-1].blocks
        return [block for block in blocks if isinstance(block, ToolResult)]

    def told(self, turn):
        """Give their texts."""
        return ["".join(p.text for p in one.content) for one in self.results(turn)]


class Agents:
    """Plays calls."""

    Trick = Trick
    OUTSIDE = OUTSIDE

    def call(self, prompt="Do it.", number=1, **options):
        return Call(number, f"key{number}", 0, prompt, "label", options=Options(**options))

    def loop(self, model, tools=(), types=(), memory=(), price=None, section=None):
        told = AgentLoopSection.model_validate(section or {})
        loop = AgentLoop({}, {}, {}, told, memory=memory)
        models = model if isinstance(model, dict) else {model.name: model}
        loop.bind(
            providers=models,
            tools={tool.name: tool for tool in tools},
            agent_types={kind.name: kind for kind in types},
            price=price,
        )
        return loop

    def play(self, *turns, model=None, context=None, tools=(), able=None, before=None, **more):
        """Play one call; `more` are its options (`named=` tools, `model_name=`); `section={…}`."""
        section, types = more.pop("section", {}), more.pop("types", ())
        memory, prompt = more.pop("memory", ()), more.pop("prompt", "Do it.")
        given = {"named": "tools", "model_name": "model"}
        more = {given.get(name, name): value for name, value in more.items()}
        capabilities = self.able(**(able or {}))
        model = model or ScriptedModel(*turns, capabilities=capabilities)
        context = context or self.context()
        loop = self.loop(model, tools, types, memory, section=section)
        call = self.call(prompt, **more)

        async def story():
            clock = JumpingClock()
            if before is not None:
                before(loop, call)
            outcome = await loop.run(call, context)
            return Played(outcome, model, context, clock.monotonic())

        return run(story())

    def able(self, **changes):
        return ABLE.model_copy(update=changes)

    def context(self, complaints=(), *, room=PLENTY, **more):
        return ScriptedContext(complaints, room=room, **more)

    def workspace(self, path):
        return ScriptedToolContext(Path(path))

    def tricky(self, trick, **changes):
        return replace(trick, **changes)


@pytest.fixture
def agents():
    return Agents()
