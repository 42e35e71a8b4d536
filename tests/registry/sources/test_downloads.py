"""Archives by https from a real server with a certificate of its own, and what it may not do."""

from __future__ import annotations

import gzip
import hashlib
import http.server
import socketserver
import ssl
import threading
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address

import httpx2
import pytest
import shops
from hostile_archives import Item, files, tarred, zipped

from hocket.errors import PackageRefused
from hocket.registry.indexes.rows import Source
from hocket.registry.sources import downloads
from hocket.registry.sources.failing import SourceLost
from hocket.registry.sources.limits import Limits
from hocket.registry.trees.breaches import TreeRefused
from hocket.registry.trees.folders import read_folder

GOOD = {"hello/SKILL.md": b"---\nname: hello\n---\n", "hello/rubrics/a.md": b"a\n"}
HERE = "127.0.0.1"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """Make a certificate for this machine, signed by itself."""
    pytest.importorskip("cryptography", reason="needs cryptography: pip install hocket[sshsig]")
    from cryptography import x509  # noqa: PLC0415
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415

    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HERE)])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address(HERE))]), False)  # noqa: FBT003
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    form, secret = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    path.write_bytes(key.private_bytes(pem, form, secret) + made.public_bytes(pem))
    return path


class Server(http.server.ThreadingHTTPServer):
    """Gives what a test put there, and keeps what it was asked."""

    daemon_threads = True

    def __init__(self, certificate):
        super().__init__((HERE, 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self.socket = context.wrap_socket(self.socket, server_side=True)
        self.answers, self.asked = {}, []

    def server_bind(self):
        """Bind without asking who this machine is, which may take seconds."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]

    def put(self, path, content=b"", code=200, **headers):
        self.answers[path] = code, headers, content
        return f"https://{HERE}:{self.server_port}{path}"

    def handle_error(self, request, client_address):
        """Keep quiet about clients that leave."""


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append((self.path, dict(self.headers)))
        code, headers, content = self.server.answers.get(self.path, (404, {}, b""))
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        for chunk in [content] if isinstance(content, bytes) else content:
            self.wfile.write(chunk)

    def log_message(self, *_words):
        pass


@pytest.fixture
def server(certificate):
    with Server(certificate) as made:
        thread = threading.Thread(target=made.serve_forever, args=(0.01,))
        thread.start()
        yield made
        made.shutdown()
        thread.join()


@pytest.fixture
def transport(certificate):
    with httpx2.HTTPTransport(verify=ssl.create_default_context(cafile=certificate)) as made:
        yield made


def source(url, raw):
    return Source(archive=url, sha256=hashlib.sha256(raw).hexdigest())


def test_an_archive_is_fetched_once_and_kept_by_its_hash(afar, server, transport, tmp_path):
    raw = zipped(files(GOOD))
    wanted = source(server.put("/hello.zip", raw), raw)
    found = afar.fetcher(tmp_path, transport=transport).tree("hello", wanted, "", "")
    assert [path for _, path, _ in found.entries] == ["SKILL.md", "rubrics/a.md"]
    again = afar.fetcher(tmp_path, offline=True).tree("hello", wanted, "", "")
    assert again == found
    assert [path for path, _ in server.asked] == ["/hello.zip"]
    kept = tmp_path / "cache/archives" / wanted.sha256
    kept.write_bytes(b"damaged")
    with pytest.raises(SourceLost, match="it is offline"):
        afar.fetcher(tmp_path, offline=True).tree("hello", wanted, "", "")
    assert afar.fetcher(tmp_path, transport=transport).tree("hello", wanted, "", "") == found
    typed = afar.fetcher(tmp_path, offline=True).typed(str(wanted), None)
    assert (typed.name, typed.tree, typed.reference) == ("hello", found, str(wanted))


def test_the_hash_is_compared_before_anything_is_read(afar, server, transport, tmp_path):
    raw = tarred([Item("../../x", b"evil")])
    url = server.put("/hello.tar.gz", raw)
    fetcher = afar.fetcher(tmp_path, transport=transport)
    with pytest.raises(PackageRefused, match="not sha256:") as caught:
        fetcher.tree("hello", source(url, b"other"), "", "")
    assert caught.value.code == "source"
    assert not (tmp_path / "cache/archives").exists()
    with pytest.raises(TreeRefused, match="has the part"):
        fetcher.tree("hello", source(url, raw), "", "")
    packed = b"Rar!"
    with pytest.raises(TreeRefused, match=r"neither zip nor tar\.gz"):
        fetcher.tree("hello", source(server.put("/x.zip", packed), packed), "", "")


def test_redirects_go_to_https_only_and_carry_nothing(afar, server, transport, tmp_path):
    raw = zipped(files(GOOD))
    server.put("/there.zip?token=1", raw)
    url = server.put("/a.zip", b"", 302, location="/there.zip?token=1", set_cookie="id=secret")
    fetcher = afar.fetcher(tmp_path, transport=transport)
    assert fetcher.tree("hello", source(url, raw), "", "").entries
    for _path, headers in server.asked:
        assert not {name.lower() for name in headers} & {"cookie", "authorization", "referer"}
    for target in ("http://127.0.0.1/x.zip", "file:///etc/passwd", "https://a:b@127.0.0.1/x", "//"):
        evil = server.put("/b.zip", b"", 301, location=target)
        with pytest.raises((PackageRefused, SourceLost)) as caught:
            fetcher.tree("hello", source(evil, b"x"), "", "")
        assert caught.value.code in {"source", "network"}
    loop = server.put("/loop.zip", b"", 302, location="/loop.zip")
    with pytest.raises(PackageRefused, match="redirects more than 5 times"):
        fetcher.tree("hello", source(loop, b"x"), "", "")
    assert [path for path, _ in server.asked].count("/loop.zip") == 6


def test_too_much_and_too_slow_end_it(server, transport):
    mib = b"\0" * (1 << 20)
    endless = server.put("/endless.zip", (mib for _ in range(10_000)))
    with pytest.raises(PackageRefused, match="more than 2 MiB") as caught:
        downloads.download(endless, Limits(most_bytes=2 << 20), transport)
    assert caught.value.code == "source"
    slow = server.put("/slow.zip", (mib for _ in range(10_000)))
    with pytest.raises(SourceLost, match="nothing whole came in 0 s"):
        downloads.download(slow, Limits(seconds=0), transport)


def test_packed_transport_is_not_unpacked(server, transport):
    url = server.put("/a.zip", gzip.compress(b"x"), content_encoding="gzip")
    assert gzip.decompress(downloads.download(url, Limits(), transport)) == b"x"
    assert server.asked[0][1]["accept-encoding"] == "identity"


def test_what_may_pass_is_a_matter_of_the_network(afar, server, transport, tmp_path):
    gone = server.put("/gone.zip", b"", 503)
    strict = afar.fetcher(tmp_path)
    with pytest.raises(SourceLost, match="the server answered 503") as caught:
        afar.fetcher(tmp_path, transport=transport).tree("x", source(gone, b""), "", "")
    assert (caught.value.code, caught.value.exit_code) == ("network", 1)
    with pytest.raises(SourceLost, match=r"(?i)certificate"):
        strict.tree("x", source(gone, b""), "", "")


def test_a_registry_may_be_an_archive(afar, server, transport, tmp_path):
    root = shops.shop(tmp_path / "shop", "hello")
    tree = read_folder("shop", root)
    raw = tarred([Item(f"shop-1.0/{path}", content) for _, path, content in tree.entries])
    url = server.put("/shop.tar.gz", raw)
    fetcher = afar.fetcher(tmp_path, transport=transport)
    served = fetcher.registry(url)
    assert served.files["registry.toml"] == (root / "registry.toml").read_bytes()
    assert (served.url, served.rev) == (url, hashlib.sha256(raw).hexdigest())
    assert not served.is_local
    found = fetcher.tree("hello", Source(path="bundles/hello"), url, served.rev)
    assert found == read_folder("hello", root / "bundles/hello")
    server.put("/shop.tar.gz", raw + b"changed")
    away = afar.fetcher(tmp_path, offline=True)
    assert away.registry(url) == served
    assert away.tree("hello", Source(path="bundles/hello"), url, served.rev) == found
    with pytest.raises(SourceLost, match="it is offline"):
        away.registry(f"{url}.zip")
    with pytest.raises(TreeRefused, match="no files"):
        fetcher.tree("hello", Source(path="bundles/other"), url, served.rev)
