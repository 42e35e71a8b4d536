"""The doctor says of every part what is here, what would be used, and why; it survives anything."""

from __future__ import annotations

import importlib.metadata
import json
import os
import shutil
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hocket import __version__
from hocket.cli import main
from hocket.cli.doctor.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hocket.testing.standin import StandIn

ACME = """
from hocket.api.markers import hookimpl
from hocket.scripts.python import PythonHost


class Part:
    def __init__(self, name):
        self.name = name


@hookimpl
def hocket_register_backends(settings):
    return [Part("offline")]


@hookimpl
def hocket_register_script_hosts():
    return [PythonHost()]


@hookimpl
def hocket_choose_router(settings):
    return Part("acme_router")


@hookimpl
def hocket_choose_executor(settings):
    return Part("acme_executor")


@hookimpl
def hocket_choose_store(settings):
    return Part(settings.choices.get("store", "acme_store"))
"""

QUOTED = "nothing that asks a model was found, so sentences of files are quoted"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a project with a plugin of every part, and block those that happen to be here."""
    here = tmp_path / "project"
    (here / ".hocket").mkdir(parents=True)
    monkeypatch.chdir(here)
    monkeypatch.setenv("HOCKET_CONFIG_HOME", str(tmp_path / "config"))
    for name in ("HOCKET_BACKEND", "HOCKET_STORE"):
        monkeypatch.delenv(name, raising=False)
    names = [point.name for point in importlib.metadata.entry_points(group="hocket")]
    (tmp_path / "config").mkdir()
    block = f"[plugins]\nblock = {json.dumps(names)}\n"
    (tmp_path / "config" / "config.toml").write_text(block, "utf-8")
    install(tmp_path / "site", monkeypatch, "acme", ACME)
    return here


def install(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, source: str) -> None:
    """Put a plugin package where Python finds it, as pip would."""
    info = folder / f"{name}-1.2.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n", "utf-8")
    (info / "entry_points.txt").write_text(f"[hocket]\n{name} = {name}\n", "utf-8")
    (folder / f"{name}.py").write_text(source, "utf-8")
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.delitem(sys.modules, name, raising=False)


def programs(folder: Path, monkeypatch: pytest.MonkeyPatch, **scripts: str) -> None:
    """Let PATH hold these programs and nothing else."""
    folder.mkdir()
    for name, text in scripts.items():
        (folder / name).write_text(f"#!/bin/sh\n{text}\n", "utf-8")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


def findings(capsys: pytest.CaptureFixture[str], *args: str) -> dict[str, Finding]:
    """Run the doctor and give its last finding for each part."""
    assert main(["doctor", "--json", *args]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["schema"], answer["command"]) == (1, "doctor")
    return {each["part"]: Finding(**each) for each in answer["findings"]}


def test_every_part_has_its_line(project: Path, capsys: pytest.CaptureFixture[str]):
    found = findings(capsys)
    assert list(found) == [
        "hocket",
        "python",
        "git",
        "sandbox",
        "plugins",
        "trust",
        "settings",
        "backend",
        "scripts",
        "router",
        "executor",
        "store",
        "runs",
    ]
    assert found["hocket"].which == __version__
    assert found["plugins"].which == "1 loaded"
    assert found["backend"] == Finding("backend", "offline", "chosen", QUOTED)
    assert found["scripts"].which == "python (.py)"
    assert found["router"] == Finding("router", "acme_router", "chosen", "no router was named")
    assert found["runs"] == Finding("runs", ".hocket/runs", "missing", "the first run makes it")


def test_a_pipe_gets_a_row_for_each_line(project: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["doctor"]) == 0
    rows = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert {len(row) for row in rows} == {4}
    assert ["backend", "offline", "chosen", QUOTED] in rows


def test_what_was_named_is_chosen_and_it_says_where(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("HOCKET_STORE", "postgres")
    (project / ".hocket" / "config.toml").write_text('backend = "offline"\n', "utf-8")
    (project / ".hocket" / "runs").mkdir()
    found = findings(capsys)
    assert found["store"] == Finding("store", "postgres", "chosen", "named by HOCKET_STORE")
    assert found["backend"].why == "named by .hocket/config.toml"
    assert found["runs"].state == "found"
    assert "HOCKET_STORE" in found["settings"].which


def offer(project: Path, monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """Let the plugin offer these backends instead."""
    parts = ", ".join(f"Part({name!r})" for name in names)
    changed = ACME.replace('Part("offline")', parts) + "# changed\n" * len(names)
    (project.parent / "site" / "acme.py").write_text(changed, "utf-8")
    monkeypatch.delitem(sys.modules, "acme", raising=False)


@pytest.mark.parametrize(
    ("here", "named", "states"),
    [
        (("replay", "offline"), "", {"offline": "chosen", "replay": "found"}),
        (("acme", "offline"), "", {"offline": "chosen", "acme": "found"}),
        (("acme", "offline"), "acme", {"acme": "chosen", "offline": "found"}),
        (("acme",), "gone", {"": "missing", "acme": "found"}),
        ((), "", {"": "missing"}),
    ],
)
def test_each_backend_has_its_line_and_the_one_that_a_run_takes_is_chosen(
    here: tuple[str, ...],
    named: str,
    states: dict[str, str],
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    offer(project, monkeypatch, *here)
    monkeypatch.setenv("HOCKET_BACKEND", named)
    main(["doctor", "--json"])
    found = [Finding(**each) for each in json.loads(capsys.readouterr().out)["findings"]]
    lines = [each for each in found if each.part == "backend"]
    assert {each.which: each.state for each in lines} == states
    assert all(each.why for each in lines)


def test_a_model_can_be_required(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    offer(project, monkeypatch, "acme", "offline")
    monkeypatch.setenv("HOCKET_BACKEND", "acme")
    assert main(["doctor", "--require-model", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["backend"], answer["has_model"]) == ("acme", True)

    monkeypatch.delenv("HOCKET_BACKEND")
    assert main(["doctor", "--require-model", "--json"]) == 1
    out, err = capsys.readouterr()
    answer = json.loads(out)
    assert (answer["backend"], answer["has_model"]) == ("offline", False)
    assert answer["error"]["code"] == "failed"
    assert answer["findings"]
    assert "the backend would be 'offline', which asks no model" in err


def test_a_broken_plugin_or_setting_is_a_line_and_no_end(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    (project / ".hocket" / "config.toml").write_text("buget_usd = 5\n", "utf-8")
    settings = findings(capsys)["settings"]
    assert settings.state == "broken"
    assert settings.why.startswith(".hocket/config.toml:1: ")

    install(project.parent / "more", monkeypatch, "acme_broken", "1 / 0")
    found = findings(capsys)
    assert found["plugins"].state == "broken"
    assert "acme_broken" in found["plugins"].why
    assert found["runs"].part == "runs"

    assert main(["doctor", "--require-model"]) == 1
    assert "hocket: doctor: no backend" in capsys.readouterr().err


def test_a_part_that_nobody_offers_is_missing(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    source = "from hocket.api.markers import hookimpl\n"
    (project.parent / "site" / "acme.py").write_text(source, "utf-8")
    found = findings(capsys)
    assert [found[part].state for part in ("router", "executor", "store")] == ["missing"] * 3
    assert found["backend"].state == "missing"


def test_a_setting_that_does_not_hold_is_noted(project: Path, capsys: pytest.CaptureFixture[str]):
    (project / ".hocket" / "config.toml").write_text("max_agents = 2000\n", "utf-8")
    settings = findings(capsys)["settings"]
    assert "max_agents" in settings.why


def test_git_and_sandbox_are_tried_and_not_only_looked_for(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    folder = project.parent / "bin"
    programs(folder, monkeypatch, git="echo git version 2.99", bwrap="exit 0")
    found = findings(capsys)
    assert (found["git"].which, found["git"].state) == ("2.99", "found")
    assert found["sandbox"].state == "found"


def test_programs_that_fail_are_broken_and_say_why(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    denied = 'echo "warning\nNo permission to create a namespace" >&2; exit 1'
    programs(project.parent / "bin", monkeypatch, git="exit 3", bwrap=denied)
    found = findings(capsys)
    assert found["git"].state == "broken"
    assert found["git"].why == "it failed and does not say why"
    assert found["sandbox"].why == "No permission to create a namespace"


def test_programs_that_are_missing_or_cannot_start(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    programs(project.parent / "bin", monkeypatch)
    found = findings(capsys)
    assert [found[part].state for part in ("git", "sandbox")] == ["missing", "missing"]

    bad = project.parent / "bin" / "git"
    bad.write_bytes(b"\x7fELF no program")
    bad.chmod(0o755)
    assert "Exec format error" in findings(capsys)["git"].why


@pytest.mark.skipif(not shutil.which("bwrap"), reason="needs bubblewrap")
def test_the_real_sandbox_gets_a_clear_answer(project: Path, capsys: pytest.CaptureFixture[str]):
    sandbox = findings(capsys)["sandbox"]
    assert sandbox.state in {"found", "broken"}
    assert sandbox.why


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder closed to all")
def test_a_folder_that_cannot_be_written_is_broken(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.chdir("/proc/self")
    assert findings(capsys)["runs"].state == "broken"


@pytest.fixture
def real(hocket_project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an empty project with hocket's own plugins, in an environment without any key."""
    for name in [*os.environ]:
        if name.startswith(("ANTHROPIC_", "AWS_", "CLAUDE_", "CLOUD_", "GOOGLE_", "OPENAI_")):
            monkeypatch.delenv(name)
    monkeypatch.delenv("HOCKET_BACKEND", raising=False)
    monkeypatch.setenv("HOCKET_LOCAL_SERVERS", "none")
    monkeypatch.chdir(hocket_project)
    return hocket_project


SECRET = "sk-ant-this-is-nobodys-key"  # noqa: S105


def every(capsys: pytest.CaptureFixture[str], *args: str) -> dict[tuple[str, str], Finding]:
    """Run the doctor and give all its findings by part and name."""
    assert main(["doctor", "--json", *args]) == 0
    out, err = capsys.readouterr()
    assert SECRET not in out + err
    found = [Finding(**each) for each in json.loads(out)["findings"]]
    return {(each.part, each.which): each for each in found}


def test_every_candidate_has_its_line_and_says_what_it_would_need(
    real: Path, capsys: pytest.CaptureFixture[str]
):
    found = every(capsys)
    assert found["backend", "offline"].why == QUOTED
    assert found["backend", "agent_loop"].why == "no model provider can work here"
    assert found["backend", "replay"].state == "found"
    models = {which: each.state for (part, which), each in found.items() if part == "model"}
    assert set(models.values()) == {"missing"}
    assert list(models)[:2] == ["anthropic", "bedrock"]
    assert list(models)[-2:] == ["openai", "local"]
    assert "OPENAI_API_KEY" in found["model", "openai"].why
    assert "no model server answers" in found["model", "local"].why
    able = [
        each.why for (part, _), each in found.items() if (part, each.state) == ("tools", "found")
    ]
    assert {"Read", "Edit", "Bash"} <= {*able[0].split(", ")}


def test_the_choice_and_its_reason_are_told_and_no_secret(
    real: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("ANTHROPIC_API_KEY", SECRET)
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    monkeypatch.setenv("HOCKET_MODEL", "claude-sonnet-4-5")
    found = every(capsys, "--require-model")
    chosen = [key for key, each in found.items() if each.state == "chosen"]
    assert chosen[:2] == [("model", "anthropic"), ("backend", "agent_loop")]
    assert found["model", "openai"].state == "found"
    assert found["price", "claude-sonnet-4-5"].why.endswith("for a million tokens")
    why = found["backend", "agent_loop"].why
    assert why.startswith("ANTHROPIC_API_KEY is set (anthropic at api.anthropic.com, account ")
    assert main(["doctor"]) == 0
    assert SECRET not in capsys.readouterr().out

    monkeypatch.setenv("HOCKET_MODEL", "no-such-model")
    assert "[prices] can say it" in every(capsys)["price", "no-such-model"].why
    config = Path(os.environ["HOCKET_CONFIG_HOME"], "config.toml")
    config.write_text("[prices.no-such-model]\ninput = 1.5\noutput = 2\n", "utf-8")
    why = every(capsys)["price", "no-such-model"].why
    assert why == "$1.50 in, $2.00 out for a million tokens"


def test_a_provider_that_is_named_and_not_there_is_told(
    real: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    config = real / ".hocket" / "config.toml"
    config.write_text('[agent_loop]\nprovider = "opnai"\n', "utf-8")
    found = every(capsys, "--probe")
    assert found["backend", ""].why.startswith("model provider 'opnai': not installed")
    assert not [part for part, _ in found if part == "probe"]


def test_a_probe_asks_one_short_question(
    real: Path,
    hocket_standin: StandIn,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    monkeypatch.setenv("ANTHROPIC_API_KEY", SECRET)
    monkeypatch.setenv("ANTHROPIC_BASE_URL", hocket_standin.url)
    found = every(capsys, "--probe", "--require-model")
    (probe,) = [each for (part, _), each in found.items() if part == "probe"]
    assert (probe.which, probe.state) == ("claude-sonnet-5-5", "found")
    assert "out, $0.0" in probe.why
    assert found["price", "claude-sonnet-5-5"].state == "found"
    (turn,) = [one for one in hocket_standin.log if one.path.endswith("/messages")]
    assert turn.body["max_tokens"] + len(json.dumps(turn.body["messages"])) // 4 <= 50


class ModelServer(BaseHTTPRequestHandler):
    """A server of one model, which repeats a wrong key."""

    key = ""

    def do_GET(self):
        self._say(200, {"data": [{"id": "qwen", "context_length": 9_000}, {"id": "llama"}]})

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        sent = self.headers.get("authorization", "")
        if self.key not in sent:
            error = {"code": "invalid_api_key", "message": f"Incorrect API key provided: {sent}"}
            self._say(401, {"error": error})
        elif body["model"] not in {"qwen", "llama"}:
            self._say(404, {"error": {"code": "model_not_found", "message": "no such model"}})
        else:
            message = {"role": "assistant", "content": "ok"}
            choices = [{"index": 0, "message": message, "finish_reason": "stop"}]
            usage = {"prompt_tokens": 9, "completion_tokens": 1}
            self._say(200, {"model": "qwen", "choices": choices, "usage": usage})

    def _say(self, status: int, body: object):
        raw = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *args: object):
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[str]:
    """Serve one model on a port of this machine."""
    with ThreadingHTTPServer(("127.0.0.1", 0), ModelServer) as made:
        thread = threading.Thread(target=made.serve_forever, args=(0.01,))
        thread.start()
        yield f"127.0.0.1:{made.server_address[1]}"
        made.shutdown()
        thread.join()


def test_a_probe_of_a_server_on_this_machine(
    real: Path, server: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("HOCKET_LOCAL_SERVERS", "")
    (real / ".hocket" / "config.toml").write_text(f'[openai]\nlocal = ["{server}"]\n', "utf-8")
    found = every(capsys, "--probe", "--require-model")
    assert found["model", "local"].state == "chosen"
    assert found["model", "local"].why.startswith(f"a model server answers on {server}")
    assert found["probe", "qwen"].why.endswith(": 9 tokens in, 1 out, $0.00")
    assert found["price", "qwen"].why == "nothing is billed"


@pytest.mark.parametrize(
    ("env", "why"),
    [
        ({}, "auth: invalid_api_key: "),
        (
            {"HOCKET_MODEL": "small"},
            "bad_request: alias: nothing says which model 'small' is; it lists",
        ),
        (
            {"HOCKET_MODEL": "qwem"},
            "bad_request: unknown_model: the server has no model 'qwem'; it has qwen",
        ),
        ({"OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}, "network: ConnectError"),
    ],
)
def test_a_probe_that_fails_is_told_in_the_services_words(
    real: Path,
    server: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    env: dict[str, str],
    why: str,
):
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    monkeypatch.setenv("OPENAI_BASE_URL", f"http://{server}/v1")
    monkeypatch.setenv("HOCKET_MODEL", "qwen")
    monkeypatch.setattr(ModelServer, "key", "" if env else "another key")
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    (probe,) = [each for (part, _), each in every(capsys, "--probe").items() if part == "probe"]
    assert probe.state == "broken"
    assert probe.why.startswith(why)
    assert main(["doctor", "--probe", "--require-model"]) == 1
    assert "did not answer" in capsys.readouterr().err


def test_a_backend_that_asks_by_itself_is_not_probed(
    real: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    probe = every(capsys, "--probe")["probe", "offline"]
    assert (probe.state, probe.why) == ("missing", "only model providers can be tried")


PARTS = """
from pydantic import BaseModel, ConfigDict

from hocket.api.markers import hookimpl
from hocket.api.messages import Capabilities


class Model:
    name = "acme_model"
    ends = None

    async def capabilities(self, model):
        return Capabilities()

    async def turn(self, request):
        if ENDS:
            raise TimeoutError
        return
        yield

    async def count(self, request):
        return None

    async def aclose(self):
        pass


class Binds:
    name = "acme_loop"

    def bind(self, **offers):
        pass


class Asks:
    name = "acme_asks"

    def found(self, env):
        return None

    def lacks(self, env):
        return None


class Tool:
    name = "Acme"

    def __init__(self, name, lacking):
        self.name, self._lacking = name, lacking

    def lacks(self):
        return self._lacking


class Mcp(BaseModel):
    model_config = ConfigDict(title="mcp")

    servers: dict[str, str] = {"github": "x"}


@hookimpl
def hocket_register_backends(settings):
    return [Binds(), Asks()]


@hookimpl
def hocket_register_models(settings):
    return [Model()]


@hookimpl
def hocket_register_tools(settings):
    return [Tool("Acme", None), Tool("Odd", "a part of it is missing")]


@hookimpl
def hocket_register_settings():
    return [Mcp]
"""


@pytest.mark.parametrize(
    ("ends", "why"),
    [("True", "no answer within 30 s"), ("False", "cut: no end of the reply")],
)
def test_parts_of_strangers_have_their_lines_too(
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    ends: str,
    why: str,
):
    install(project.parent / "parts", monkeypatch, "acme_parts", f"ENDS = {ends}\n{PARTS}")
    found = every(capsys, "--probe")
    assert found["model", "acme_model"].state == "chosen"
    assert found["backend", "acme_loop"].why == "it needs no key (acme_model)"
    assert found["backend", "acme_asks"].why == "nothing here asks for it"
    assert found["tools", "Odd"] == Finding("tools", "Odd", "missing", "a part of it is missing")
    assert found["tools", "1"].why == "Acme"
    assert found["mcp", "github"].state == "found"
    assert found["probe", ""] == Finding("probe", "", "broken", why)
