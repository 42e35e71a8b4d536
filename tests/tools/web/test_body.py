"""Unpacking: every page comes back, and nothing unpacks to more than a limit."""

from __future__ import annotations

import contextlib
import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket_plugins.tools.web import body
from hocket_plugins.tools.web.refusal import Refusal


@given(st.binary(max_size=5_000))
def test_what_was_packed_comes_back(raw):
    assert body.unpacked(gzip.compress(raw, mtime=0), "gzip") == raw
    assert body.unpacked(raw, "identity") == body.unpacked(raw, "") == raw


@pytest.mark.parametrize("size", [999_999, 1_000_000, 1_000_001, 20_000_000])
def test_pieces_of_any_size(size):
    assert len(body.unpacked(gzip.compress(bytes(size), 1), "gzip")) == size


def test_one_byte_too_many():
    with pytest.raises(Refusal, match="more than 20,000,000 bytes when it is unpacked"):
        body.unpacked(gzip.compress(bytes(20_000_001), 1), "gzip")


@given(st.binary(min_size=1, max_size=500), st.integers(0, 600), st.binary(max_size=4))
def test_a_page_that_was_damaged_is_refused_or_whole(raw, place, noise):
    packed = gzip.compress(raw, mtime=0)
    damaged = packed[:place] + noise + packed[place + len(noise) :]
    with contextlib.suppress(Refusal):
        assert body.unpacked(damaged, "gzip") == raw


@given(st.binary(min_size=1, max_size=500), st.integers(1, 500))
def test_a_page_that_was_cut_off_is_refused(raw, less):
    packed = gzip.compress(raw, mtime=0)
    with pytest.raises(Refusal):
        body.unpacked(packed[: max(0, len(packed) - less)], "gzip")


def test_what_stands_behind_the_page_is_padding():
    assert body.unpacked(gzip.compress(b"words", mtime=0) + bytes(512), "gzip") == b"words"
