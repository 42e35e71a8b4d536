"""A18: a command sees the variables it is given, and no others."""

from __future__ import annotations

import pytest

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


def test_env_shows_none_of_20_secrets(agent, secrets):
    assert len(secrets) == 20
    output = agent.output("env; set; export -p; cat /proc/self/environ /proc/$PPID/environ")
    assert "canary" not in output.text
    names = {line.partition("=")[0] for line in agent.does("env").splitlines()}
    assert names <= {"PATH", "HOME", "PWD", "SHLVL", "_", "OLDPWD", "HOCKET_CALL", "HOCKET_USE"}


def test_in_the_sandbox_no_process_tells_them_either(boxed, secrets):
    everything = boxed.output("cat /proc/*/environ /proc/*/cmdline 2>/dev/null; exit 0").text
    assert "canary" not in everything


def test_a_configured_name_is_passed_on_and_stands_in_no_argument(agent, secrets):
    agent.again(environment=None)
    agent.again({"LANG": "C.UTF-8"})
    agent.tool._settings = agent.tool._settings.model_copy(
        update={"environment": ("NPM_TOKEN", "NOT_SET_ANYWHERE")}
    )
    printed = agent.does("echo $NPM_TOKEN ${NOT_SET_ANYWHERE-unset} $LANG ${GH_TOKEN-unset}")
    assert printed == "canary-npm_token unset C.UTF-8 unset"
    arguments = agent.does("cat /proc/*/cmdline 2>/dev/null | tr '\\0' ' '")
    assert "canary-npm_token" not in arguments
