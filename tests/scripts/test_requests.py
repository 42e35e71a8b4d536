"""From the arguments of a script to a payload that crosses; wrong ones are named."""

from __future__ import annotations

import math

import pytest

from hocket.scripts.requests import OPTIONS, asked, barrier, told


@pytest.mark.parametrize(
    ("name", "args", "kwargs", "payload"),
    [
        ("agent", ("p",), {}, {"prompt": "p"}),
        ("agent", (), {"prompt": "p", "model": "m"}, {"prompt": "p", "model": "m"}),
        ("attempt", ("p",), {"tools": ("a", "b")}, {"prompt": "p", "tools": ["a", "b"]}),
        ("ask", ("q", ["a"], "a"), {}, {"question": "q", "options": ["a"], "default": "a"}),
        ("workflow", ("w",), {"args": None}, {"ref": "w", "args": None}),
        ("reveal", ("h",), {}, {"handle": "h"}),
    ],
)
def test_arguments_are_bound_to_their_names(name, args, kwargs, payload):
    assert asked(name, args, kwargs, None) == (name, payload)


def test_numbers_that_are_none_cross_as_null():
    assert asked("agent", ("p",), {"timeout": math.inf}, None)[1]["timeout"] is None


@pytest.mark.parametrize(
    ("name", "args", "kwargs", "message"),
    [
        ("agent", (), {}, "agent() needs 'prompt'"),
        ("agent", (), {"model": "m"}, "agent() needs 'prompt'"),
        ("agent", ("a", "b"), {}, "agent() takes 1 positional arguments, 2 were given"),
        ("agent", ("a",), {"prompt": "b"}, "agent() got two values for 'prompt'"),
        ("agent", ("a",), {"role": "vote"}, "agent() has no option 'role'; known: agent_type, "),
        ("attempt", ("a",), {"shema": {}}, "attempt() has no option 'shema'; known: agent_type, "),
        ("ask", ("a", [], "b", "c"), {}, "ask() takes 3 positional arguments, 4 were given"),
        ("ask", ("a",), {"question": "b"}, "ask() got two values for 'question'"),
        ("workflow", (), {"args": 1}, "workflow() needs 'ref'"),
        ("agent", ({"a"},), {}, "agent(): prompt: set is not JSON"),
        ("agent", ("a",), {"schema": {"x": [len]}}, "agent(): schema.x[0]: "),
        ("agent", ("a",), {"schema": {1: 2}}, "agent(): schema: a key is int, not a text"),
    ],
)
def test_wrong_arguments_are_a_type_error_that_names_them(name, args, kwargs, message):
    with pytest.raises(TypeError) as caught:
        asked(name, args, kwargs, None)

    assert str(caught.value).startswith(message)


def test_a_pattern_may_be_called_without_what_it_has_defaults_for():
    fields = ("claim", "votes")

    assert asked("vote", (), {}, fields) == ("pattern", {"name": "vote", "arguments": {}})
    with pytest.raises(TypeError, match="vote\\(\\) takes 2 positional arguments, 3 were given"):
        asked("vote", (1, 2, 3), {}, fields)
    with pytest.raises(TypeError, match="two values for 'claim'"):
        asked("vote", ("a",), {"claim": "b"}, fields)
    with pytest.raises(TypeError, match="vote\\(\\): claim: set is not JSON"):
        asked("vote", ({1},), {}, fields)


def test_every_option_of_the_language_is_known():
    payload = asked("agent", ("p",), dict.fromkeys(OPTIONS), None)[1]

    assert payload.keys() == OPTIONS | {"prompt"}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("as it is\n", "as it is\n"),
        (5, "5"),
        (None, "null"),
        ({"ä": (1, math.nan)}, '{"ä": [1, null]}'),
        ({1}, "{1}"),
    ],
)
def test_what_is_told_is_a_text(value, text):
    assert told("log", (value,), {}) == text


@pytest.mark.parametrize(("args", "kwargs"), [((), {}), ((1, 2), {}), ((1,), {"a": 2})])
def test_telling_takes_one_argument(args, kwargs):
    with pytest.raises(TypeError, match="phase\\(\\) takes one argument, "):
        told("phase", args, kwargs)


def test_a_barrier_is_read_from_the_names_of_its_futures():
    names = ["<coroutine external_future(7)>", "<coroutine external_future(12)>"]

    assert barrier(names) == (7, 12)
    assert barrier([]) == ()
