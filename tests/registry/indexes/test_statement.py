"""The signed bytes are those of the specification, and of one package only."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from hocket.api.ceiling import Ceiling
from hocket.registry.forms.names import version
from hocket.registry.indexes.rows import Kind, Row
from hocket.registry.indexes.statement import INDEX_NAMESPACE, NAMESPACE, statement

ROW = Row(
    name="deep-research",
    version=version("1.4.0"),
    kind=Kind.BUNDLE,
    published=datetime(2026, 11, 18, 10, tzinfo=UTC),
    digest="hk1:" + "a" * 64,
    capabilities=Ceiling(
        tools=("Read", "WebFetch", "WebSearch"),
        network=("*",),
        read=("docs/**",),
        write=("reports/**",),
        agents=120,
    ),
)


def test_the_statement_is_the_one_that_is_specified():
    hashed = "6a64bdf1e5529a82d8e538321d0ea69f99f07a607bcc8e367298da867c340b2b"
    assert statement("acme-patterns", ROW).decode() == (
        '{"_type":"hocket/bundle/v1",'
        f'"capabilities":"sha256:{hashed}",'
        f'"digest":"hk1:{"a" * 64}",'
        '"kind":"bundle","name":"deep-research","published":"2026-11-18T10:00:00Z",'
        '"registry":"acme-patterns","version":"1.4.0"}'
    )
    assert (NAMESPACE, INDEX_NAMESPACE) == ("hocket-bundle@v1", "hocket-registry@v1")


@pytest.mark.parametrize(
    "other",
    [
        replace(ROW, name="deep-reserach"),
        replace(ROW, version=version("1.4.1")),
        replace(ROW, kind=Kind.PLUGIN),
        replace(ROW, published=datetime(2026, 11, 18, 11, tzinfo=UTC)),
        replace(ROW, digest="hk1:" + "b" * 64),
        replace(ROW, capabilities=Ceiling()),
    ],
)
def test_a_signature_fits_nothing_else(other):
    assert statement("acme-patterns", other) != statement("acme-patterns", ROW)


def test_a_signature_fits_no_other_registry_and_survives_yanking():
    assert statement("core", ROW) != statement("acme-patterns", ROW)
    assert statement("core", replace(ROW, yanked="bad", size=1)) == statement("core", ROW)
