"""A policy with rules, and uses as tools would show them."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from hocket.api.approval import Use
from hocket.api.calls import Call, Options
from hocket.api.settings import PluginSettings, Rules
from hocket.api.tools import Effect
from hocket_plugins.policies import permissions
from hocket_plugins.policies.permissions.section import Permissions

EFFECTS = {
    "Read": {Effect.READ_PROJECT},
    "Glob": {Effect.READ_PROJECT},
    "Grep": {Effect.READ_PROJECT},
    "Edit": {Effect.WRITE_WORKSPACE},
    "Write": {Effect.WRITE_WORKSPACE},
    "Bash": {Effect.EXECUTE},
    "WebFetch": {Effect.READ_OUTSIDE},
    "WebSearch": {Effect.READ_OUTSIDE},
    "Think": set(),
}

NO_RULES = Rules()


def use(text, workspace=None):
    tool = text.partition("(")[0]
    effects = EFFECTS.get(tool, {Effect.OUTSIDE_EFFECT, Effect.READ_OUTSIDE})
    return Use(tool, text, frozenset(effects), {}, workspace=workspace)


def call(**options):
    return Call(1, "key", 0, "prompt", "label", options=Options(**options))


@pytest.fixture
def rules(tmp_path):
    """Make a policy of rules, and give what it says to one use."""

    def made(*, options=None, run=NO_RULES, workspace=None, origins=None, **lists):
        section = {"permissions": Permissions(**lists)} if lists else {}
        settings = PluginSettings(tmp_path, section, rules=run, origins=origins or {})
        (policy,) = permissions.hocket_register_policies(settings)

        def judged(text):
            judgement = policy.judge_use(call(**(options or {})), use(text, workspace))
            return judgement.verdict.name.lower(), judgement.reason

        def verdict(text):
            return judged(text)[0]

        return SimpleNamespace(policy=policy, judged=judged, verdict=verdict, call=call)

    return made
