"""Links whose text names another host than the one they lead to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket.api.inert import Misfit, link_misfits, markdown
from hocket.api.inert.addresses import decoded, host_of, scheme_of, seen

CYRILLIC = "https://\u0440\u0430\u0443\u0440\u0430l.example"  # "paypal" in two alphabets
APPLE = "\u0430\u0440\u0440\u04cf\u0435"  # "apple" in one


@pytest.mark.parametrize(
    ("text", "shown", "real"),
    [
        ("[https://bank.example](https://evil.example)", "bank.example", "evil.example"),
        (
            "[https://bank.example/a](https://evil.example/a 'title')",
            "bank.example",
            "evil.example",
        ),
        ("[bank.example](https://evil.example)", "bank.example", "evil.example"),
        ("[www.bank.example](https://evil.example)", "www.bank.example", "evil.example"),
        ("[**bank.example/login**](https://evil.example)", "bank.example", "evil.example"),
        ("[Log in at bank.com, now](https://evil.example)", "bank.com", "evil.example"),
        ("[bank&#46;example](https://evil.example)", "bank.example", "evil.example"),
        (
            "[bank.example](https://bank.example.evil.example)",
            "bank.example",
            "bank.example.evil.example",
        ),
        ("[bank.example](https://login.bank.example)", "bank.example", "login.bank.example"),
        ("[bank.example](//evil.example)", "bank.example", "evil.example"),
        (r"[bank.example](https:\\evil.example)", "bank.example", "evil.example"),
        ("[bank.example](<https://evil.example>)", "bank.example", "evil.example"),
        ("[bank.example](javascript:alert(1))", "bank.example", ""),
        ("[bank.example](/here)", "bank.example", ""),
        ("[bank.example](mailto:me@evil.example)", "bank.example", "evil.example"),
        ("[bank.example](https://a|b.example)", "bank.example", "?"),
        ("[https://bank.example][r]\n\n[R]: https://evil.example", "bank.example", "evil.example"),
        (
            "[bank.example][]\n\n> [bank.example]: <https://evil.example>",
            "bank.example",
            "evil.example",
        ),
        ("[bank.example]\n\n[bank.example]: https://evil.example", "bank.example", "evil.example"),
        ("<a href='https://evil.example'>bank.example</a>", "bank.example", "evil.example"),
        (
            '<A class=x HREF="https://evil.example"><b>https://bank.example</b></A>',
            "bank.example",
            "evil.example",
        ),
        ("<a href=https://evil.example>bank.example</a>", "bank.example", "evil.example"),
        ("[![bank.example](logo.png)](https://evil.example)", "bank.example", "evil.example"),
        (
            "[https://bank.example](https://bank.example@evil.example)",
            "bank.example",
            "evil.example",
        ),
        ("https://bank.example@evil.example/login", "bank.example", "evil.example"),
        ("https://bank.example:443@evil.example/login", "bank.example", "evil.example"),
        ("<https://bank.example@evil.example/login>", "bank.example", "evil.example"),
        (r"see https://bank.example\@evil.example.", "bank.example", "evil.example"),
        ("https://bank.example%2eevil.example", "bank.example", "bank.example.evil.example"),
        ("https://%65vil.example", "%65vil.example", "evil.example"),
        ("https://bank.example\u3002evil.example", "bank.example", "bank.example.evil.example"),
        ("https://bank.example\uff0eevil.example", "bank.example", "bank.example.evil.example"),
        (
            "https://bank.example\u2215x.evil.example",
            "bank.example",
            "bank.xn--examplex-4f7d.evil.example",
        ),
        (CYRILLIC, "paypal.example", "xn--l-7sba6dbr.example"),
        (f"https://{APPLE}.com", "apple.com", "xn--80ak6aa92e.com"),
        ("https://xn--80ak6aa92e.com", "apple.com", "xn--80ak6aa92e.com"),
        ("[apple.com](https://xn--80ak6aa92e.com)", "apple.com", "xn--80ak6aa92e.com"),
        ("https://b\u0251nk.example", "bank.example", "xn--bnk-gsb.example"),
        ("[ba\u200bnk.example](https://evil.example)", "bank.example", "evil.example"),
    ],
)
def test_a_link_that_leads_elsewhere_is_named_with_both_hosts(text: str, shown: str, real: str):
    ((_, found, leads_to),) = link_misfits(f"Read {text} today.")
    assert (found, leads_to) == (shown, real)


@pytest.mark.parametrize(
    "text",
    [
        "[the bank](https://bank.example)",
        "[bank.example](https://bank.example/login)",
        "[bank.example](https://www.bank.example)",
        "[https://www.bank.example/](https://bank.example)",
        "[Bank.Example](HTTPS://BANK.EXAMPLE:443/)",
        "https://bank.example/a_(b), https://bank.example. www.bank.example! <https://bank.example>",
        "https://me@bank.example:8080/ <me@bank.example>",
        "https://xn--mller-kva.de https://m\u00fcller.de [m\u00fcller.de](https://xn--mller-kva.de)",
        "https://\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444/ https://\u4f8b\u3048\u30c6\u30b9\u30c8.jp",
        "https://xn--a.example https://xn--\u00fc.example",
        f"https://xn--{'a' * 80}.example",
        "[engine/run.py](https://code.example/run.py) [README.md](https://code.example) [a.py:12](https://c.example)",
        "[`asyncio.run`](https://docs.example) [version 1.2](https://docs.example) [e.g. this](https://d.example)",
        "[bank.example](https://bank.example) and [a][r]\n\n[r]: https://evil.example",
        "[bank.example][nobody] [bank.example] ![bank.example](https://evil.example/x.png)",
        "[](https://evil.example) [ ](https://evil.example) plain words",
        "",
    ],
)
def test_an_honest_link_is_not_named(text: str):
    assert link_misfits(text) == []


def test_each_is_named_once_in_its_order_with_its_text():
    bad = "[bank.example](https://evil.example)"
    assert link_misfits(f"{bad} {bad} [a.com](https://b.com) {bad}") == [
        Misfit("bank.example", "bank.example", "evil.example"),
        Misfit("a.com", "a.com", "b.com"),
    ]


@given(
    st.sampled_from(["[bank.example](https://evil.example)", "<a href=//evil.example>bank.com</a>"])
)
def test_a_passage_made_safe_has_none(text: str):
    assert link_misfits(text) != []
    assert link_misfits(markdown(text)) == []


@given(st.text(st.characters(codec=None)))
def test_any_text_can_be_read(text: str):
    link_misfits(text)
    link_misfits(f"[{text}](https://{text}.example) https://{text}")
    assert host_of(text) is None or seen(host_of(text) or "") is not None


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://a.example/x@b.example", "a.example"),
        ("https://a.example?@b.example", "a.example"),
        ("https://a.example#@b.example", "a.example"),
        ("https://a.example\\@b.example", "a.example"),
        (" \x01https://a.example. ", "a.example"),
        ("ht\ntps://a.exa\tmple", "a.example"),
        ("ftp:////a.example", "a.example"),
        ("/a.example", None),
        ("a.example", None),
        ("tel:+123", None),
        ("https://user@", None),
    ],
)
def test_a_host_is_what_a_browser_goes_to(address: str, host: str | None):
    assert host_of(address) == host


def test_a_scheme_is_read_through_gaps_and_a_name_in_its_language():
    assert scheme_of("Java\nScript:x") == "javascript"
    assert scheme_of("a/b") == ""
    assert decoded("xn--mller-kva.de") == "m\u00fcller.de"
