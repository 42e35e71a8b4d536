"""What would run: caps, prices, arguments and the card, before anything starts."""

from __future__ import annotations

import pytest

from hocket.api.calls import Bound
from hocket.errors import UsageError
from hocket.launch.prepare import Demand, prepare
from hocket.testing import ScriptedBackend


def test_the_card_says_what_would_run(place):
    place.settings("budget_usd = 2.5\nbudget_tokens = 900\n")
    place.save("pass", meta='"phases": ["A"], "checks": {"t": ["make", "a b"]}, "colour": "red"')
    card = prepare(place.open(), Demand("wf.py", '"{}"')).card
    assert (card.name, card.description, card.path) == ("case", "A script.", "wf.py")
    assert (card.backend, card.budget_tokens, card.budget_micros) == ("scripted", 900, 2_500_000)
    assert card.checks == (("t", "make 'a b'"),)
    assert (card.args, card.has_args) == ({}, True)
    assert any("colour" in note for note in card.notes)
    assert card.notes[-1] == "args: a text that is JSON was parsed"


def test_a_script_can_only_lower_the_caps(place):
    project = place.open(flags={"concurrency": 8, "max_agents": 50})
    for limits, caps in (
        ('{"agents": 5, "concurrency": 2}', (2, 5)),
        ('{"agents": 500, "concurrency": 200}', (8, 50)),
        ("{}", (8, 50)),
    ):
        place.save(meta=f'"limits": {limits}')
        found = prepare(project, Demand("wf.py")).caps
        assert (found.at_once, found.agents) == caps


def test_a_budget_in_dollars_needs_a_price(place):
    place.save()
    free = ScriptedBackend({}, bound=Bound(10, None))
    with pytest.raises(UsageError, match="no price is known for what backend 'scripted'"):
        prepare(place.open(free, flags={"budget_usd": 1.0}), Demand("wf.py"))
    assert prepare(place.open(free), Demand("wf.py")).caps.budget.cost_micros is None
    paid = place.open(flags={"budget_usd": 1.0})
    assert prepare(paid, Demand("wf.py")).caps.budget.cost_micros == 1_000_000


def test_arguments_come_one_way(place):
    place.save()
    project = place.open()
    assert not prepare(project, Demand("wf.py")).arguments.given
    assert prepare(project, Demand("wf.py", "1")).arguments.value == 1
    assert prepare(project, Demand("wf.py", None, "words")).arguments.value == "words"
    with pytest.raises(UsageError, match="both --args and words"):
        prepare(project, Demand("wf.py", "1", ""))


def test_a_backend_that_is_not_there_names_the_nearest(place):
    place.save()
    with pytest.raises(UsageError) as caught:
        prepare(place.open(choices={"backend": "scriptd"}), Demand("wf.py"))
    assert (
        caught.value.expected
        == "one of agent_loop, claude_code, offline, replay, scripted, simulate"
    )
    assert caught.value.hint == "Did you mean 'scripted'? Nothing was started."
    with pytest.raises(UsageError) as caught:
        prepare(place.open(choices={"backend": "zzz"}), Demand("wf.py"))
    assert caught.value.hint == "Nothing was started."


def test_what_is_typed_wins_over_settings_and_over_what_a_run_had(place):
    place.settings('backend = "simulate"\nmodel = "small"\n')
    project = place.open(choices={"model": "large"}, flags={"concurrency": 2})
    assert project.plugin_settings.choices == {"backend": "simulate", "model": "large"}
    again = project.again({"concurrency": 3, "max_agents": 7}, {"model": "old", "effort": "low"})
    assert again.plugin_settings.choices["model"] == "large"
    assert again.plugin_settings.choices["effort"] == "low"
    settings = again.loaded.settings
    assert (settings.concurrency, settings.max_agents) == (2, 7)
    assert again.host is project.host
