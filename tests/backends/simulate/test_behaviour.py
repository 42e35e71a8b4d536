"""What `--simulate` can be told, and what it says to what it cannot."""

from __future__ import annotations

from pathlib import Path

import pytest

from hocket.api.settings import PluginSettings
from hocket.errors import UsageError
from hocket_plugins.backends import simulate
from hocket_plugins.backends.simulate.behaviour import Behaviour, Failure


def test_all_of_it_is_read():
    told = Behaviour.told(" latency=0.1, jitter=0,fail=0.05,fail_state=stalled,seed=7,tokens=30,")
    assert told == Behaviour(
        latency=0.1, jitter=0, fail=0.05, fail_state=Failure.STALLED, seed=7, tokens=30
    )


def test_nothing_told_is_the_quiet_world():
    assert Behaviour.told("") == Behaviour()


@pytest.mark.parametrize(
    ("told", "found", "hint"),
    [
        (
            "latancy=1",
            "the key 'latancy' is unknown",
            "Did you mean 'latency'? Nothing was started.",
        ),
        ("qqq", "the key 'qqq' is unknown", "Nothing was started."),
        ("fail=2", "fail=2 is not understood: input should be less than or equal to 1", ""),
        ("latency=soon", "latency=soon is not understood: input should be a valid number", ""),
        ("latency=inf", "latency=inf is not understood: input should be a finite number", ""),
        ("tokens=0", "tokens=0 is not understood", ""),
        ("fail_state=ok", "fail_state=ok is not understood: input should be 'error', ", ""),
        ("seed", "seed= is not understood", ""),
    ],
)
def test_a_wrong_word_is_named(told: str, found: str, hint: str):
    with pytest.raises(UsageError) as raised:
        Behaviour.told(told)
    assert found in raised.value.found
    assert hint in raised.value.hint


def test_an_unknown_key_lists_the_known_ones():
    with pytest.raises(UsageError) as raised:
        Behaviour.told("sed=1")
    assert raised.value.expected == f"one of {', '.join(sorted(Behaviour.model_fields))}"


def test_every_key_is_documented():
    assert all(field.description for field in Behaviour.model_fields.values())


def test_hook_hocket_register_backends_hands_over_simulate():
    (backend,) = simulate.hocket_register_backends(
        PluginSettings(Path(), choices={"simulate": "seed=1"})
    )
    assert (backend.name, backend.has_workspace, backend.checks_pass) == ("simulate", False, True)
    with pytest.raises(UsageError, match="unknown"):
        simulate.hocket_register_backends(PluginSettings(Path(), choices={"simulate": "x=1"}))
