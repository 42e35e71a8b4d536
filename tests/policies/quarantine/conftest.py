"""A run as the plugin sees one: its stage, its policy, what is installed, who trusts what."""

from __future__ import annotations

import asyncio

import pytest

from hocket.api.approval import Use
from hocket.api.calls import Attached, Call, EndState, Options, Outcome
from hocket.api.sealing import Attending
from hocket.api.settings import PluginSettings
from hocket.api.tools import Effect, Label
from hocket.testing import ScriptedAccess
from hocket_plugins.policies import quarantine
from hocket_plugins.policies.quarantine.section import Quarantine

EFFECTS = {
    "Read": {Effect.READ_PROJECT},
    "Grep": {Effect.READ_PROJECT},
    "Edit": {Effect.WRITE_WORKSPACE},
    "Write": {Effect.WRITE_WORKSPACE},
    "Bash": {Effect.EXECUTE},
    "WebFetch": {Effect.READ_OUTSIDE},
    "WebSearch": {Effect.READ_OUTSIDE},
    "Think": set(),
    "mcp__mail__list": {Effect.READ_OUTSIDE},
    "mcp__mail__send": {Effect.OUTSIDE_EFFECT},
    "mcp__odd__do": {Effect.READ_OUTSIDE, Effect.OUTSIDE_EFFECT},
}


class NamedTool:
    """A tool of which only the name and the effects count."""

    description = "a tool"
    input_schema: dict = {}

    def __init__(self, name, effects):
        self.name, self.effects = name, frozenset(effects)

    def shown(self, arguments):
        return self.name

    async def run(self, arguments, context):
        raise AssertionError("nothing runs here")


def tools(effects=None):
    return {name: NamedTool(name, each) for name, each in (effects or EFFECTS).items()}


class Ward:
    """The plugin in one run."""

    def __init__(self, settings, access):
        self.settings, self.access = settings, access
        (self.stage,) = quarantine.hocket_register_stages(settings)
        (self.policy,) = quarantine.hocket_register_policies(settings)
        for one in (self.stage, self.policy):
            assert isinstance(one, Attending)
            one.attend(access)

    def call(self, prompt="Do it.", *, key="a" * 64, occurrence=0, **options):
        inputs = tuple(
            one if isinstance(one, Attached) else Attached(one, "d" * 64)
            for one in options.pop("inputs", ())
        )
        return Call(1, key, occurrence, prompt, "label", options=Options(inputs=inputs, **options))

    def sealed(self, outcome, call=None):
        """Give what the stage makes of what a call came to."""

        async def proceed(_call):
            return outcome

        return asyncio.run(self.stage(call or self.call(untrusted=True), proceed))

    def handle(self, content, sources=()):
        """Seal what a reader answered, and give its handle."""
        label = Label(outside=True, sources=frozenset(sources))
        return self.sealed(Outcome(EndState.OK, content, label=label), self.call()).value

    def judged(self, *args, **options):
        return self.policy.judge(self.call(*args, **options))

    def verdict(self, *args, **options):
        return self.judged(*args, **options).verdict.name.lower()

    def judged_use(self, tool, call=None, label=None):
        label = label if label is not None else Label()
        use = Use(tool, tool, frozenset(EFFECTS[tool]), {}, label)
        return self.policy.judge_use(call or self.call(), use)

    def verdict_of_use(self, *args, **kwargs):
        judged = self.judged_use(*args, **kwargs)
        return "no opinion" if judged is None else judged.verdict.name.lower()


@pytest.fixture
def ward(tmp_path):
    """Make the plugin in a run; `section` is what a person wrote into the configuration."""

    def made(*, trusted=True, outside=(), section=None, access=None, effects=None, **lent):
        sections = {} if section is None else {"quarantine": Quarantine(**section)}
        settings = PluginSettings(tmp_path, sections, is_trusted=trusted, outside=outside)
        return Ward(settings, access or ScriptedAccess(tools=tools(effects), **lent))

    return made
