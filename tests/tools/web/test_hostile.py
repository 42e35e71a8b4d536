"""A19: hostile addresses, rebinding, endless pages, bombs, drips: refused, and nobody reached."""

from __future__ import annotations

import asyncio
import gzip
import tracemalloc
import zlib

import pytest

from hocket_plugins.tools.web.fetch import WebFetch

HOSTS = [
    "0.0.0.0",  # noqa: S104
    "0",
    "10.1.2.3",
    "100.100.100.200",
    "127.0.0.1",
    "127.1",
    "0x7f.0.0.1",
    "0177.0.0.1",
    "2130706433",
    "168.63.129.16",
    "169.254.169.254",
    "2852039166",
    "172.16.0.1",
    "192.0.0.192",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.251",
    "255.255.255.255",
    "[::]",
    "[::1]",
    "[::127.0.0.1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:a9fe:a9fe]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b::a9fe:a9fe]",
    "[64:ff9b:1::a00:1]",
    "[2002:7f00:1::]",
    "[2001:0:7f00:1::]",
    "[fc00::1]",
    "[fd00:ec2::254]",
    "[fe80::1]",
    "[fec0::1]",
    "[ff02::1]",
]


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("host", HOSTS)
def test_an_address_that_is_not_public(reader, internet, scheme, host):
    found = reader.refusal(f"{scheme}://{host}/latest/meta-data/")
    assert found.endswith(("is not on the public web", "is known", "is no web address"))
    assert (internet.dialled, internet.requests) == ([], [])


@pytest.mark.parametrize("host", HOSTS[4:])
def test_a_name_that_leads_there(reader, internet, host):
    internet.names["rebind.example"] = [["93.184.216.34", host.strip("[]")]]
    assert reader.refusal("http://rebind.example/") == ("rebind.example is not on the public web")
    assert internet.dialled == []


def test_rebinding_changes_nothing(reader, internet):
    """The name is asked for once; the connection goes where the checked answer said."""
    internet.names["rebind.example"] = [["93.184.216.34"], ["127.0.0.1"], ["169.254.169.254"]]
    internet.puts("rebind.example/", "arrived")
    assert reader.text("http://rebind.example/") == "arrived"
    assert internet.asked == ["rebind.example"]
    assert internet.dialled == [("93.184.216.34", 80)]


def test_of_several_addresses_the_first_that_answers_is_taken(reader, internet):
    internet.names["many.example"] = [["1.1.1.1", "1.0.0.1", "93.184.216.34"]]
    internet.dead = {"1.1.1.1", "1.0.0.1"}
    internet.puts("many.example/", "arrived")
    assert reader.text("http://many.example/") == "arrived"
    assert [host for host, _ in internet.dialled] == ["1.1.1.1", "1.0.0.1", "93.184.216.34"]


def test_nobody_answers(reader, internet):
    internet.names["many.example"] = [[f"1.1.1.{number}" for number in range(9)]]
    internet.dead = {f"1.1.1.{number}" for number in range(9)}
    assert reader.refusal("http://many.example/") == (
        "many.example cannot be read from (connect error)"
    )
    assert len(internet.dialled) == 4


def endless(internet, head: bytes, piece: bytes):
    """Send for ever, and count what the other side took."""

    async def send(writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while True:
            writer.write(piece)
            await writer.drain()
            internet.sent += len(piece)

    return send


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n",
    ],
)
def test_ten_gigabytes_are_neither_read_nor_kept(reader, internet, head):
    piece = b"100000\r\n" + b"x" * 2**20 + b"\r\n" if b"chunked" in head else b"x" * 2**20
    internet.pages["big.example/"] = endless(internet, head, piece)
    tracemalloc.start()
    try:
        assert reader.refusal("http://big.example/") == "the page has more than 5,000,000 bytes"
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert internet.sent < 30_000_000
    assert peak < 40_000_000
    assert reader.context.kept == {}


def test_ten_gigabytes_that_are_announced_are_not_begun(reader, internet):
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 10000000000\r\n\r\n"
    internet.pages["big.example/"] = endless(internet, head, b"x" * 2**16)
    assert reader.refusal("http://big.example/") == "the page has more than 5,000,000 bytes"
    assert internet.sent < 10_000_000


def test_exactly_as_much_as_may_be(reader, internet):
    internet.puts("big.example/", b"x" * 5_000_000)
    assert reader.text("http://big.example/") == "x" * 32_000
    internet.puts("big.example/more", b"x" * 5_000_001)
    assert reader.refusal("http://big.example/more").startswith("the page has more than")


def bomb(size: int) -> bytes:
    packer = zlib.compressobj(9, wbits=zlib.MAX_WBITS | 16)
    pieces = [packer.compress(bytes(1_000_000)) for _ in range(size // 1_000_000)]
    return b"".join((*pieces, packer.flush()))


def test_a_zip_bomb(reader, internet):
    raw = bomb(100_000_000)
    assert len(raw) < 1_000_000
    internet.puts("bomb.example/", raw, "text/plain", Content_Encoding="gzip")
    tracemalloc.start()
    try:
        found = reader.refusal("http://bomb.example/")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found == "the page has more than 20,000,000 bytes when it is unpacked"
    assert peak < 60_000_000


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "GZIP", " gzip "])
def test_packed_pages(reader, internet, coding):
    internet.puts("example.org/", gzip.compress(b"words", mtime=0), Content_Encoding=coding)
    assert reader.text("http://example.org/") == "words"


NOT_ASKED = "the page is packed in a way that was not asked for"
PIECES = "what it sent was packed in several pieces"


@pytest.mark.parametrize(
    ("coding", "raw", "reason"),
    [
        ("br", b"words", NOT_ASKED),
        ("deflate", zlib.compress(b"words"), NOT_ASKED),
        (
            "gzip, gzip",
            gzip.compress(b"x", mtime=0),
            NOT_ASKED,
        ),
        ("gzip", b"words", "what it sent cannot be unpacked"),
        ("gzip", gzip.compress(b"words" * 99, mtime=0)[:-9], "the page breaks off in the middle"),
        ("gzip", b"", "the page breaks off in the middle"),
        ("gzip", gzip.compress(b"x", mtime=0) * 2, PIECES),
        (
            "gzip",
            gzip.compress(b"", mtime=0) * 200_000,
            PIECES,
        ),
    ],
)
def test_pages_that_are_packed_otherwise(reader, internet, coding, raw, reason):
    internet.puts("example.org/", raw, Content_Encoding=coding)
    assert reader.refusal("http://example.org/") == reason


def dripping(head: bytes, seconds: float):
    async def send(writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(seconds)

    return send


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 9999\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX-Long: ",
        b"",
    ],
)
def test_a_slow_drip_ends_after_thirty_seconds(reader, internet, head):
    internet.pages["slow.example/"] = dripping(head, 1.0)
    output = reader.reads("http://slow.example/", jumping=True)
    assert output.is_error
    assert output.text == "not fetched: it took longer than 30 s"
    assert 30 <= reader.took < 31
    assert reader.context.kept == {}


def test_slow_hops_share_the_thirty_seconds(reader, internet):
    async def hop(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(9)
        writer.write(b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()

    internet.pages["slow.example/"] = hop
    output = reader.reads("http://slow.example/", jumping=True)
    assert output.text == "not fetched: it took longer than 30 s"
    assert len(internet.requests) == 4


def test_a_resolver_that_never_answers(reader):
    async def never(_host: str, _port: int) -> list[str]:
        await asyncio.Event().wait()
        return []

    reader.tool = WebFetch(resolve=never)
    output = reader.reads("http://slow.example/", jumping=True)
    assert output.text == "not fetched: it took longer than 30 s"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "remote protocol error"),
        (b"SSH-2.0-OpenSSH_9.6\r\n", "remote protocol error"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nword", "remote protocol error"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000, "remote protocol error"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "remote protocol error"),
    ],
)
def test_what_does_not_speak_http(reader, internet, raw, reason):
    internet.pages["odd.example/"] = raw
    assert reader.refusal("http://odd.example/") == f"odd.example cannot be read from ({reason})"


@pytest.mark.parametrize(
    "body",
    [
        "<!--" * 300_000,
        "<![" * 300_000,
        "<?" * 300_000,
        "<a" * 300_000,
        "</" * 300_000,
        "<a b=" * 100_000,
        "<a '" * 100_000,
        "<script>" * 100_000,
        "<script></" * 100_000,
        "<div>" * 30_000 + "</p>" * 30_000,
        "<p hidden>" * 30_000 + "</p>" * 30_000,
        "<b>" * 30_000 + "</b>" * 30_000,
        "&" * 1_000_000,
        "&#x" * 300_000,
        "<svg><title>" * 20_000 + "x",
        " " * 4_000_000 + "x",
        "<div style='" + "display:" * 100_000 + "'>",
        "<div style='" + "/*" * 999 + "'>",
    ],
    ids=lambda body: body[:12],
)
def test_pages_that_are_made_to_take_long(reader, internet, body):
    """Each is read in seconds; Python's own parser would need hours for some of them."""
    internet.puts("long.example/", body, "text/html")
    assert not reader.reads("http://long.example/").is_error
