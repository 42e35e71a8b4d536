"""What a registry showed before tells when it lies later."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hocket.errors import StructureError
from hocket.registry.forms.names import version
from hocket.registry.indexes import index, seen
from hocket.registry.indexes.seen import Fetch, Seen, Shown
from hocket.registry.indexes.verdicts import Fault, additions, judge

LOG = "registry.log"
FEW = settings(max_examples=50, deadline=None)
START = datetime(2026, 11, 20, 12, tzinfo=UTC)
A, B = "hk1:" + "a" * 64, "hk1:" + "b" * 64


def registry(*rows, serial=1, expires="", colour=""):
    """Make an index; a row is a version, its digest, the day it was published, and more keys."""
    top = f'schema = 1\nname = "acme"\ndescription = "x{colour}"\nserial = {serial}\n'
    top += f"updated = 2026-11-01T00:00:00Z\n{expires}\n"
    top += '[[package]]\nname = "tools"\nkind = "bundle"\ndescription = "x"\nlicense = "MIT"\n'
    for number, digest, day, *more in rows:
        top += f'[[package.version]]\nversion = "{number}"\npublished = {day}T00:00:00Z\n'
        top += f'digest = "{digest}"\nsize = 1\nfiles = 1\nsource = {{ path = "x" }}\n'
        top += "".join(f"{one}\n" for one in more)
    return index.read(top.encode())


class Machine:
    """A machine that fetches, one day after the other."""

    def __init__(self):
        self.log, self.now = b"", START

    def fetch(self, got, **options):
        verdicts = judge(got, self.seen, self.now, **options)
        self.log += additions(got, self.seen, self.now)
        self.now += timedelta(days=1)
        return [(one.fault, one.text, one.is_refused) for one in verdicts]

    @property
    def seen(self):
        return seen.read(self.log, LOG)


@pytest.fixture
def machine():
    return Machine()


def test_the_first_contact_and_honest_news_are_fine(machine):
    first = ("1.0.0", A, "2026-11-01")
    assert machine.fetch(registry(first)) == []
    assert machine.fetch(registry(first)) == []
    yanked = (*first, 'yanked = "wrong"')
    assert machine.fetch(registry(yanked, ("1.1.0", B, "2026-11-22"), serial=2)) == []
    assert machine.log.count(b"\n") == 5
    assert machine.seen.latest == START + timedelta(days=2)


def test_a_rollback_is_refused_and_not_written_down(machine):
    machine.fetch(registry(serial=5))
    before = machine.log
    text = "acme: serial 4 is older than 5, seen on 2026-11-20"
    assert machine.fetch(registry(serial=4)) == [(Fault.ROLLBACK, text, True)]
    assert machine.log == before


def test_a_serial_has_one_content(machine):
    machine.fetch(registry(serial=5))
    text = "acme: serial 5 had other contents on 2026-11-20"
    assert machine.fetch(registry(serial=5, colour="!")) == [(Fault.EDITED, text, True)]


def test_a_republished_version_is_refused_each_time(machine):
    machine.fetch(registry(("1.0.0", A, "2026-11-01")))
    other = registry(("1.0.0", B, "2026-11-01"), serial=2)
    told = [
        (
            Fault.REPUBLISHED,
            (
                "acme/tools 1.0.0 was published with digest hk1:aaaaaaaaaaaa… (seen on 2026-11-20)"
                " and now has hk1:bbbbbbbbbbbb…"
            ),
            True,
        )
    ]
    assert [machine.fetch(other), machine.fetch(other)] == [told, told]


def test_a_version_cannot_ask_for_more_later(machine):
    machine.fetch(registry(("1.0.0", A, "2026-11-01")))
    more = ("1.0.0", A, "2026-11-01", 'capabilities = { shell = ["*"] }')
    ((fault, text, is_refused),) = machine.fetch(registry(more, serial=2))
    assert (fault, is_refused) == (Fault.REPUBLISHED, True)
    assert "with capabilities sha256:" in text


def test_a_backdated_version_is_refused_each_time_and_alone(machine):
    machine.fetch(registry(("1.0.0", A, "2026-11-01")))
    rows = ("1.0.0", A, "2026-11-01"), ("1.0.1", B, "2026-11-19"), ("1.0.2", B, "2026-11-21")
    got = registry(*rows, serial=2)
    (verdict,) = judge(got, machine.seen, machine.now)
    assert verdict == (
        Fault.BACKDATED,
        (
            "acme/tools 1.0.1 says it was published on 2026-11-19T00:00:00Z,"
            " but on 2026-11-20T12:00:00Z it was not there"
        ),
        True,
        ("tools", version("1.0.1")),
    )
    machine.fetch(got)
    assert [fault for fault, *_ in machine.fetch(got)] == [Fault.BACKDATED]
    assert ("tools", version("1.0.2")) in machine.seen.rows


def test_a_row_that_was_hidden_is_not_new_when_it_can_be_read(machine):
    machine.fetch(registry(("1.0.0", A, "2026-11-01", "colour = 1")))
    assert machine.fetch(registry(("1.0.0", A, "2026-11-01"), serial=2)) == []
    ((fault, *_),) = machine.fetch(registry(("1.0.0", B, "2026-11-01"), serial=3))
    assert fault is Fault.REPUBLISHED


def test_a_row_that_is_gone_is_told(machine):
    machine.fetch(registry(("1.0.0", A, "2026-11-01")))
    text = "acme/tools 1.0.0 was there on 2026-11-20 and is gone; rows are never deleted"
    assert machine.fetch(registry(serial=2)) == [(Fault.REMOVED, text, False)]


def test_an_expired_index_is_told_or_refused(machine):
    got = registry(expires="expires = 2026-11-20T11:59:59Z")
    text = "acme: the index expired on 2026-11-20T11:59:59Z; it may hide newer versions"
    assert machine.fetch(got) == [(Fault.EXPIRED, text, False)]
    assert machine.fetch(got, require_fresh=True) == [(Fault.EXPIRED, text, True)]
    assert judge(registry(expires="expires = 2026-11-20T12:00:00Z"), Seen(), START) == ()


def test_a_line_that_was_never_finished_does_not_count(machine):
    machine.fetch(registry(("1.0.0", A, "2026-11-01")))
    whole = machine.log
    torn = whole + b'{"at":"2026'
    assert seen.read(torn, LOG) == machine.seen
    assert seen.finished(torn) == len(whole)
    assert (seen.read(b"", LOG), seen.finished(b""), Seen().highest) == (Seen(), 0, None)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b"nonsense", "registry.log:2: not canonical JSON"),
        (b'{"a": 1}', "registry.log:2: not canonical JSON"),
        (b"[]", "registry.log:2: not an object"),
        (b'{"at":"2026-11-20T12:00:00Z","serial":-1,"sha256":"x"}', "registry.log:2: serial: "),
        (b'{"at":"2026-11-20T12:00:00Z","x":1}', "registry.log:2: name: is missing"),
    ],
)
def test_a_log_that_was_edited_is_refused_with_its_line(line, told):
    first = seen.fetch_line(Fetch(START, 1, "a" * 64))
    with pytest.raises(StructureError) as caught:
        seen.read(first + line + b"\n" + first, LOG)
    assert told in str(caught.value)


VERSIONS = st.from_regex(r"[1-9]\.[0-9]\.[0-9](-rc\.[1-9])?", fullmatch=True).map(version)
TIMES = st.datetimes(
    START.replace(year=2000, tzinfo=None), START.replace(year=2100, tzinfo=None)
).map(lambda one: one.replace(tzinfo=UTC, microsecond=0))
HEX = st.sampled_from("abc").map(lambda one: one * 64)


@FEW
@given(
    st.lists(st.tuples(TIMES, st.integers(0, 99), HEX).map(lambda one: Fetch(*one))),
    st.dictionaries(
        st.tuples(st.sampled_from(["aa", "bb"]), VERSIONS),
        st.builds(Shown, TIMES, HEX.map("hk1:{}".format), HEX.map("sha256:{}".format)),
    ),
)
def test_what_is_written_is_read(fetches, rows):
    lines = [seen.fetch_line(one) for one in fetches]
    lines += [seen.row_line(key, shown) for key, shown in rows.items()]
    assert seen.read(b"".join(lines), LOG) == Seen(tuple(fetches), rows)


@FEW
@given(st.lists(st.integers(0, 5), max_size=8))
def test_the_serial_that_counts_never_falls(serials):
    machine, highest = Machine(), -1
    for serial in serials:
        told = [fault for fault, *_ in machine.fetch(registry(serial=serial))]
        assert told == ([Fault.ROLLBACK] if serial < highest else [])
        highest = max(highest, serial)
        assert machine.seen.highest.serial == highest


def test_each_fault_has_its_word_for_programs():
    assert {one.value: one.code for one in Fault} == {
        "rollback": "serial",
        "edited": "serial",
        "expired": "serial",
        "republished": "seen",
        "backdated": "seen",
        "removed": "seen",
    }
