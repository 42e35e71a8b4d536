"""What a check said of a tree is remembered over lives, without secrets."""

from __future__ import annotations

import pytest

from hocket.api.branches import Examined
from hocket.api.calls import Check
from hocket.engine.verdicts import FILE, Verdicts
from hocket.errors import StorageFull
from hocket.journal.redact import Redactor

TREE, OTHER = "a" * 40, "b" * 40
TESTS = Check("tests", "make test")


class Bytes:
    """The files of a run."""

    def __init__(self, content=None, *, full=False):
        self.content = content
        self._full = full

    def read(self, name):
        assert name == FILE
        return self.content

    def note(self, _name, line):
        if self._full:
            raise StorageFull("run", found="the disk is full")
        self.content = (self.content or b"") + line


def verdicts(held):
    return Verdicts(held, Redactor({"TOKEN": "very-secret-token"}))


def test_the_next_life_goes_by_the_same_words():
    held = Bytes()
    first = verdicts(held)
    assert first.find(TESTS, TREE) is None
    said = Examined(passed=False, output="failed in 0.31 s\nwith very-secret-token")
    kept = first.keep(TESTS, TREE, said)
    first.keep(TESTS, OTHER, Examined(passed=True))

    second = verdicts(held)
    assert second.find(TESTS, TREE) == kept == first.find(TESTS, TREE)
    assert second.find(TESTS, OTHER) == Examined(passed=True)
    assert kept.output.startswith("failed in 0.31 s\n")
    assert "very-secret" not in kept.output
    assert b"very-secret" not in held.content


@pytest.mark.parametrize("other", [Check("tests", "make all"), Check("lint", "make test")])
def test_another_check_is_another_verdict(other):
    known = verdicts(Bytes())
    known.keep(TESTS, TREE, Examined(passed=True))
    assert known.find(other, TREE) is None


@pytest.mark.parametrize("torn", [b'\n{"key": "x", "pas', b"\n[1]\n", b"\n7\n", b"\n{}\n", b"\xff"])
def test_half_a_line_hides_no_other(torn):
    held = Bytes()
    verdicts(held).keep(TESTS, TREE, Examined(passed=True))
    held.content += torn
    verdicts(held).keep(TESTS, OTHER, Examined(passed=True))
    known = verdicts(held)
    assert known.find(TESTS, TREE) == known.find(TESTS, OTHER) == Examined(passed=True)


def test_a_full_disk_forgets_it_and_nothing_else_happens():
    held = Bytes(full=True)
    known = verdicts(held)
    assert known.keep(TESTS, TREE, Examined(passed=True)) == Examined(passed=True)
    assert known.find(TESTS, TREE) == Examined(passed=True)
    assert verdicts(held).find(TESTS, TREE) is None
