"""Output: bounded, mended, harmless (cases 60 and 65; A17)."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hocket_plugins.tools.shell.output import FIRST, LAST, Output, harmless, shown


def test_a17_yes_is_stopped_and_both_ends_are_shown(agent):
    output = agent.output("yes")
    head, _, rest = output.text.partition("\n")
    assert head.startswith("[stopped: it printed more than 10,000,000 bytes")
    (digest, kept) = next(iter(agent.context.kept.items()))
    assert kept == b"y\n" * 5_000_000
    note = f"\n[… the middle is not shown; all 10,000,000 bytes are kept as {digest} …]\n"
    first, _, last = rest.partition(note)
    assert (first, last) == ("y\n" * (FIRST // 2), "y\n" * (LAST // 2))
    assert output.is_error


def test_a17_a_terabyte_is_stopped_at_ten_million_bytes(agent):
    output = agent.output("head -c 1000000000000 /dev/zero | tr '\\0' x; touch finished")
    assert "[stopped: it printed more than 10,000,000 bytes" in output.text
    assert len(output.text) < FIRST + LAST + 400
    assert [len(kept) for kept in agent.context.kept.values()] == [10_000_000]
    assert not (agent.ws / "finished").exists()


def test_ten_million_bytes_exactly_are_fine(agent):
    output = agent.output("head -c 10000000 /dev/zero | tr '\\0' x")
    assert output.text.startswith("[exit code 0")


def test_16_000_characters_are_shown_whole_and_nothing_is_kept(agent):
    text = agent.does("printf 'é%.0s' {1..16000}")
    assert (text, agent.context.kept) == ("é" * 16_000, {})


def test_of_one_more_the_first_4_000_and_the_last_12_000_are_shown(agent):
    printed = "a" * 4_000 + "-" + "b" * 12_000
    text = agent.does("printf 'a%.0s' {1..4000}; printf -- -; printf 'b%.0s' {1..12000}")
    digest = sha256(printed.encode()).hexdigest()
    assert text == (
        f"{'a' * 4_000}\n[… the middle is not shown; all 16,001 bytes are kept as {digest} …]\n"
        f"{'b' * 12_000}"
    )
    assert agent.context.kept == {digest: printed.encode()}


def test_bytes_that_are_no_text_and_escapes_are_mended(agent):
    printed = agent.does(r"printf 'caf\xe9 \x1b[31mred\x1b[0m \x1b]0;title\x07\0\x07done\n'")
    assert printed == "caf\ufffd red done"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"10%\r20%\r100%\r\n", "10%\n20%\n100%\n"),
        (b"a\r\r\nb\tc\n", "a\nb\tc\n"),
        (b"\x1b]8;;http://e\x1b\\link\x1b]8;;\x1b\\", "link"),
        (b"\x1bPq...\x1b\\x", "x"),
        (b"one \x1b]0;\ntwo\n", "one 0;\ntwo\n"),
        (b"\x1b[?25l\x1b[2J\x1b7\xc2\x9b1m", "71m"),
        ("é\u202e".encode(), "é\u202e"),
    ],
)
def test_what_a_terminal_would_obey_is_taken_out(raw, text):
    assert harmless(raw) == text


@given(st.binary(max_size=400))
def test_no_control_character_is_left(raw):
    assert all(sign in "\n\t" or ord(sign) >= 32 for sign in harmless(raw))
    assert not any(0x7F <= ord(sign) < 0xA0 for sign in harmless(raw))


@settings(deadline=None)
@given(st.integers(0, 400_000), st.sampled_from(["x", "é", "🎵", "\x1b[0mz"]))
def test_never_more_than_both_ends(times, piece):
    raw = (piece * times).encode()
    first, last = shown(raw)
    whole = harmless(raw)
    if last:
        assert len(whole) > FIRST + LAST
        assert (first, last) == (whole[:FIRST], whole[-LAST:])
    else:
        assert first == whole


@given(st.lists(st.binary(max_size=50)), st.integers(0, 200))
def test_what_fits_is_kept_and_full_says_that_something_did_not(chunks, most):
    output = Output(most)
    for chunk in chunks:
        output.take(chunk)
    everything = b"".join(chunks)
    assert (output.raw, len(output)) == (everything[:most], min(most, len(everything)))
    assert output.full == (len(everything) > most)
