"""A model server on this machine: looked for where it may be, asked for a list, given no key."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from contextlib import contextmanager

import pytest
from pydantic import ValidationError

from hocket.api.messages import ProviderFailure
from hocket_plugins.models.openai_compatible.local import LocalProvider, answers
from hocket_plugins.models.openai_compatible.settings import OpenAiSection

LISTED = b'HTTP/1.0 200 OK\r\n\r\n{"object": "list", "data": [{"id": "qwen"}]}'


@contextmanager
def serving(*pieces, hold=False):
    """Serve one answer in pieces on a port of its own; gives the address and what was asked."""
    asked, done = [], threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            while True:
                try:
                    peer, _ = server.accept()
                except OSError:
                    return
                with peer:
                    asked.append(peer.recv(65_536).decode())
                    for piece in pieces:
                        peer.sendall(piece)
                    if hold:
                        done.wait(10)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield f"127.0.0.1:{server.getsockname()[1]}", asked
        finally:
            done.set()
            server.shutdown(socket.SHUT_RDWR)
            thread.join(5)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"127.0.0.1:{server.getsockname()[1]}"


def local(*addresses, **section):
    return LocalProvider(OpenAiSection(local=addresses, **section))


def test_a_server_that_lists_models_is_found_once_it_was_looked_for():
    with serving(LISTED[:30], LISTED[30:]) as (address, asked):
        provider = local(free_port(), address)
        assert provider.found({}) is None
        assert provider.probe({}) == f"a model server answers on {address}"
        assert provider.found({}) == f"a model server answers on {address}"
        assert provider.lacks({}) is None
        assert provider.lane("m") == f"local|{address}|default|m"
    assert asked[0].startswith("GET /v1/models HTTP/1.0\r\n")


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.0 404 Not Found\r\n\r\n",
        b"HTTP/1.0 200 OK\r\n\r\n<html>",
        b'HTTP/1.0 200 OK\r\n\r\n{"data": null}',
        b'HTTP/1.0 200 OK\r\n\r\n{"data": []}',
        b"HTTP/1.0 200 OK\r\n\r\n[1]",
        b"\x00\xff",
        b"",
    ],
)
def test_what_lists_no_model_is_no_model_server(answer):
    with serving(answer) as (address, _):
        assert not answers(address)
        assert local(address).probe({}) is None


def test_a_silent_server_is_given_up_soon():
    with serving(b"HTTP/1.0 200 OK\r\n", hold=True) as (address, _):
        began = time.perf_counter()
        assert not answers(address)
        assert time.perf_counter() - began < 5  # not for ever; how long exactly is the machine's


def test_an_endless_answer_is_none():
    with serving(b"HTTP/1.0 200 OK\r\n\r\n[" + b" " * 1_100_000) as (address, _):
        assert not answers(address)


def test_nobody_is_asked_where_nobody_should_be():
    with serving(LISTED) as (address, asked):
        assert local(address).probe({"HOCKET_LOCAL_SERVERS": "none"}) is None
        assert local().probe({}) is None
    assert asked == []


@pytest.mark.parametrize("address", ["127.0.0.1:8000", "localhost:8080", "[::1]:11434"])
def test_addresses_of_this_machine_can_be_configured(address):
    assert OpenAiSection(local=[address]).local == (address,)


@pytest.mark.parametrize(
    "address",
    ["10.0.0.1:80", "example.org:80", "127.0.0.1", "127.0.0.1:x", "", "169.254.169.254:80"],
)
def test_no_other_machine_is_ever_asked(address):
    with pytest.raises(ValidationError):
        OpenAiSection(local=[address])


def test_a_local_server_gets_no_key_and_no_header(chat, wire, says, chunks, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    wire.say(says.stream(chunks.data(chunks.chunk(finish="stop"))))

    async def story():
        async with wire.open():
            provider = local(wire.url.removeprefix("http://"), headers={"api-key": "sk-secret"})
            await chat.turn(provider)
            await provider.aclose()

    asyncio.run(story())
    assert "secret" not in json.dumps(wire.asked[0].headers)


@pytest.mark.parametrize(
    ("names", "model"),
    [
        (["nomic-embed-text", "qwen", "llama"], "qwen"),
        (["qwen"], "qwen"),
        (["embed-a", "embed-b"], None),
    ],
)
def test_its_first_model_that_talks_does_for_every_tier(wire, says, names, model):
    wire.say(says.refused(200, {"data": [{"id": name} for name in names]}))

    async def story():
        async with wire.open():
            provider = local(wire.url.removeprefix("http://"))
            try:
                return {await provider.resolve(tier) for tier in ("small", "medium", "opus")}
            except ProviderFailure:
                return {None}
            finally:
                await provider.aclose()

    assert asyncio.run(story()) == {model}
