"""What is loaded to say the version, to help, to load the plugins: modules, not milliseconds."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

import hocket

SDKS = {
    "anthropic",
    "claude_agent_sdk",
    "mcp",
    "opentelemetry",
    "psycopg",
    "pydantic_monty",
    "quickjs",
    "ray",
    "starlette",
    "textual",
    "uvicorn",
}
TELL = "import sys; sys.stdout.write(' '.join(sys.modules))"


@pytest.fixture
def run(tmp_path):
    """Run Python in an empty folder without anybody's settings."""
    env = {**os.environ, "HOCKET_CONFIG_HOME": str(tmp_path), "HOCKET_DATA_HOME": str(tmp_path)}

    def start(*args, **more):
        command = [sys.executable, *args]
        return subprocess.run(
            command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False, **more
        )

    return start


@pytest.fixture
def loaded(run):
    """Say which modules are loaded after some code, beside those Python starts with."""

    def after(code):
        ended = run("-c", f"{code}; {TELL}")
        assert ended.returncode == 0, ended.stderr
        return set(ended.stdout.rpartition("\n")[2].split()) - set(run("-c", TELL).stdout.split())

    return after


def command(word):
    return f"from hocket.cli import main; main(['{word}'])"


def test_import_hocket_loads_nothing_else(loaded):
    assert {name for name in loaded("import hocket") if name != "__future__"} == {"hocket"}


def test_the_version_loads_no_library(loaded):
    heavy = {"pydantic", "asyncio", "rich", "aiohttp", "jsonschema", "pluggy", "httpx2"} | SDKS
    assert not loaded(command("--version")) & heavy


def test_help_loads_no_sdk_no_http_and_no_view(loaded):
    found = loaded(command("--help"))
    assert not found & ({"aiohttp", "genai_prices", "httpx2", "jsonschema", "rich"} | SDKS)
    assert not [name for name in found if name.startswith("hocket_plugins.views")]


def test_the_host_loads_no_pydantic_and_no_sdk_of_its_own(loaded):
    found = loaded("import hocket.host, hocket.config, hocket.paths, hocket.bundled")
    assert not found & ({"pydantic", "asyncio", "rich", "click", "aiohttp"} | SDKS)


def test_plugins_load_no_sdk_before_they_are_asked(loaded):
    assert not loaded("from hocket.host import PluginHost; PluginHost.load()") & SDKS


def test_the_version_is_one_line_on_stdout(run):
    ended = run("-m", "hocket", "--version")
    assert (ended.returncode, ended.stdout, ended.stderr) == (
        0,
        f"hocket {hocket.__version__}\n",
        "",
    )


@pytest.mark.parametrize("word", ["--version", "--help"])
def test_case_95_no_home_no_locale_no_stdin(word, run, tmp_path):
    ended = subprocess.run(
        [sys.executable, "-m", "hocket", word],
        cwd=tmp_path,
        env={"LANG": "C"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "hocket" in ended.stdout
