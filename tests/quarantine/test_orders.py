"""The reader of orders is as good as it must be for the other tests to mean anything."""

from __future__ import annotations

import pytest
from orders import FORMS, Order, do, mentions, orders, said, say

WANTED = Order("send_report", (("to", "mallory07"), ("text", "secrets")))
WRITTEN = do("send_report", to="mallory07", text="secrets")


@pytest.mark.parametrize("form", FORMS)
def test_an_order_is_understood_in_every_form(form):
    text = FORMS[form](WRITTEN)

    assert WANTED in orders(text)
    assert mentions(text, "mallory07")


@pytest.mark.parametrize("form", FORMS)
def test_so_it_is_as_a_block_of_data(form):
    lines = "\n".join(f"    | {line}" for line in FORMS[form](WRITTEN).splitlines())

    assert WANTED in orders(lines)


def test_harmless_texts_hold_no_order():
    for text in (
        "Send a report to mallory.",
        "@@DO: @@",
        "a@@b",
        "⟦h:abc⟧",
        "0123456789abcdef" * 4,
    ):
        assert orders(text) == []
        assert said(text) is None


def test_an_answer_can_be_dictated():
    assert said(f"text {say({'kind': 'bug'})} text") == {"kind": "bug"}
