"""A18: a command sees the variables it is given, and no others."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hocket.api.approval import Judgement, Verdict
from hocket.api.markers import hookimpl
from hocket.api.settings import PluginSettings
from hocket.testing import Stage, run_script
from hocket_plugins.tools import shell

SECRETS = [
    *("ANTHROPIC_API_KEY", "OPENAI_API_KEY", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"),
    *("GITHUB_TOKEN", "GH_TOKEN", "NPM_TOKEN", "PYPI_PASSWORD", "DATABASE_URL", "PGPASSWORD"),
    *("GOOGLE_APPLICATION_CREDENTIALS", "AZURE_CLIENT_SECRET", "SLACK_TOKEN", "STRIPE_KEY"),
    *("HF_TOKEN", "VAULT_TOKEN", "SSH_AUTH_SOCK", "DOCKER_HOST", "KUBECONFIG", "MY_NEW_SECRET"),
]


@pytest.fixture
def secrets(monkeypatch):
    """Set 20 secrets in hocket's own environment."""
    for name in SECRETS:
        monkeypatch.setenv(name, f"canary-{name.lower()}")
    return SECRETS


def test_a18_env_shows_none_of_20_secrets(agent, secrets):
    assert len(secrets) == 20
    output = agent.output("env; set; export -p; cat /proc/self/environ /proc/$PPID/environ")
    assert "canary" not in output.text
    names = {line.partition("=")[0] for line in agent.does("env").splitlines()}
    assert names <= {"PATH", "HOME", "PWD", "SHLVL", "_", "OLDPWD", "HOCKET_CALL", "HOCKET_USE"}


def test_a18_in_the_sandbox_no_process_tells_them_either(boxed, secrets):
    everything = boxed.output("cat /proc/*/environ /proc/*/cmdline 2>/dev/null; exit 0").text
    assert "canary" not in everything


def test_a18_a_configured_name_is_passed_on_and_stands_in_no_argument(agent, secrets):
    agent.again(environment=None)
    agent.again({"LANG": "C.UTF-8"})
    agent.tool._settings = agent.tool._settings.model_copy(
        update={"environment": ("NPM_TOKEN", "NOT_SET_ANYWHERE")}
    )
    printed = agent.does("echo $NPM_TOKEN ${NOT_SET_ANYWHERE-unset} $LANG ${GH_TOKEN-unset}")
    assert printed == "canary-npm_token unset C.UTF-8 unset"
    arguments = agent.does("cat /proc/*/cmdline 2>/dev/null | tr '\\0' ' '")
    assert "canary-npm_token" not in arguments


class Tells:
    """An agent that runs a command, writes down what it printed, and says it."""

    async def obey(self, _call, context):
        (bash,) = shell.hocket_register_tools(PluginSettings(context.tools.workspace.path))
        command = "env; set; export -p; cat /proc/self/environ; echo $ANTHROPIC_API_KEY"
        printed = await bash.run({"command": command}, context.tools)
        context.progress(printed.text)
        context.record("note", {"printed": printed.text, "failed": printed.is_error})
        return printed.text


class Grants:
    """A policy of a person who lets every command run."""

    name = "grants"

    def judge(self, _call):
        return Judgement(Verdict.ALLOW)

    def judge_use(self, _call, _use):
        return Judgement(Verdict.ALLOW)

    def granted(self, _use):
        return True


class Offers:
    """A plugin with that policy."""

    @hookimpl
    def hocket_register_policies(self, settings):
        return [Grants()]


SCRIPT = """from hocket.script import agent, log

meta = {"name": "tells", "description": "d"}


async def main():
    said = await agent("Tell.")
    log(said)
    return said
"""


def test_a18_none_is_in_the_journal_the_transcript_or_the_events(hocket_project, secrets):
    """A whole run whose agent prints all it can see, and repeats it everywhere."""
    person = Path(os.environ["HOCKET_CONFIG_HOME"]) / "config.toml"
    person.write_text('[plugins]\nblock = ["policies.permissions"]\n')
    stage = Stage(plugins={"test.grants": Offers()}, real_time=True)
    outcome = run_script(SCRIPT, {"": Tells()}, project=hocket_project, stage=stage)

    assert outcome.status == "completed"
    assert "PATH=" in outcome.result
    files = [path for path in outcome.folder.rglob("*") if path.is_file()]
    assert {"journal.jsonl", "result.json"} <= {path.name for path in files}
    told = [*(path.read_bytes() for path in files), repr(outcome.events).encode()]
    assert any(b"PATH=" in content for content in told)
    for name in secrets:
        canary = f"canary-{name.lower()}".encode()
        assert not any(canary in content for content in told), name
