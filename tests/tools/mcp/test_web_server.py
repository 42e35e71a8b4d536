"""A server over HTTP on this machine: the same tools, and the same troubles."""

from __future__ import annotations

import asyncio
import subprocess
import sys

import httpx2
import pytest


@pytest.fixture(scope="module")
def server(desks):
    """Give the port of a server, and its process."""
    command = [sys.executable, str(desks.scripts / "full.py"), "http"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout
        yield int(process.stdout.readline()), process
        process.kill()


@pytest.fixture(scope="module")
def life(server, desks, lives, tmp_path_factory):
    port, _ = server
    desk = desks(tmp_path_factory.mktemp("web"))
    url = f"http://127.0.0.1:{port}/mcp"
    desk.servers["web"] = {"url": url, "headers": {"X-Key": "${HOCKET_X:-none}"}, "timeout_s": 20}
    desk.approved("web")
    with lives(desk) as life:
        yield life


def test_it_is_used_like_any_other(life):
    assert '"total": 5' in life.text("mcp__web__add", a=2, b=3)
    assert life.text("mcp__web__steps", pause=0.0) == "done"
    assert any(said.startswith("web steps: ") for said in life.person.said)


def test_it_asks_a_person(life):
    life.person.says = lambda _text, _options: "Oslo"
    assert life.text("mcp__web__travel") == "off to Oslo"


def test_a_cancelled_use_leaves_the_connection(life):
    async def cut():
        async with asyncio.TaskGroup() as group:
            use = group.create_task(life.run.use("mcp__web__silent"))
            for _ in range(200):
                await asyncio.sleep(0)
            use.cancel()
        assert use.cancelled()

    life.runner.run(cut())
    assert '"total": 5' in life.text("mcp__web__add", a=2, b=3)


def test_in_the_end_it_is_gone(life, server):
    """Comes last: the server is killed."""
    _, process = server
    process.kill()
    process.wait()
    first = life.trouble("mcp__web__add", a=2, b=3)
    assert first.endswith("It is started once more when it is used again")
    second = life.trouble("mcp__web__add", a=2, b=3)
    assert "it is off for the rest of the run: " in second
    assert life.trouble("mcp__web__add", a=2, b=3) == second


class Endless(httpx2.AsyncByteStream):
    """Gives a mebibyte as often as anybody wants."""

    def __init__(self):
        self.closed = False

    async def __aiter__(self):
        """Give it."""
        while True:
            yield bytes(2**20)

    async def aclose(self):
        self.closed = True


def test_a_reply_that_does_not_end_is_cut_off():
    web = pytest.importorskip("hocket_plugins.tools.mcp.web", exc_type=ImportError)

    async def read():
        response = httpx2.Response(200, stream=(stream := Endless()))
        await web._bound(response)
        with pytest.raises(httpx2.StreamError, match="a reply of more than 67,108,864 bytes"):
            await response.aread()
        await response.stream.aclose()
        return stream.closed

    assert asyncio.run(read())
