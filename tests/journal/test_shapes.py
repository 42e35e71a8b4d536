"""Secrets nobody told us about, by what they look like; and texts that only resemble them."""

from __future__ import annotations

import pytest

from hocket.journal.redact import Redactor

JWT = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0"
PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n+/==\n-----END RSA PRIVATE KEY-----"
OPEN_PEM = "-----BEGIN PRIVATE KEY-----\nMIIEowIBAAKCAQEA"


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("key sk-ant-api03-abcdefghij0123456789 end", "key [secret:key] end"),
        ("sk-proj-abcdefghijklmnop.", "[secret:key]."),
        ("AIza" + "a" * 35, "[secret:google]"),
        ("id=AKIAABCDEFGHIJKLMNOP", "id=[secret:aws]"),
        ("ASIAABCDEFGHIJKLMNOP\n", "[secret:aws]\n"),
        ("ghp_" + "a1" * 18, "[secret:github]"),
        ("github_pat_" + "a1" * 20, "[secret:github]"),
        ("glpat-" + "a" * 20, "[secret:gitlab]"),
        ("(xoxb-1234567890-abc)", "([secret:slack])"),
        ("hf_" + "a" * 34, "[secret:hub]"),
        ("npm_" + "a" * 36, "[secret:hub]"),
        (f"token {JWT}!", "token [secret:jwt]!"),
        ("Authorization: Bearer abcd1234", "Authorization: Bearer [secret:authorization]"),
        (
            '"authorization": "Basic dXNlcjpwdw=="',
            '"authorization": "Basic [secret:authorization]"',
        ),
        ("AUTHORIZATION=0123456789abcdef", "AUTHORIZATION=[secret:authorization]"),
        ("-H 'x-api-key: abcd1234'", "-H 'x-api-key: [secret:x-api-key]'"),
        (r"{\"X-Api-Key\":\"abcd1234\"}", r"{\"X-Api-Key\":\"[secret:x-api-key]\"}"),
        (f"a\n{PEM}\nb", "a\n[secret:private-key]\nb"),
        (f"a {OPEN_PEM}", "a [secret:private-key]"),
        ("postgres://me:hunter2@db/x", "postgres://me:[secret:password]@db/x"),
        ("redis://:hunter2@db", "redis://:[secret:password]@db"),
    ],
)
def test_what_looks_like_a_secret_is_taken_out(text: str, redacted: str) -> None:
    redactor = Redactor({})

    assert redactor.text(text) == redacted
    assert redactor.text(redacted) == redacted
    assert Redactor({}, shapes=False).text(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "a risk-assessment-framework-for-tasks and desk-research-of-the-team",
        "sk-short",
        "The Authorization: required header is checked first.",
        "headers['Authorization'] = f'Bearer {token}'",
        "x-api-key: <yours>",
        "see https://example.org:8080/a@b and mailto:me@example.org",
        "AKIAABCDEFGHIJKLMNOPQRS is too long",
        "eyJ is not a token, nor is eyJhbGciOiJI.eyJ",
        "-----BEGIN CERTIFICATE-----",
        "a_long_snake_case_identifier_name = AnotherLongCamelCaseName.method",
        "",
    ],
)
def test_what_only_resembles_one_stays(text: str) -> None:
    assert Redactor({}).text(text) == text


def test_many_secrets_in_one_text_are_all_taken_out() -> None:
    text = f"{JWT} ☕ {'ghp_' + 'b2' * 18}\n{PEM} and ftp://a:secret-one@h ftp://b:secret-two@h"

    redacted = Redactor({}).text(text)

    assert redacted == (
        "[secret:jwt] ☕ [secret:github]\n[secret:private-key] "
        "and ftp://a:[secret:password]@h ftp://b:[secret:password]@h"
    )


@pytest.mark.parametrize("size", [10_000, 200_000])
def test_a_text_made_to_be_slow_is_not(size: int) -> None:
    """No pattern backtracks over the whole text: the test run's own timeout would tell."""
    redactor = Redactor({})

    for piece in (
        "eyJ",
        "sk-",
        "://a:",
        "authorization: ",
        "-----BEGIN PRIVATE KEY-----",
        "a.",
        "AIza",
    ):
        assert redactor.text(piece * (size // len(piece)))
