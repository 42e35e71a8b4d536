"""Addresses: one reading of each, and the same one whoever reads it again."""

from __future__ import annotations

import contextlib
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hocket_plugins.tools.web import link
from hocket_plugins.tools.web.refusal import Refusal

HERE = link.read("https://example.org/folder/page?q=1")
HOSTS = st.sampled_from(
    [
        "example.org",
        "EXAMPLE.org.",
        "exämple.org",
        "127.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "a@b",
        "a:b@c",
        "a\\b",
        "a%2fb",
        "a b",
        "",
        ".",
        "a..b",
        "x" * 300,
        "\u2488.example",
        "faß.de",
        "a\u3002b",
        "_dmarc.example.org",
        "-x-",
    ]
)
ADDRESSES = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(["http:", "https:", "HTTP:", "ftp:", "", "http:/", "javascript:"]),
        st.sampled_from(["//", "/", "", "///", "\\\\"]),
        HOSTS,
        st.sampled_from(["", ":80", ":443", ":8080", ":", ":0", ":٣", ":-1"]),
        st.text(st.characters(codec="utf-8"), max_size=20).map(lambda text: f"/{text}")
        | st.just(""),
    ),
)


@given(ADDRESSES)
@example("http://example.org:80#@evil.org/")
@example("http://example.org?@evil.org/")
@example("http://example.org/../../..//evil.org")
@example("http://example.org;@evil.org/")
def test_an_address_is_refused_or_read_once_and_for_all(text):
    with contextlib.suppress(Refusal):
        one = link.read(text)
        assert link.read(one.url) == one
        assert one.scheme in ("http", "https")
        assert one.port in (80, 443)
        parts = urlsplit(one.url)
        assert (parts.scheme, parts.username, parts.fragment) == (one.scheme, None, "")
        assert (parts.hostname or "").rstrip(".") == one.host
        assert one.url.isascii()
        assert not set(one.url) & set(' \\"<>\r\n\t')


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_is_refused_or_read(text, reference):
    for story in (
        lambda: link.read(text),
        lambda: link.read(f"http://{text}"),
        lambda: link.follow(HERE, reference),
    ):
        with contextlib.suppress(Refusal):
            story()


@pytest.mark.parametrize(
    ("reference", "url"),
    [
        ("x", "https://example.org/folder/x"),
        ("?x", "https://example.org/folder/page?x"),
        ("#x", "https://example.org/folder/page?q=1"),
        ("", "https://example.org/folder/page?q=1"),
        ("../../x", "https://example.org/x"),
        ("//other.net", "https://other.net"),
        ("HTTP://Other.NET:80/%7e", "http://other.net/%7e"),
        ("\n /x \t", "https://example.org/x"),
        ("ü", "https://example.org/folder/%C3%BC"),
    ],
)
def test_what_a_page_refers_to(reference, url):
    assert link.follow(HERE, reference).url == url


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("http://example.org/", "https://example.org:443/x", True),
        ("http://www.example.org/", "http://example.org/", True),
        ("http://www.example.org/", "http://WWW.EXAMPLE.ORG./", True),
        ("http://a.example.org/", "http://example.org/", False),
        ("http://wwwexample.org/", "http://example.org/", False),
        ("http://example.org.evil.net/", "http://example.org/", False),
    ],
)
def test_the_same_place(one, other, same):
    assert link.read(one).is_same_place(link.read(other)) is same


@pytest.mark.parametrize(
    ("url", "authority"),
    [
        ("http://example.org/", "example.org"),
        ("http://example.org:80/", "example.org"),
        ("https://example.org:80/", "example.org:80"),
        ("http://[2606:4700::1]/", "[2606:4700::1]"),
        ("http://[2606:4700::1]:443/", "[2606:4700::1]:443"),
    ],
)
def test_how_a_host_is_named(url, authority):
    assert link.read(url).authority == authority
