"""What a lock file says: read back whatever it holds, and never believed too much."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, replace

import pytest

from hocket.api.storage import Holder
from hocket_plugins.stores.files.claim import Claim, held
from hocket_plugins.stores.files.process import boot, start_of

OURS = Claim.ours(7, 1_795_228_800_000)


def test_a_claim_names_this_process_and_comes_back_as_it_was_written() -> None:
    assert (OURS.epoch, OURS.pid, OURS.start, OURS.boot) == (
        7,
        os.getpid(),
        start_of(os.getpid()),
        boot(),
    )
    assert Claim.read(OURS.write()) == OURS
    assert json.loads(OURS.write()) == asdict(OURS)
    assert OURS.holder() == Holder(7, os.getpid(), OURS.host, 1_795_228_800_000, stopped=False)


@pytest.mark.parametrize(
    "content",
    [None, b"", b"{", b"null", b"7", b"[]", b"\xff", b'{"epoch": true, "host": 5}', b"[" * 99_999],
)
def test_what_is_not_a_claim_claims_nothing(content: bytes | None) -> None:
    claim = Claim.read(content)

    assert (claim.pid, claim.host, claim.may_hold) == (0, "", False)
    assert claim.epoch in {0, 1}


def test_numbers_that_cannot_be_are_none() -> None:
    assert Claim.read(b'{"epoch": -1, "pid": 1e9, "since": %d}' % 2**60) == Claim()


@pytest.mark.skipif(not boot(), reason="needs a system that names its starts (/proc)")
@pytest.mark.parametrize(
    ("claim", "here", "running_here", "may_hold"),
    [
        (OURS, True, True, True),
        (replace(OURS, start="1"), True, False, False),
        (replace(OURS, start=""), True, False, False),
        (replace(OURS, pid=2**30), True, False, False),
        (replace(OURS, boot="another"), False, False, True),
        (replace(OURS, boot="", host="far"), False, False, True),
        (replace(OURS, boot=""), False, False, True),
        (replace(OURS, boot="", pid=2**30), False, False, False),
        (replace(OURS, pid=0), True, False, False),
    ],
)
def test_only_the_very_process_counts_as_running_here(
    claim: Claim, *, here: bool, running_here: bool, may_hold: bool
) -> None:
    assert (claim.is_here, claim.is_running_here, claim.may_hold) == (here, running_here, may_hold)


def test_a_refusal_says_who_where_since_when_and_what_to_do() -> None:
    refusal = held("4f2a", replace(OURS, pid=812, host="host"))

    assert refusal.message.startswith("run 4f2a: held by pid 812 on host since ")
    assert refusal.message.endswith("(running); expected a run that nobody holds.")
    assert refusal.hint == "Wait for it, or if it does not answer: hocket resume --steal 4f2a"
    assert refusal.exit_code == 1
    assert "just taking or leaving" in held("4f2a", Claim()).message
