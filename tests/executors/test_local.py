"""The local executor: the call runs here, and it is only chosen when nobody wants another."""

from __future__ import annotations

from pathlib import Path

from hocket.api.calls import Call, EndState, Outcome
from hocket.api.settings import PluginSettings
from hocket.testing import ScriptedBackend, ScriptedContext, run
from hocket_plugins.executors import local


def test_the_backend_runs_the_call_with_the_engines_own_context():
    backend, context = ScriptedBackend({"hello": "hi"}), ScriptedContext()
    asked = Call(0, "key", 0, "hello", "hello")
    assert run(local.LocalExecutor().run(asked, backend, context)) == Outcome(EndState.OK, "hi")
    assert (backend.calls, context.submitted) == (["hello"], ["hi"])


def test_hook_hocket_choose_executor_steps_back_for_another():
    def chosen(**choices: str) -> object:
        return local.hocket_choose_executor(PluginSettings(Path(), choices=choices))

    assert chosen().name == "local"
    assert chosen(executor="local").name == "local"
    assert chosen(executor="ray") is None
