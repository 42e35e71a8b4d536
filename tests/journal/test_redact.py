"""No secret at rest: every form of a known one is taken out, whole or in chunks."""

from __future__ import annotations

import base64
import json
from itertools import pairwise
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hocket.journal.redact import Redactor

SECRET = 'p@ss "wörd"/+\\1'  # noqa: S105 - it is there to be found
OTHER = "correct-horse-battery"


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


FORMS = [
    SECRET,
    quote(SECRET),
    quote(SECRET, safe=""),
    quote(SECRET, safe="").lower(),
    quote_plus(SECRET),
    json.dumps(SECRET)[1:-1],
    json.dumps(SECRET, ensure_ascii=False)[1:-1],
    encoded(SECRET),
    encoded(SECRET).rstrip("="),
    base64.urlsafe_b64encode(SECRET.encode()).decode(),
]


@pytest.mark.parametrize("form", FORMS)
def test_a_known_secret_is_taken_out_in_every_form(form: str) -> None:
    redactor = Redactor({"DB_PASSWORD": SECRET})

    assert redactor.text(f"a={form}; b") == "a=[secret:DB_PASSWORD]; b"
    assert redactor.find([{"x": form}]) == "DB_PASSWORD"


@pytest.mark.parametrize("user", ["", "u", "us", "use", "user"])
def test_a_secret_inside_a_longer_base64_text_is_found_at_every_alignment(user: str) -> None:
    redacted = Redactor({"TOKEN": OTHER}).text(encoded(f"{user}:{OTHER}:more"))

    assert "[secret:TOKEN]" in redacted
    assert encoded(OTHER)[4:20] not in redacted
    left = redacted.replace("[secret:TOKEN]", "")
    assert len(left) <= len(encoded(f"{user}::more")) + 4


def test_secrets_that_overlap_leave_no_end_behind() -> None:
    redactor = Redactor({"A_KEY": "abcdefghij", "B_KEY": "ghijklmnop"})

    assert redactor.text("x abcdefghijklmnop y") == "x [secret:A_KEY] y"
    assert redactor.text("abcdefghijabcdefghij") == "[secret:A_KEY][secret:A_KEY]"


def test_the_longer_of_two_secrets_that_begin_alike_is_named() -> None:
    redactor = Redactor({"SHORT": "abcdefgh", "LONG": "abcdefgh12345"})

    assert redactor.text("abcdefgh12345 abcdefgh") == "[secret:LONG] [secret:SHORT]"


def test_a_short_credential_is_taken_out_but_not_what_its_pieces_resemble() -> None:
    redactor = Redactor({"PIN": "12345"})

    assert redactor.text(f"12345 {encoded('12345')}") == "[secret:PIN] [secret:PIN]"
    assert redactor.text(encoded("x12345y")) == encoded("x12345y")


def test_values_are_redacted_everywhere_names_of_fields_too() -> None:
    redactor = Redactor({"TOKEN": OTHER})

    value = redactor.value({"a": [OTHER, 1, None, {OTHER: True}], "b": 1.5})

    assert value == {"a": ["[secret:TOKEN]", 1, None, {"[secret:TOKEN]": True}], "b": 1.5}


def test_args_that_contain_a_known_secret_are_named_by_it() -> None:
    redactor = Redactor({"TOKEN": OTHER})

    assert redactor.find({"a": [1, None, f"x{OTHER}"]}) == "TOKEN"
    assert redactor.find({OTHER: 1}) == "TOKEN"
    assert redactor.find({"a": ["nothing", 1], "key": "sk-ant-api03-abcdefghij0123456789"}) is None


def test_the_environment_names_its_secrets() -> None:
    environment = {
        "ANTHROPIC_API_KEY": "key-of-eight",
        "github_token": "token-of-eight",
        "A_SECRET": " secret-of-eight\n",
        "DB_PASSWORD": "password-of-eight",
        "AWS_CREDENTIAL": "credential-of-eight",
        "AWS_CREDENTIALS": "credentials-of-eight",
        "SHORT_KEY": "1234567",
        "KEYBOARD": "a-long-layout-name",
        "EMPTY_TOKEN": "",
    }
    redactor = Redactor.from_environment(environment, {"provider": "given-by-hand", "dummy": "x"})

    assert redactor.text(" ".join([*environment.values(), "given-by-hand", "x"])).split() == [
        "[secret:ANTHROPIC_API_KEY]",
        "[secret:github_token]",
        "[secret:A_SECRET]",
        "[secret:DB_PASSWORD]",
        "[secret:AWS_CREDENTIAL]",
        "[secret:AWS_CREDENTIALS]",
        "1234567",
        "a-long-layout-name",
        "[secret:provider]",
        "x",
    ]


def test_shapes_can_be_left_alone_but_known_secrets_never() -> None:
    redactor = Redactor.from_environment({"A_KEY": OTHER}, shapes=False)

    assert (
        redactor.text(f"sk-abcdefghijklmnopqrs {OTHER}") == "sk-abcdefghijklmnopqrs [secret:A_KEY]"
    )


def test_a_secret_that_is_not_unicode_is_still_one() -> None:
    secret = b"\xff\xfe-not-unicode".decode("utf-8", "surrogateescape")

    assert Redactor({"RAW_KEY": secret}).text(f"a {secret} b") == "a [secret:RAW_KEY] b"


def streamed(redactor: Redactor, chunks: list[str]) -> str:
    stream = redactor.stream()
    return "".join([*(stream.feed(chunk) for chunk in chunks), stream.end()])


def test_a_stream_gives_what_is_safe_and_holds_back_the_rest() -> None:
    stream = Redactor({"A_KEY": "0123456789"}, shapes=False).stream()
    back = 15  # the longest form is the base64 with its padding: 16 characters

    given = stream.feed("a" * 100)
    assert given == "a" * (100 - back)
    given += stream.feed("01234")
    given += stream.feed("56789")
    given += stream.feed("b" * 100)
    assert given == "a" * 100 + "[secret:A_KEY]" + "b" * (100 - back)
    assert stream.end() == "b" * back
    assert stream.end() == ""


@settings(deadline=None)
@given(
    before=st.text(max_size=60),
    after=st.text(max_size=60),
    form=st.sampled_from([*FORMS, OTHER, quote(OTHER), encoded(OTHER)]),
    cuts=st.lists(st.integers(0, 200), max_size=8),
    shapes=st.booleans(),
)
def test_a_secret_cut_into_chunks_at_any_place_never_comes_out(
    before: str, after: str, form: str, cuts: list[int], *, shapes: bool
) -> None:
    """P8: and what is streamed is what is kept."""
    redactor = Redactor({"ONE": SECRET, "TWO": OTHER}, shapes=shapes)
    text = before + form + after
    places = sorted({0, len(text), *(cut % (len(text) + 1) for cut in cuts)})
    chunks = [text[low:high] for low, high in pairwise(places)]

    out = streamed(redactor, chunks)

    assert form not in out
    assert "[secret:" in out
    assert out == redactor.text(text)
    assert redactor.value({"a": text}) == {"a": out}


@settings(deadline=None)
@given(
    secret=st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=8, max_size=40),
    before=st.text(max_size=30),
    size=st.integers(1, 20),
)
def test_any_secret_is_taken_out_of_any_stream(secret: str, before: str, size: int) -> None:
    """P8, for secrets of any characters."""
    redactor = Redactor({"ANY": secret}, shapes=False)
    text = f"{before}{secret}{json.dumps(secret)}{quote(secret, safe='')}{encoded(secret)} end"

    out = streamed(redactor, [text[at : at + size] for at in range(0, len(text), size)])

    assert out == redactor.text(text)
    assert secret not in out.replace("[secret:ANY]", "\n")


@pytest.mark.parametrize(
    "text",
    [
        "desk-research-of-the-team " * 40,
        "key sk-ant-api03-" + "a" * 900 + " end",
        "-----BEGIN PRIVATE KEY-----\n" + "Mi+/\n" * 300 + "-----END PRIVATE KEY-----\nrest",
        "x" * 700 + " Authorization: Bearer " + "t" * 700 + " y",
        "postgres://user:" + "p" * 200 + "@host " + "z" * 600,
    ],
)
@pytest.mark.parametrize("size", [1, 7, 511, 5000])
def test_shapes_in_a_stream_come_out_as_in_a_whole_text(text: str, size: int) -> None:
    redactor = Redactor({"ONE": OTHER})

    out = streamed(redactor, [text[at : at + size] for at in range(0, len(text), size)])

    assert out == redactor.text(text)
