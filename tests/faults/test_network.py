"""Cases 77 to 81: what lies between hocket and a provider."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import signal
import ssl
import subprocess
import sys
from pathlib import Path

import pytest
from inject import can_leave_the_net, standin, without_net

from hocket.api.events import StateChanged

case = pytest.mark.case
HERE = Path(__file__).parent


@case(77)
def test_77_a_server_that_comes_back_within_a_minute_costs_nothing(office):
    def ready(run):
        loop = asyncio.get_running_loop()
        loop.call_later(30.0, lambda: held.append(loop.create_task(office._serve())))

    held = []
    done = office.fan("id=#; answer=v#;", 20, serve=False, ready=ready)
    assert (done.status, done.census) == ("completed", {"ok": 20})
    assert min(office.starts) >= 30.0


@case(77)
def test_77_a_minute_without_any_lane_suspends_the_run_as_offline(office):
    done = office.fan("id=#; answer=v#;", 20, serve=False)
    assert (done.status, done.cause) == ("suspended", "offline")
    assert set(done.census) <= {"quota", "cancelled"}
    assert 60 <= done.report["elapsed_s"] <= 100
    assert office.again(done).census == {"ok": 20}


@case(77)
def test_77_a_server_that_goes_away_in_the_middle_fails_no_call_alone(office):
    def gone(run):
        asyncio.get_running_loop().call_later(5.5, office._served.cancel)

    done = office.fan("id=#; lat=1000; answer=v#;", 200, ready=gone)
    assert (done.status, done.cause) == ("suspended", "offline")
    assert "error" not in done.census
    assert sum(isinstance(event, StateChanged) for event in done.events) == 1
    kept = done.census["ok"]
    assert office.again(done).census == {"cached": kept, "ok": 200 - kept}


@case(78)
def test_78_no_interface_is_one_suspended_run(office):
    if not can_leave_the_net():
        pytest.skip("unshare is not here or may not make a network of its own")
    words = without_net(sys.executable, str(HERE / "offline.py"), str(office.project))
    ran = subprocess.run(words, capture_output=True, text=True, timeout=25, check=False)
    assert ran.returncode == 0, ran.stderr
    report = json.loads(ran.stdout.splitlines()[-1])
    assert (report["status"], report["cause"]) == ("suspended", "offline")
    assert "error" not in report["census"]


@case(78)
def test_78_a_name_that_nobody_knows_is_one_suspended_run(office):
    office.settle()
    path = office.config
    nowhere = path.read_text().replace("127.0.0.1", "nowhere.invalid")
    path.write_text(nowhere)
    done = office.fan("id=#;", 3, serve=False)
    assert (done.status, done.cause) == ("suspended", "offline")


@case(79)
def test_79_a_peer_that_falls_silent_for_good_costs_its_call_alone(office):
    """In real time: the server is a process, stopped after it took the request."""
    office.settle(anthropic='models = {standin = {thinking = "none"}}')
    with standin(office.port) as process:
        body = 'return await attempt("id=a; answer=x;", stall_ms=1000, tools=[])'

        def ready(run):
            os.kill(process.pid, signal.SIGSTOP)

        try:
            done = office.play(body, serve=False, real_time=True, ready=ready)
        finally:
            os.kill(process.pid, signal.SIGCONT)
    assert (done.result["state"], done.result["cause"]) == (
        "stalled",
        "nothing heard for 1 s, 3 times",
    )
    assert done.status == "completed"


class Listener:
    """A server that speaks TLS with a certificate nobody signed, or breaks off; it keeps bytes."""

    def __init__(self, context=None):
        self.context = context
        self.first = []
        self.connections = 0

    async def serve(self, port):
        server = await asyncio.start_server(self._take, "127.0.0.1", port)
        async with server:
            await server.serve_forever()

    async def _take(self, reader, writer):
        self.connections += 1
        with contextlib.suppress(ConnectionError, ssl.SSLError, asyncio.CancelledError):
            self.first.append(await reader.read(3))
            if self.context is not None:
                writer.write(b"\x15\x03\x01\x00\x02\x02\x28")  # a fatal alert: no handshake
                await writer.drain()
        writer.close()


@case(80)
@pytest.mark.parametrize("alert", [True, False])
def test_80_a_handshake_that_fails_is_never_tried_without_it(office, alert):
    listener = Listener(alert or None)
    path = office.config
    path.write_text(path.read_text().replace("http://", "https://"))

    def ready(run):
        held.append(asyncio.get_running_loop().create_task(listener.serve(office.port)))

    held = []
    done = office.fan("id=#;", 3, serve=False, ready=ready)
    assert (done.status, done.cause) == ("suspended", "offline")
    assert listener.connections > 3
    assert {first[:2] for first in listener.first} == {b"\x16\x03"}  # each one began with TLS


@case(80)
def test_80_a_certificate_that_nobody_signed_is_not_accepted(office, tmp_path):
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not here to make a certificate")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    words = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=127.0.0.1"]
    words += ["-days", "1", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run([openssl, *words], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    read = []

    async def take(reader, writer):
        read.append(await reader.read(100))
        writer.close()

    async def serve():
        server = await asyncio.start_server(take, "127.0.0.1", office.port, ssl=context)
        async with server:
            await server.serve_forever()

    def ready(run):
        held.append(asyncio.get_running_loop().create_task(serve()))

    held = []
    path = office.config
    path.write_text(path.read_text().replace("http://", "https://"))
    done = office.fan("id=#;", serve=False, ready=ready)
    assert (done.status, done.cause) == ("suspended", "offline")
    assert read == []


@case(81)
@pytest.mark.parametrize("name", ["HTTPS_PROXY", "ALL_PROXY"])
def test_81_a_proxy_that_is_not_there_is_named_by_its_variable(office, monkeypatch, name):
    for known in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(known, raising=False)
        monkeypatch.delenv(known.lower(), raising=False)
    monkeypatch.setenv(name, "http://127.0.0.1:9")
    office.settle()
    path = office.config
    path.write_text(path.read_text().replace("http://127.0.0.1", "https://example.invalid"))
    done = office.fan("id=#;", serve=False)
    assert (done.status, done.cause) == ("suspended", "offline")
    assert done.report["notes"] == [f"{name} is set: is the proxy it names there?"]
