"""Bytes on the wire: where they are cut, when they come, and that they are the same again."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket.testing.standin.draws import Draws
from hocket.testing.standin.frames import cut
from hocket.testing.standin.heads import BadRequest, Reader, chunk, head


@given(st.binary(max_size=3_000), st.integers(0, 99))
def test_cuts_lose_nothing_and_make_no_empty_piece(data, number):
    pieces = cut(data, Draws(1, number))
    assert b"".join(pieces) == data
    assert all(pieces)


@given(st.text(min_size=1, max_size=300), st.integers(0, 99))
def test_one_cut_is_within_a_character_if_any_has_more_than_one_byte(text, number):
    data = text.encode("utf-8", "replace")
    borders, place = [], 0
    for piece in cut(data, Draws(1, number)):
        borders.append(place)
        place += len(piece)
    assert any(data[border] & 0xC0 == 0x80 for border in borders) != data.isascii()


@given(st.text(max_size=300), st.integers(1, 50), st.integers(0, 99))
def test_a_split_text_is_the_text(text, longest, number):
    pieces = Draws(2, number).split(text, longest)
    assert "".join(pieces) == text
    assert all(1 <= len(piece) <= longest for piece in pieces)


def test_chunk_borders_are_within_characters_on_the_wire(plain, ask):
    async def told(client, server):
        body = ask("answer=" + "漢" * 50 + "; drip=1;", stream=True)
        async with client.stream("POST", "/v1/messages", json=body) as response:
            return [piece async for piece in response.aiter_raw()]

    pieces = plain(told)
    assert "漢" * 3 in b"".join(pieces).decode()
    assert any(piece[0] & 0xC0 == 0x80 for piece in pieces)


def test_the_same_seed_cuts_alike_and_another_does_not(plain, ask):
    async def told(client, server):
        return (await client.post("/v1/messages", json=ask("size=900;", stream=True))).text

    first, again, other = (plain(told, seed=seed) for seed in (1, 1, 2))
    assert first == again != other


def test_first_and_lat_are_when_a_reply_begins_and_ends(plain, ask):
    async def told(client, server):
        seen, time = [], asyncio.get_running_loop().time
        for orders in ("first=1000; lat=5000;", "lat=2000;", "first=3000; lat=1;"):
            start = time()
            body = ask(orders, stream=True)
            async with client.stream("POST", "/v1/messages", json=body) as response:
                pieces = response.aiter_raw()
                await anext(pieces)
                begun = time() - start
                _ = [piece async for piece in pieces]
            seen.append((begun, time() - start))
        return seen

    assert plain(told, jumps=True) == [(1, 5), (2, 2), (3, 3)]


def test_a_dripping_reply_waits_before_every_piece(plain, ask):
    async def told(client, server):
        start = asyncio.get_running_loop().time()
        answer = await client.post("/v1/messages", json=ask("drip=60000;", stream=True))
        return asyncio.get_running_loop().time() - start, answer.text.count("event: ")

    seconds, events = plain(told, jumps=True)
    assert seconds == 60 * (events - 1)
    assert events > 8


def test_the_headers_tell_the_request_and_the_limits(plain, ask):
    async def told(client, server):
        return (await client.post("/v1/messages", json=ask("Hello."))).headers

    headers = plain(told, jumps=True)
    assert headers["request-id"] == "req_" + "1".zfill(24)
    assert headers["anthropic-ratelimit-requests-remaining"] == "3999"
    assert headers["anthropic-ratelimit-requests-reset"] == "2026-01-01T00:01:00Z"


def test_a_large_reply_waits_for_a_slow_reader(plain, ask):
    async def told(client, server):
        body = ask("size=9000000; lat=1;", max_tokens=None)
        async with client.stream("POST", "/v1/chat/completions", json=body) as response:
            for _ in range(9):
                await asyncio.sleep(0.001)
            open_still = server.log[-1].state
            return open_still, sum([len(piece) async for piece in response.aiter_raw()])

    state, size = plain(told)
    assert state == "open"
    assert size > 9_000_000


REQUEST = b"POST /v1/a%20b?x=1 HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc"


@given(st.lists(st.integers(0, 2 * len(REQUEST)), max_size=9))
def test_requests_are_whole_however_they_arrive(places):
    data, reader, found = REQUEST * 2, Reader(), []
    borders = [0, *sorted(places), len(data)]
    for start, end in pairwise(borders):
        reader.feed(data[start:end])
        while (request := reader.take()) is not None:
            found.append(request)
    assert [(r.method, r.path, dict(r.query), r.body) for r in found] == [
        ("POST", "/v1/a b", {"x": "1"}, b"abc")
    ] * 2
    assert found[0].headers["host"] == "h"


@pytest.mark.parametrize(
    "data",
    [
        b"nonsense\r\n\r\n",
        b"GET / HTTP/1.1\r\ncontent-length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n",
    ],
)
def test_bytes_that_are_no_request_end_the_connection(plain, data):
    reader = Reader()
    reader.feed(data)
    with pytest.raises(BadRequest):
        reader.take()

    async def told(client, server):
        arrived, writer = await asyncio.open_connection(*server.url[7:].split(":"))
        writer.write(data)
        answer = await arrived.read()
        writer.close()
        return answer

    assert plain(told) == b""


def test_a_client_that_asks_for_it_is_let_go(plain, ask):
    async def told(client, server):
        headers = {"connection": "close"}
        arrived, writer = await asyncio.open_connection(*server.url[7:].split(":"))
        request = head(200, "x", headers, 0).replace(b"HTTP/1.1 200 OK", b"GET /__stats HTTP/1.1")
        writer.write(request)
        answer = await arrived.read()
        writer.close()
        return answer

    assert plain(told).startswith(b"HTTP/1.1 200 OK\r\n")


def test_an_empty_piece_is_no_chunk_and_an_odd_status_has_a_name():
    assert chunk(b"") == b""
    assert chunk(b"abc") == b"3\r\nabc\r\n"
    assert head(529, "x", {}, 0).startswith(b"HTTP/1.1 529 Unknown\r\n")
