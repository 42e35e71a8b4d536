"""Four counts of input that never overlap, and what else was used."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hocket.api.calls import Usage
from hocket_plugins.models.anthropic.usage import merged, usage


def used(**counts):
    return Usage(cost_micros=None, **counts)


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        ({"input_tokens": 3, "output_tokens": 2}, used(input=3, output=2)),
        (
            {
                "input_tokens": 3,
                "cache_read_input_tokens": 50,
                "cache_creation_input_tokens": 70,
                "cache_creation": {
                    "ephemeral_5m_input_tokens": 60,
                    "ephemeral_1h_input_tokens": 10,
                },
                "output_tokens": 2,
                "output_tokens_details": {"thinking_tokens": 1},
                "server_tool_use": {"web_search_requests": 4, "web_fetch_requests": 1},
                "service_tier": "standard",
            },
            used(
                input=3,
                cache_read=50,
                cache_write=60,
                cache_write_1h=10,
                output=2,
                reasoning=1,
                searches=4,
            ),
        ),
        (
            {"cache_creation_input_tokens": 9, "output_tokens": 1},
            used(cache_write=9, output=1),
        ),
        (
            {"cache_creation": {"ephemeral_1h_input_tokens": 9}, "output_tokens": 1},
            used(cache_write_1h=9, output=1),
        ),
        ({}, used(estimated=True)),
        ({"input_tokens": 0, "output_tokens": 0}, used(estimated=True)),
        ({"input_tokens": 5, "output_tokens": -1}, used(input=5, estimated=True)),
        (
            {"input_tokens": None, "output_tokens": 1, "cache_creation": None, "x": []},
            used(output=1),
        ),
    ],
)
def test_a_report_becomes_disjoint_counts(report, expected):
    assert usage(report) == expected


def test_what_a_compaction_used_is_added_and_what_messages_used_is_not():
    report = {
        "input_tokens": 10,
        "output_tokens": 5,
        "iterations": [
            {"type": "message", "input_tokens": 10, "output_tokens": 5},
            {
                "type": "compaction",
                "input_tokens": 1000,
                "output_tokens": 200,
                "cache_read_input_tokens": 30,
                "cache_creation_input_tokens": 4,
            },
        ],
    }
    assert usage(report) == used(input=1010, output=205, cache_read=30, cache_write=4)


def test_counts_are_cumulative_and_a_null_takes_nothing_back():
    start = {"input_tokens": 3, "cache_read_input_tokens": 50, "output_tokens": 1}
    end = {"input_tokens": None, "cache_read_input_tokens": 80, "output_tokens": 20}
    assert usage(merged(start, end)) == used(input=3, cache_read=80, output=20)


def test_the_end_of_a_turn_knows_more_than_its_beginning(claude, wire, says, reply):
    start = {
        "input_tokens": 4,
        "cache_creation_input_tokens": 7,
        "cache_creation": {"ephemeral_5m_input_tokens": 5, "ephemeral_1h_input_tokens": 2},
        "output_tokens": 1,
    }
    said = reply.whole(reply.text("x"), usage=start, cache_creation_input_tokens=10)
    wire.say(says.stream(says.sse(*said)))
    opened, *_, closed = claude.run(claude.heard, wire)
    assert opened.usage == used(input=4, cache_write=5, cache_write_1h=2, output=1)
    assert closed.turn.usage == used(input=4, cache_write=8, cache_write_1h=2, output=5)


COUNTS = st.integers(0, 10**6)


@settings(max_examples=100, deadline=None, database=None)
@given(COUNTS, COUNTS, COUNTS, COUNTS)
def test_the_four_counts_add_up_to_the_whole_input(fresh, read, short, hour):
    report = {
        "input_tokens": fresh,
        "cache_read_input_tokens": read,
        "cache_creation_input_tokens": short + hour,
        "cache_creation": {"ephemeral_5m_input_tokens": short, "ephemeral_1h_input_tokens": hour},
        "output_tokens": 1,
    }
    said = usage(report)
    assert (said.cache_write, said.cache_write_1h) == (short, hour)
    whole = said.input + said.cache_read + said.cache_write + said.cache_write_1h
    assert whole == fresh + read + short + hour
