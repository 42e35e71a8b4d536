"""The double of what a run lends to those that attend it."""

from __future__ import annotations

from hashlib import sha256

from hocket.testing import ScriptedAccess


def test_it_keeps_bytes_by_their_digest_until_they_are_lost():
    access = ScriptedAccess()
    digest = access.keep(b"content")

    assert digest == sha256(b"content").hexdigest()
    assert access.load(digest) == b"content"
    assert access.load("nothing") is None


def test_two_lives_of_a_run_share_what_was_kept_and_nothing_else():
    first = ScriptedAccess(tainted=True)
    digest = first.keep(b"content")
    first.sealed["handle"] = digest
    second = ScriptedAccess(kept=first.kept)

    assert second.load(digest) == b"content"
    assert (second.sealed, second.tainted) == ({}, False)
    assert second.secret == first.secret
    assert second.tools == {}
