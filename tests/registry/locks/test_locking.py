"""A solution becomes a lock, and a lock holds a registry to its word."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hocket.api.ceiling import Ceiling
from hocket.registry.capabilities.table import capability_hash
from hocket.registry.forms import ranges
from hocket.registry.forms.names import version
from hocket.registry.indexes.rows import Kind, Row, Source, Wheels
from hocket.registry.locks.lock import Registry, dump
from hocket.registry.locks.locking import contradictions, locked
from hocket.registry.locks.reading import read
from hocket.registry.resolving.solving import Solution

AT = datetime(2026, 11, 1, tzinfo=UTC)
A, B = "hk1:" + "a" * 64, "hk1:" + "b" * 64
DEEP = Row("deep", version("1.4.0"), Kind.BUNDLE, AT, A, source=Source(path="bundles/deep"))
STORES = Row(
    "stores", version("0.2.0"), Kind.PLUGIN, AT, B, wheels=(Wheels("acme-stores==0.2.0", ()),)
)
SOLUTION = Solution(
    rows={"acme/deep": DEEP, "acme/stores": STORES},
    needs={"acme/deep": ("acme/stores",), "acme/stores": ()},
    requested={"acme/deep": ranges.parse("^1.4")},
    renamed={},
)
ACME = Registry("acme", "git+https://h.example/x.git", 42, "0" * 40, "sha256:" + "c" * 64)
OTHER = Registry("other", "path:elsewhere", 1)


def lock(solution=SOLUTION):
    return locked(solution, (OTHER, ACME), {"acme/deep": "r@acme.example"})


def test_a_lock_holds_what_was_solved_and_where_it_came_from():
    got = lock()
    assert got.registries == (ACME,)
    deep, stores = got.packages
    assert (deep.requested, deep.signer) == (ranges.parse("^1.4"), "r@acme.example")
    assert (deep.source, deep.dependencies) == ("path:bundles/deep", ("acme/stores@0.2.0",))
    assert (stores.requested, stores.source) == (None, "requirement:acme-stores==0.2.0")
    assert deep.capabilities == capability_hash(Ceiling())
    assert read(dump(got)) == got


def test_a_registry_is_held_to_what_it_published():
    assert contradictions(lock(), SOLUTION.rows) == ()
    newer = {"acme/deep": replace(DEEP, version=version("1.5.0"), digest=B), "acme/new": DEEP}
    assert contradictions(lock(), newer) == ()
    told = contradictions(lock(), {"acme/deep": replace(DEEP, digest=B)})
    assert told == (
        f"acme/deep 1.4.0: the registry has digest {B}; expected {A} as in hocket.lock",
    )
    (more,) = contradictions(
        lock(), {"acme/deep": replace(DEEP, capabilities=Ceiling(env=("HOME",)))}
    )
    assert more.startswith("acme/deep 1.4.0: the registry has capabilities sha256:")
