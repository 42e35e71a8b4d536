"""Redirects: followed on their host, handed back when they leave it, never to where none may go."""

from __future__ import annotations

import pytest

from hocket.api.tools import Label


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "location",
    [
        "/there",
        "there",
        "http://example.org/there",
        "//example.org/there",
        " /there\t",
        "http://EXAMPLE.ORG:80/there#part",
    ],
)
def test_on_the_same_host_it_is_followed(reader, internet, status, location):
    internet.moves("example.org/here", location, status)
    internet.puts("example.org/there", "arrived")
    output = reader.reads("http://example.org/here")
    assert output.text.startswith("[http://example.org/there; ")
    assert output.text.endswith("\narrived")
    assert internet.asked == ["example.org"] * 2


def test_with_and_without_www_is_the_same_host(reader, internet):
    internet.moves("example.org/", "http://www.example.org/")
    internet.puts("www.example.org/", "arrived")
    output = reader.reads("http://example.org/")
    assert output.text.endswith("\narrived")
    assert output.label == Label(
        outside=True, sources=frozenset({"example.org", "www.example.org"})
    )


def test_no_cookie_and_no_referer_goes_along(reader, internet):
    internet.puts("example.org/", "", None, 302, Location="/login", Set_Cookie="session=1; Path=/")
    internet.puts("example.org/login", "arrived")
    reader.text("http://example.org/")
    assert len(internet.requests) == 2
    assert not any(word in internet.requests[1].lower() for word in ("cookie", "referer"))


def test_five_are_followed_and_six_are_not(reader, internet):
    for number in range(6):
        internet.moves(f"example.org/{number}", f"/{number + 1}")
    internet.puts("example.org/6", "arrived")
    assert reader.refusal("http://example.org/0") == "it was redirected more than 5 times"
    assert reader.text("http://example.org/1") == "arrived"


def test_a_circle_ends(reader, internet):
    internet.moves("example.org/", "/")
    assert reader.refusal("http://example.org/") == "it was redirected more than 5 times"
    assert len(internet.requests) == 6


def test_another_host_is_a_use_of_its_own(reader, internet):
    """Rules for that host must see it; so the model is told, and may ask for it."""
    internet.moves("example.org/x", "http://other.net/y?z#part")
    internet.puts("other.net/y?z", "arrived")
    reader.may("http://example.org/x")
    first, second = reader.fetches("http://example.org/x", "http://other.net/y?z")
    assert first.text == (
        "[it leads to another host; fetch this address to go on: http://other.net/y?z]"
    )
    assert not first.is_error
    assert first.label == Label(outside=True, sources=frozenset({"example.org"}))
    assert second.text.endswith("\narrived")
    assert internet.asked == ["example.org", "other.net"]


def test_an_address_that_a_model_may_have_written_leads_nowhere_else(reader, internet):
    """An open redirector on an allowed host would carry its words to any other one."""
    internet.puts("example.org/", "start")
    internet.moves("example.org/go?to=evil.net/secret", "http://evil.net/secret")
    composed = "http://example.org/go?to=evil.net/secret"
    reader.may("http://example.org/")
    _, output, there = reader.fetches("http://example.org/", composed, "http://evil.net/secret")
    assert output.text.startswith("not fetched: it stands neither in the task")
    assert there.text.startswith("not fetched: it stands neither in the task")
    assert "evil.net" not in internet.asked


def test_the_first_address_of_a_host_was_given_and_not_written(reader, internet):
    internet.moves("example.org/a", "http://other.net/")
    reader.may("http://example.org/a")
    (output,) = reader.fetches("http://example.org/a")
    assert not output.is_error


def test_a_link_of_a_page_was_given_too(reader, internet):
    internet.shows("example.org/", "<a href='/go'>go</a>")
    internet.moves("example.org/go", "http://other.net/")
    internet.puts("other.net/", "arrived")
    reader.may("http://example.org/")
    *_, output = reader.fetches("http://example.org/", "http://example.org/go", "http://other.net/")
    assert output.text.endswith("\narrived")


def test_another_port_makes_another_address(reader, internet):
    internet.puts("example.org/", "start")
    internet.moves("example.org:443/secret", "http://evil.net/secret")
    composed = "http://example.org:443/secret"
    reader.may("http://example.org/")
    _, output = reader.fetches("http://example.org/", composed)
    assert output.is_error
    assert "evil.net" not in internet.asked


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("ftp://example.org/", "it is no address that begins with http:// or https:// and a host"),
        ("file:///etc/passwd", "it is no address that begins with http:// or https:// and a host"),
        ("http://example.org:8080/", "its port is 8080; only 80 and 443 are fetched from"),
        ("http://me:pass@example.org/", "the address has a name or a password in it"),
        ("http://[::1/", "it is no web address"),
        ("http://good.org\\@evil.net/", "the address has the character '\\\\' in it"),
        ("/a b", "the address has the character ' ' in it"),
    ],
)
def test_where_no_redirect_may_lead(reader, internet, location, reason):
    internet.moves("example.org/", location)
    assert reader.refusal("http://example.org/") == reason
    assert len(internet.requests) == 1


@pytest.mark.parametrize("inner", ["169.254.169.254", "[fd00:ec2::254]", "127.0.0.1", "[::1]"])
def test_a_redirect_to_a_metadata_address_reaches_nobody(reader, internet, inner):
    internet.moves("example.org/", f"http://{inner}/latest/meta-data/")
    reader.may("http://example.org/")
    first, second = reader.fetches("http://example.org/", f"http://{inner}/latest/meta-data/")
    assert first.label.outside
    assert second.is_error
    assert second.text.endswith("is not on the public web")
    assert len(internet.dialled) == 1


def test_every_hop_is_resolved_and_checked_again(reader, internet):
    """Rebinding between two hops: the second answer leads into the person's network."""
    internet.names["example.org"] = [["93.184.216.34"], ["192.168.1.1"]]
    internet.moves("example.org/", "/admin")
    assert reader.refusal("http://example.org/") == "example.org is not on the public web"
    assert internet.dialled == [("93.184.216.34", 80)]


def test_a_redirect_without_a_place_is_a_status(reader, internet):
    internet.puts("example.org/", "", None, 302)
    assert reader.refusal("http://example.org/") == "example.org answered with status 302"
