"""A window shows exactly the lines asked for, in files of any shape."""

from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st

from hocket_plugins.tools.files import window

CONTENT = st.binary(max_size=300).map(lambda raw: raw.replace(b"\x00", b"\n"))


def lines_of(content: bytes) -> list[bytes]:
    return io.BytesIO(content).readlines()


@given(CONTENT, st.integers(1, 20), st.integers(1, 20))
def test_lines_are_those_of_the_file(content, first, count):
    seen = window.look(io.BytesIO(content), first, count, 10_000)
    wanted = lines_of(content)[first - 1 : first - 1 + count]
    assert list(seen.lines) == wanted
    assert seen.more == (len(lines_of(content)) > first - 1 + count)
    assert not seen.cut


@given(CONTENT, st.integers(1, 5), st.integers(1, 50))
def test_bytes_are_limited_and_a_cut_is_said(content, first, most):
    seen = window.look(io.BytesIO(content), first, 1000, most)
    rest = b"".join(lines_of(content)[first - 1 :])
    shown = b"".join(seen.lines)
    assert shown == rest[:most]
    assert seen.more == (len(rest) > most)
    assert seen.cut == (seen.more and not shown.endswith(b"\n"))


@given(CONTENT, st.integers(1, 7))
def test_windows_one_after_another_are_the_file(content, count):
    first, shown = 1, b""
    while (seen := window.look(io.BytesIO(content), first, count, 10_000)).lines:
        shown += b"".join(seen.lines)
        first += len(seen.lines)
    assert shown == content


def test_the_borders_of_chunks_do_not_matter():
    """Lines of a length that never fits a megabyte evenly, over several of them."""
    content = b"".join(b"%d %s\n" % (number, b"x" * 9_973) for number in range(330))
    lines = lines_of(content)
    for first in (1, 2, 104, 105, 106, 107, 211, 316, 329, 330, 331):
        seen = window.look(io.BytesIO(content), first, 2, 100_000)
        assert list(seen.lines) == lines[first - 1 : first + 1]
        assert seen.skipped == min(first - 1, 330)
