"""Which backend runs when nobody chose: the documented one, without a request or a secret."""

from __future__ import annotations

import importlib.metadata
import json
import os
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager

import pytest

from hocket.api.markers import hookimpl
from hocket.errors import UsageError
from hocket.launch.prepare import Demand, prepare
from hocket.launch.project import Project
from hocket.testing import ScriptedBackend, ScriptedModel
from hocket_plugins.backends import claude_code
from hocket_plugins.backends.claude_code import sdk

SECRET = "sk-this-is-nobodys-key"  # noqa: S105
NAMES = (
    "ANTHROPIC_",
    "AWS_",
    "CLAUDE_",
    "CLOUD_",
    "GOOGLE_",
    "OPENAI_",
    "HOCKET_LOCAL",
    "HOCKET_B",
)
HEARD: list[object] = []
_listening = [False]


def _hear(event, args):
    if _listening[0] and event in {"socket.connect", "socket.getaddrinfo", "socket.sendto"}:
        HEARD.append(args[1] if event == "socket.connect" else args)


sys.addaudithook(_hear)


@pytest.fixture
def requests():
    """Hear every address that is spoken to from now on."""
    HEARD.clear()
    _listening[0] = True
    yield HEARD
    _listening[0] = False


@pytest.fixture
def bare(place, monkeypatch):
    """Leave no key, no cloud and no program in the environment."""
    for name in [*os.environ]:
        if name.startswith(NAMES):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PATH", str(place.root / "bin"))
    place.settings("[openai]\nlocal = []\n")
    return place


@contextmanager
def model_server():
    """Serve a list of one model on this machine."""
    answer = b'HTTP/1.0 200 OK\r\n\r\n{"data": [{"id": "qwen"}]}'

    def serve():
        while True:
            try:
                peer, _ = server.accept()
            except OSError:
                return
            with peer:
                peer.recv(65_536)
                peer.sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)
        thread.join(5)


def plugins(**more):
    """Give the plugins that are not installed as entry points."""
    here = {point.name for point in importlib.metadata.entry_points(group="hocket")}
    offered = {"backends.claude_code": claude_code, **more}
    return {name: plugin for name, plugin in offered.items() if name not in here}


def opened(bare, env, **more):
    return Project.open(bare.root, plugins=plugins(), env={**os.environ, **env}, **more)


def install(bare, monkeypatch, *, program=True, extra=True):
    """Put a `claude` on PATH, and a package of the SDK's name where Python finds it."""
    if program:
        path = bare.write("bin/claude", "#!/bin/sh\nexit 9\n")
        path.chmod(0o755)
    if extra:
        bare.write("site/claude_agent_sdk/__init__.py", "raise ImportError('never imported')\n")
        monkeypatch.syspath_prepend(str(bare.root / "site"))


KEY = {"ANTHROPIC_API_KEY": SECRET}
OPENAI = {"OPENAI_API_KEY": SECRET}
BEDROCK = {"AWS_BEARER_TOKEN_BEDROCK": SECRET}
PLAIN_AWS = {"AWS_REGION": "eu-1", "AWS_PROFILE": "work", "AWS_ACCESS_KEY_ID": SECRET}
FOUNDRY = {"ANTHROPIC_FOUNDRY_API_KEY": SECRET, "ANTHROPIC_FOUNDRY_RESOURCE": "res"}
URL = {"OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}
IDENTITY = {
    "ANTHROPIC_FEDERATION_RULE_ID": "r",
    "ANTHROPIC_ORGANIZATION_ID": "o",
    "ANTHROPIC_IDENTITY_TOKEN": SECRET,
}
NOTHING = "nothing that asks a model was found"


@pytest.mark.parametrize(
    ("env", "backend", "because"),
    [
        (KEY | OPENAI | BEDROCK, "agent_loop/anthropic", "ANTHROPIC_API_KEY is set (anthropic at"),
        (IDENTITY, "agent_loop/anthropic", "a workload identity is set"),
        ({"ANTHROPIC_PROFILE": "work"}, "agent_loop/anthropic", "ANTHROPIC_PROFILE is set"),
        (FOUNDRY | OPENAI, "agent_loop/foundry", "ANTHROPIC_FOUNDRY_API_KEY is set"),
        (OPENAI | PLAIN_AWS, "agent_loop/openai", "OPENAI_API_KEY is set (openai at api.openai"),
        (URL, "agent_loop/openai", "OPENAI_BASE_URL is set (openai at 127.0.0.1:9)"),
        (PLAIN_AWS | {"CLOUD_ML_REGION": "eu"}, "offline", NOTHING),
        ({}, "offline", NOTHING),
        (KEY | {"HOCKET_BACKEND": "simulate"}, "simulate", "named by HOCKET_BACKEND"),
    ],
)
def test_the_environment_decides_as_documented(bare, requests, monkeypatch, env, backend, because):
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    bare.save()
    project = opened(bare, env)
    choice = project.choice()
    assert "/".join(filter(None, (choice.backend.name, choice.provider))) == backend
    assert choice.because.startswith(because)
    card = prepare(project, Demand("wf.py")).card
    assert (card.backend, card.because) == (choice.backend.name, choice.because)
    told = [card.because, *(one.why for one in project.contenders().all())]
    assert SECRET not in json.dumps(told)
    assert requests == []


def test_claude_code_needs_its_program_and_its_extra_and_goes_before_openai(
    bare, requests, monkeypatch
):
    if not sdk.installed():
        install(bare, monkeypatch, extra=False)
        assert opened(bare, OPENAI).choice().provider == "openai"
    install(bare, monkeypatch)
    choice = opened(bare, OPENAI).choice()
    soft = "`claude` is on PATH; it counts for itself, so that budgets are soft"
    assert (choice.backend.name, choice.because) == ("claude_code", soft)
    assert opened(bare, KEY).choice().provider == "anthropic"
    assert requests == []


@pytest.mark.skipif(sdk.installed(), reason="the extra is installed here")
def test_claude_code_that_was_named_and_cannot_work_says_what_is_missing(bare, monkeypatch):
    named = {"choices": {"backend": "claude_code"}}
    with pytest.raises(UsageError, match="backend 'claude_code': the extra is not installed"):
        opened(bare, KEY, **named).choice()
    install(bare, monkeypatch, program=False)
    with pytest.raises(UsageError, match="backend 'claude_code': no `claude` is on PATH"):
        opened(bare, KEY, **named).choice()
    install(bare, monkeypatch, extra=False)
    because = opened(bare, KEY, **named).choice().because
    assert because.startswith("it was named; `claude` is on PATH")


def test_a_server_on_this_machine_is_looked_for_when_nothing_else_was_found(bare, requests):
    with model_server() as address:
        bare.settings(f'[openai]\nlocal = ["{address}"]\n')
        assert opened(bare, KEY).choice().provider == "anthropic"
        assert requests == []
        choice = opened(bare, {}).choice()
        port = int(address.rpartition(":")[2])
    assert (choice.backend.name, choice.provider) == ("agent_loop", "local")
    assert choice.because.startswith(f"a model server answers on {address}")
    assert ("127.0.0.1", port) in requests
    assert {heard[0] for heard in requests} == {"127.0.0.1"}
    assert next(iter(choice.providers)) == "local"


def test_a_cloud_that_was_asked_for_in_vain_is_told(bare, monkeypatch):
    bare.write("site/google/__init__.py", "")
    monkeypatch.syspath_prepend(str(bare.root / "site"))
    project = opened(bare, BEDROCK | OPENAI)
    bedrock = next(one for one in project.contenders().all() if one.name == "bedrock")
    because = project.choice().because
    if bedrock.lacks is None:
        assert because.startswith("AWS_BEARER_TOKEN_BEDROCK is set")
    else:
        assert bedrock.why == "boto3 is not installed: pip install 'hocket[bedrock]'"
        assert because.endswith(f"; bedrock was asked for, but {bedrock.lacks}")
    assert SECRET not in because


def test_nothing_is_imported_to_find_out(bare):
    code = """
import sys
from pathlib import Path
from hocket.launch.project import Project
print(Project.open(Path.cwd()).choice().provider)
sdks = ("anthropic", "openai", "httpx2", "aiohttp", "claude_agent_sdk", "boto3", "google.auth")
print([name for name in sdks if name in sys.modules])
"""
    ended = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        cwd=bare.root,
        env={**os.environ, **KEY},
    )
    assert (ended.stdout, ended.stderr) == ("anthropic\n[]\n", "")


def test_a_run_on_a_local_server_imports_no_sdk(bare):
    code = """
import sys
from pathlib import Path
from hocket.testing import Stage, run_script
from hocket.testing.standin import serving
import os
source = (
    "from hocket.script import agent\\nmeta = {'name': 'case', 'description': 'x'}\\n"
    "async def main():\\n    return await agent('size=5;', tools=[])\\n"
)
with serving() as server:
    os.environ["OPENAI_BASE_URL"] = f"{server.url}/v1"
    stage = Stage(choices={"backend": "agent_loop", "model": "standin"}, real_time=True)
    outcome = run_script(source, project=Path.cwd(), stage=stage)
print(outcome.status, outcome.card.because.partition(" (")[0])
print([name for name in ("anthropic", "openai", "mcp") if name in sys.modules])
"""
    ended = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        cwd=bare.root,
        env={**os.environ, "OPENAI_API_KEY": "sk-nobody"},
    )
    told = "completed it was named; OPENAI_API_KEY is set\n[]\n"
    assert (ended.stdout, ended.stderr) == (told, "")


def test_a_provider_that_a_person_named_goes_first(bare):
    bare.settings('[agent_loop]\nprovider = "openai"\n[openai]\nlocal = []\n')
    choice = opened(bare, KEY | OPENAI).choice()
    assert (choice.provider, next(iter(choice.providers))) == ("openai", "openai")
    # An ordinary login is no sign, but who names the cloud means it.
    bare.settings('[agent_loop]\nprovider = "foundry"\n[openai]\nlocal = []\n')
    choice = opened(bare, KEY).choice()
    assert choice.because.startswith("it was named in the settings (foundry at")
    choice = opened(bare, KEY, choices={"model": "vertex/claude-x"}).choice()
    assert choice.provider == "vertex"
    assert opened(bare, KEY, choices={"model": "x/claude"}).choice().provider == "foundry"


def test_a_provider_that_nobody_has_is_named_with_the_nearest(bare):
    bare.settings('[agent_loop]\nprovider = "opnai"\n[openai]\nlocal = []\n')
    with pytest.raises(UsageError, match="model provider 'opnai': not installed") as caught:
        opened(bare, KEY).choice()
    assert caught.value.hint.startswith("Did you mean 'openai'?")


def test_a_named_backend_says_what_it_found(bare):
    named = {"choices": {"backend": "agent_loop"}}
    choice = opened(bare, KEY, **named).choice()
    assert choice.because.startswith("it was named; ANTHROPIC_API_KEY is set")
    with pytest.raises(UsageError, match="no model provider can work here") as caught:
        opened(bare, {}, **named).choice()
    assert caught.value.hint == "See what was looked for: hocket doctor. Nothing was started."
    with model_server() as address:
        bare.settings(f'[openai]\nlocal = ["{address}"]\n')
        assert opened(bare, {}, **named).choice().provider == "local"


class Offers:
    """Offers what no other plugin has."""

    def __init__(self, backends=(), models=()):
        self._backends, self._models = backends, models

    @hookimpl
    def hocket_register_backends(self, settings):
        return self._backends

    @hookimpl
    def hocket_register_models(self, settings):
        return self._models


class Detected(ScriptedBackend):
    """A backend of a stranger that can tell whether it can work."""

    name = "acme"

    def found(self, env):
        return "ACME is set" if "ACME" in env else None

    def lacks(self, env):
        return None


def test_what_strangers_offer_comes_after_the_known_ones(bare):
    def chosen(**env):
        offers = Offers([Detected({})], [ScriptedModel(name="zeta")] if "ZETA" in env else [])
        project = Project.open(bare.root, plugins={"acme": offers}, env={**_environ(), **env})
        choice = project.choice()
        return choice.backend.name, choice.provider, choice.because

    assert chosen()[0] == "offline"
    assert chosen(ACME="1") == ("acme", None, "ACME is set")
    assert chosen(ACME="1", **OPENAI)[1] == "openai"
    assert chosen(ZETA="1") == ("agent_loop", "zeta", "it needs no key (zeta)")


def _environ():
    return dict(os.environ)


def test_a_resume_goes_on_with_the_backend_that_was_found(bare):
    bare.save()
    project = opened(bare, KEY)
    decided = prepare(project, Demand("wf.py")).project
    assert decided.plugin_settings.choices["backend"] == "agent_loop"
    assert "backend" not in project.plugin_settings.choices
    # In an environment without the key nothing is made up instead.
    with pytest.raises(UsageError, match="no model provider can work here"):
        opened(bare, {}).again({}, decided.plugin_settings.choices).choice()


def test_without_a_backend_for_nothing_the_choice_says_what_is_there(bare):
    bare.settings('[plugins]\nblock = ["backends.offline"]\n[openai]\nlocal = []\n')
    with pytest.raises(UsageError, match="backend 'offline': not installed"):
        opened(bare, {}).choice()


def test_providers_without_a_backend_for_them_are_no_contenders(bare):
    bare.settings('[plugins]\nblock = ["backends.agent_loop"]\n')
    project = opened(bare, KEY)
    assert [one.name for one in project.contenders().all()] == ["claude_code"]
    assert project.choice().backend.name == "offline"
