"""A stand-in for those who have no loop: the fixture, the thread and the command."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request

import pytest

from hocket.testing.standin import Rule, StandIn, serving

COMMAND = [sys.executable, "-m", "hocket.testing.standin"]


def post(url, prompt):
    """Ask without any package; give the message."""
    messages = [{"role": "user", "content": prompt}]
    body = json.dumps({"model": "standin", "max_tokens": 100, "messages": messages}).encode()
    headers = {"x-api-key": "key", "anthropic-version": "2023-06-01"}
    request = urllib.request.Request(f"{url}/v1/messages", data=body, headers=headers)  # noqa: S310
    with urllib.request.urlopen(request) as response:  # noqa: S310
        return json.load(response)


def test_the_fixture_serves_a_test_without_a_loop(hocket_standin):
    assert post(hocket_standin.url, "id=1; answer=Paris;")["content"][0]["text"] == "Paris"
    assert hocket_standin.stats["calls"] == {"1": 1}
    assert hocket_standin.log[0].state == "served"


def test_a_stand_in_of_ones_own_serves_from_a_thread():
    with serving(StandIn(rules=[Rule(reply="told")], seed=7)) as server:
        assert post(server.url, "Hello.")["content"][0]["text"] == "told"
        server.reset()
        server.heal()
        assert post(server.url, "fault=500;")["content"][0]["text"] == "told"
        url = server.url
    assert server.stats["requests"] == 1
    with pytest.raises(urllib.error.URLError):
        post(url, "Hello.")


def test_a_rule_that_raises_is_raised_where_one_waits():
    def rule(asked):
        raise LookupError("a rule with a bug")

    with (
        pytest.raises(ExceptionGroup) as raised,
        serving(StandIn(rules=rule)) as server,
        pytest.raises(OSError, match=r".*"),
    ):
        post(server.url, "Hello.")
    assert raised.group_contains(LookupError)


def test_a_port_that_is_taken_is_an_error():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match="in use"), serving(StandIn(port=port)):
            pass


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_the_command_prints_its_url_and_serves_until_it_is_ended(tmp_path, end):
    rules = tmp_path / "rules.json"
    rules.write_text('[{"text": "Paris", "reply": "France"}]')
    command = [*COMMAND, "--port", "0", "--rules", str(rules), "--seed", "5"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=tmp_path) as process:
        url = process.stdout.readline().strip()
        assert url.startswith("http://127.0.0.1:")
        assert post(url, "Where is Paris?")["content"][0]["text"] == "France"
        os.kill(process.pid, end)
        assert process.wait() == 0
        assert process.stdout.read() == ""


def test_the_command_refuses_rules_it_cannot_read(tmp_path):
    command = [*COMMAND, "--rules", str(tmp_path / "none.json")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "none.json" in done.stderr


def test_the_command_needs_no_sdk():
    code = "import sys, hocket.testing.standin; print(sorted(set(sys.modules) & set(sys.argv)))"
    heavy = ["anthropic", "httpx2", "aiohttp", "pydantic", "click", "rich", "jsonschema"]
    done = subprocess.run(
        [sys.executable, "-c", code, *heavy], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


def test_what_a_test_raises_is_raised_as_it_is(plain):
    async def told(client, server):
        raise KeyError("the test's own")

    with pytest.raises(KeyError, match="the test's own"):
        plain(told)
