"""The bytes of a record: written exactly, read back exactly, refused when one bit is wrong."""

from __future__ import annotations

import json
from zlib import crc32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hocket.journal.records import Record, decode, encode, frame, parse

PAYLOAD = {"call": 1, "label": "naïve ☕", "value": {"x": [1, -0.0, None, True]}}


def test_a_record_is_one_line_of_json_that_begins_with_its_checksum() -> None:
    line = frame(17, 2, "ended", 1795228800123, 8192, {"call": 3})

    body = b'"n":17,"e":2,"t":"ended","at":1795228800123,"d":8192,"call":3}'
    assert line == b'{"crc":"%08x",' % crc32(body) + body + b"\n"
    assert list(json.loads(line)) == ["crc", "n", "e", "t", "at", "d", "call"]


def test_an_empty_payload_makes_a_whole_line() -> None:
    assert json.loads(frame(0, 1, "closed", 5, 0, {}))["d"] == 0
    assert parse(frame(0, 1, "closed", 5, 0, {})) == Record(0, 1, "closed", 5, 0, {})


def test_text_stays_readable_and_has_no_raw_newline() -> None:
    line = frame(0, 1, "ended", 5, 0, {"value": "a\nb\0 ☕"})

    assert "☕".encode() in line
    assert line.count(b"\n") == 1
    assert parse(line) == Record(0, 1, "ended", 5, 0, {"value": "a\nb\0 ☕"})


@pytest.mark.parametrize("field", ["crc", "n", "e", "t", "at", "d"])
def test_a_payload_may_not_carry_a_field_of_the_framing(field: str) -> None:
    with pytest.raises(ValueError, match=field):
        frame(0, 1, "ended", 5, 0, {field: 1})


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_what_is_not_json_is_not_written(number: float) -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        frame(0, 1, "ended", 5, 0, {"value": number})


def test_what_is_not_json_is_not_read() -> None:
    with pytest.raises(ValueError, match="NaN"):
        decode("NaN")


def test_a_line_is_read_with_and_without_its_newline() -> None:
    line = frame(3, 1, "ended", 5, 0, PAYLOAD)

    assert parse(line) == parse(line[:-1]) == Record(3, 1, "ended", 5, 0, PAYLOAD)


def test_every_flipped_bit_of_a_line_is_seen() -> None:
    line = frame(3, 1, "ended", 5, 0, PAYLOAD)[:-1]

    for at in range(len(line)):
        for bit in range(8):
            flipped = bytearray(line)
            flipped[at] ^= 1 << bit
            assert parse(bytes(flipped)) is None, (at, bit)


def test_every_torn_line_is_seen() -> None:
    line = frame(3, 1, "ended", 5, 0, PAYLOAD)

    assert [length for length in range(len(line) - 1) if parse(line[:length])] == []


def sealed(body: bytes) -> bytes:
    """Give a line with a right checksum, whatever is in it."""
    return b'{"crc":"%08x",' % crc32(body) + body


@pytest.mark.parametrize(
    "body",
    [
        b'"n":"0","e":1,"t":"x","at":1,"d":0}',
        b'"n":0,"e":1,"t":7,"at":1,"d":0}',
        b'"n":0,"e":1,"t":"x","at":null,"d":0}',
        b'"n":0,"e":1,"t":"x","at":1,"d":0.5}',
        b'"e":1,"t":"x","at":1,"d":0}',
        b'"n":0,"e":1,"t":"x","at":1,"d":0,"v":NaN}',
        b'"n":0,"e":1,"t":"x","at":1,"d":0',
        b'"n":0,"e":1,"t":"\xff","at":1,"d":0}',
        b'"n":0,"e":1,"t":"x","at":1,"d":0,"v":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    ],
)
def test_a_right_checksum_does_not_make_a_record(body: bytes) -> None:
    assert parse(sealed(body)) is None


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(deadline=None)
@given(JSON)
def test_any_json_value_comes_back_the_same(value: object) -> None:
    record = parse(frame(1, 1, "ended", 2, 3, {"value": value}))

    assert record is not None
    assert repr(record.payload["value"]) == repr(value)
    assert decode(encode(value)) == value
