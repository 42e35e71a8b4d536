"""A rule for a domain names that host and those beneath it, however an address is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket_plugins.policies.permissions import urls

ORG = "domain:example.org"


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org",
        "https://example.org/",
        "http://www.example.org/a?b=c#d",
        "https://a.b.example.org:443/x",
        "http://example.org:80",
        "https://EXAMPLE.org./x",
        "https://example.org?x",
    ],
)
def test_an_address_on_the_domain(url):
    assert urls.allows(ORG, url)
    assert urls.denies(ORG, url)
    assert urls.suggested(url) is not None


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org.evil.net/",
        "https://notexample.org/",
        "https://evil.net/example.org",
        "https://evil.net/?https://example.org/",
        "https://example.org@evil.net/",
        "https://evil.net\\@example.org/",
        "https://evil.net#@example.org/",
        "https://user@example.org/",
        "https://user:pass@example.org/",
        "https://example.org:8080/",
        "https://example.org:99999/",
        "https://example.org:x/",
        "ftp://example.org/",
        "file:///example.org",
        "javascript:example.org",
        "//example.org/",
        "example.org",
        "https://ex\u0430mple.org/",
        "https://example.org\n.evil.net/",
        "https://exa\tmple.org/",
        "https:///example.org",
        "https://[::1]/",
        "https://[example.org",
        " https://example.org/",
        "",
    ],
)
def test_an_address_that_is_not_or_may_not_be(url):
    assert not urls.allows(ORG, url)


@pytest.mark.parametrize(
    "url",
    [
        "HTTPS://Example.ORG",
        "https://user@example.org:8080/",
        "https://evil.net\\@example.org/",
        "https://\uff45xample.org/",
        "ftp://www.example.org./",
        "https://evil.net/?u=https://example.org/x",
    ],
)
def test_what_may_be_the_domain_is_denied(url):
    assert urls.denies(ORG, url)


@pytest.mark.parametrize(
    "url", ["https://example.com/", "https://notexample.org/", "https://x.net/"]
)
def test_another_domain_is_not_denied(url):
    assert not urls.denies(ORG, url)


def test_rules_for_domains():
    assert urls.allows("domain: *.Example.org.", "https://www.example.org/")
    assert urls.is_domain("domain:localhost")
    for wrong in ("example.org", "domain:", "domain:a b", "domain:https://x.org", "domain:*"):
        assert not urls.is_domain(wrong)
        assert not urls.allows(wrong, "https://example.org/")


def test_an_address_without_a_host_has_no_rule():
    assert urls.suggested("nothing") is None
    assert urls.suggested("https://[::1]/") is None
    assert urls.denies("secret", "https://x.net/SECRET")


@given(
    url=st.text(max_size=30)
    | st.text("htps:/.@#?\\[]exampl.org", max_size=30).map("https://".__add__)
)
def test_any_text_is_judged_and_allowed_is_always_deniable(url):
    if urls.allows(ORG, url):
        assert urls.denies(ORG, url)
