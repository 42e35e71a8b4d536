"""Every spelling of an item ends in one spelling, and only what is safe has one."""

from __future__ import annotations

from unicodedata import is_normalized

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket.api.ceiling import LISTS
from hocket.registry.capabilities import vocabulary
from hocket.registry.capabilities.vocabulary import READERS

HOSTS = st.from_regex(r"(?:[A-Za-z0-9_-]{1,9}\.){0,3}[A-Za-z0-9-]{1,9}", fullmatch=True)
PATHS = st.lists(st.text(max_size=5) | st.sampled_from(["**", "*", "..", "."])).map("/".join)
WORDS = st.text() | HOSTS | PATHS | st.from_regex(r"mcp__[a-z_.-]{0,9}\*?", fullmatch=True)


def test_every_list_of_the_table_has_its_reader():
    assert sorted(READERS) == sorted(LISTS)


@given(st.sampled_from(sorted(READERS)), WORDS)
def test_a_spelling_that_was_read_is_read_as_itself(key, word):
    reader, _ = READERS[key]
    once = reader(word)
    assert once is None or reader(once) == once


@given(PATHS)
def test_a_glob_stays_beneath_its_root(path):
    read = vocabulary.glob(path)
    if read is not None:
        parts = read.split("/")
        assert not {"", ".", ".."} & set(parts)
        assert not set(read) & set('\\:"<>|')
        assert is_normalized("NFC", read)
        assert len(read.encode()) <= 240


@given(HOSTS)
def test_a_host_is_in_small_letters_and_no_number_in_disguise(host):
    read = vocabulary.host(host)
    assert read is None or read == read.lower()
    assert read is None or read.count(".") == 3 or not read.replace(".", "").isdigit()


@pytest.mark.parametrize(
    "host",
    [
        "127.1",
        "0x7f000001",
        "0177.0.0.1",
        "10.0.0.256",
        "example.org.",
        "-x.org",
        "x-.org",
        "b\u00fccher.example",
        "user@x.org",
        "x.org/path",
        "[::1",
        "fe80::1%eth0",
        "**",
    ],
)
def test_a_host_in_disguise_is_none(host):
    assert vocabulary.host(host) is None


@pytest.mark.parametrize(
    ("host", "read"),
    [
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("_dmarc.x.org", "_dmarc.x.org"),
        ("2001:DB8:0:0::1", "2001:db8::1"),
        ("10.0.0.1", "10.0.0.1"),
        ("localhost", "localhost"),
    ],
)
def test_a_host_is_read_into_one_spelling(host, read):
    assert vocabulary.host(host) == read
