"""A stage for one pattern remembers what was asked on it, as a journal would."""

from __future__ import annotations

import asyncio

from hocket.api.patterns.context import Ask
from hocket.testing.patterns import PatternStage


def test_what_was_asked_is_found_by_number():
    stage = PatternStage(lambda _ask: "yes")
    asks = [Ask(prompt="one"), Ask(prompt="two", options={"model": "small"})]
    replies = [asyncio.run(stage.attempt(ask)) for ask in asks]

    assert stage.asked({reply.call for reply in replies}) == {"1": asks[0], "2": asks[1]}
    assert stage.asked(["2", "3"]) == {"2": asks[1]}
    assert stage.asked([]) == {}
