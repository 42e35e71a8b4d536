"""One request on the wire: names in certificates, and the connection as it is installed."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import subprocess

import pytest

from hocket_plugins.tools.web.link import Link
from hocket_plugins.tools.web.refusal import Refusal
from hocket_plugins.tools.web.wire import Wire

OPENSSL = shutil.which("openssl")
needs_openssl = pytest.mark.skipif(OPENSSL is None, reason="there is no openssl to make a key with")


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """Make a certificate for example.org and one more name."""
    folder = tmp_path_factory.mktemp("certificate")
    key, cert, both = folder / "key.pem", folder / "cert.pem", folder / "both.pem"
    command = [
        OPENSSL, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
        "-nodes", "-days", "2", "-subj", "/CN=example.org", "-keyout", key, "-out", cert,
        "-addext", "subjectAltName=DNS:example.org,DNS:www.example.org",
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    both.write_text(key.read_text() + cert.read_text())
    return both


@pytest.fixture
def encrypted(internet, certificate):
    """Let the internet encrypt, and its readers trust the certificate."""
    internet.certificate = certificate
    internet.trusted = ssl.create_default_context(cafile=certificate)
    return internet


@needs_openssl
def test_the_name_is_asked_for_and_verified_though_a_number_is_connected_to(encrypted, reader):
    encrypted.puts("example.org/", "arrived")
    assert reader.text("https://example.org/") == "arrived"
    assert encrypted.dialled == [("93.184.216.34", 443)]
    assert encrypted.served_as == ["example.org"]
    assert "\r\nhost: example.org\r\n" in encrypted.requests[0].lower()


@needs_openssl
def test_a_certificate_for_another_name_does_not_hold(encrypted, reader):
    encrypted.puts("other.net/", "never")
    assert reader.refusal("https://other.net/") == "the certificate of other.net does not hold"
    assert encrypted.requests == []


@needs_openssl
def test_a_certificate_that_nobody_vouches_for_does_not_hold(encrypted, reader):
    encrypted.trusted = ssl.create_default_context()
    assert reader.refusal("https://example.org/") == "the certificate of example.org does not hold"


@needs_openssl
def test_from_plain_to_encrypted_and_not_back(encrypted, reader):
    encrypted.moves("example.org/", "https://www.example.org/")
    encrypted.puts("www.example.org/", "arrived")
    encrypted.moves("example.org/back", "http://example.org/")
    assert reader.text("http://example.org/") == "arrived"
    assert encrypted.served_as == ["www.example.org"]
    assert reader.refusal("https://example.org/back") == (
        "it refers to an address that is not encrypted"
    )


def test_a_server_that_does_not_encrypt(internet, reader):
    async def story() -> str:
        server = await asyncio.start_server(
            lambda _, writer: (writer.write(b"what?\r\n"), writer.close()), "127.0.0.1", 0
        )
        internet.ports = {"https": server.sockets[0].getsockname()[1]}
        reader.may("https://example.org/")
        try:
            return (await reader.use("https://example.org/")).text
        finally:
            server.close()

    assert asyncio.run(story()) == "not fetched: example.org cannot be read from (connect error)"


async def got(wire: Wire, link: Link, addresses: list[str]) -> bytes:
    async with wire.get(link, addresses) as response:
        return b"".join([chunk async for chunk in response.aiter_raw()])


def test_the_connection_as_it_is_installed(internet, monkeypatch):
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")

    async def story() -> list[bytes]:
        async with internet.up():
            port = internet.ports["http"]
            internet.puts(f"name.example:{port}/x", "arrived")
            wire = Wire()
            link = Link(f"http://name.example:{port}/x", "http", "name.example", port)
            return [await got(wire, link, ["127.0.0.1"]) for _ in range(2)]

    assert asyncio.run(story()) == [b"arrived"] * 2
    assert len(internet.requests) == 2


def test_without_an_address_nobody_is_asked():
    link = Link("http://name.example/", "http", "name.example", 80)
    with pytest.raises(Refusal, match=r"name\.example cannot be read from"):
        asyncio.run(got(Wire(), link, []))


def test_what_its_user_raises_goes_through(internet):
    async def story() -> None:
        async with internet.up():
            port = internet.ports["http"]
            link = Link(f"http://name.example:{port}/", "http", "name.example", port)
            async with Wire().get(link, ["127.0.0.1"]):
                raise Refusal("enough")

    with pytest.raises(Refusal, match="enough"):
        asyncio.run(story())
