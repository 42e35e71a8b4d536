"""Archives with any damage: a tree that keeps the rules, or a refusal, never a traceback."""

from __future__ import annotations

import gzip
import zipfile
from functools import partial

import pytest
from hostile_archives import GOOD_ITEMS, Item, streamed, tar, zipped
from hypothesis import given, settings
from hypothesis import strategies as st

from hocket.api.protocols import Tree
from hocket.registry.trees.archives import read_archive
from hocket.registry.trees.breaches import TreeRefused
from hocket.registry.trees.intake import checked


def summed(raw: bytes) -> bytes:
    """Give every header of a tar the checksum it needs, so that its damage is read."""
    blocks = [bytearray(raw[start : start + 512]) for start in range(0, len(raw), 512)]
    for block in blocks:
        if block[257:262] == b"ustar":
            block[148:156] = b" " * 8
            block[148:156] = b"%06o\0 " % sum(block)
    return gzip.compress(b"".join(blocks), 1)


ITEMS = [*GOOD_ITEMS, Item("notes/caf\u00e9.md", b"more\n" * 20), Item("x" * 150 + "/y", b"long")]
WHOLE = {
    "zip": (zipped(ITEMS), bytes),
    "stored zip": (zipped(ITEMS, zipfile.ZIP_STORED), bytes),
    "streamed zip": (streamed(ITEMS), bytes),
    "tar": (tar(ITEMS), partial(gzip.compress, compresslevel=1)),
    "tar with its sums": (tar(ITEMS), summed),
    "packed tar": (gzip.compress(tar(ITEMS)), bytes),
}
CHANGES = st.lists(
    st.tuples(
        st.integers(0, 1 << 16),
        st.sampled_from(["set", "cut", "drop", "put"]),
        st.binary(max_size=4),
    ),
    min_size=1,
    max_size=4,
)


def damaged(raw: bytes, changes: list[tuple[int, str, bytes]]) -> bytes:
    """Change bytes in place, leave some out, put some in, or cut the end off."""
    for where, how, given_bytes in changes:
        place = where % (len(raw) + 1)
        behind = {"set": len(given_bytes), "cut": len(raw), "drop": len(given_bytes), "put": 0}[how]
        between = given_bytes if how in {"set", "put"} else b""
        raw = raw[:place] + between + raw[place + behind :]
    return raw


@pytest.mark.parametrize("examples", [60, pytest.param(5_000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("form", WHOLE)
def test_damage_is_refused_or_harmless(form, examples):
    whole, pack = WHOLE[form]

    @settings(max_examples=examples, deadline=None, database=None)
    @given(CHANGES)
    def check(changes):
        try:
            tree = read_archive("demo", pack(damaged(whole, changes)))
        except TreeRefused:
            return
        assert checked("demo", tree) == tree

    check()


@settings(max_examples=100, deadline=None)
@given(st.sampled_from([b"PK\x03\x04", b"\x1f\x8b\x08\0", b""]), st.binary(max_size=300))
def test_random_bytes_are_refused(start, rest):
    with pytest.raises(TreeRefused):
        read_archive("demo", start + rest)


def test_whole_they_are_read():
    for whole, pack in WHOLE.values():
        entries = tuple(
            sorted((("f", item.name, item.content) for item in ITEMS), key=lambda one: one[1])
        )
        assert read_archive("demo", pack(whole)) == Tree(entries)
