"""Tiers: the small, the medium or the large model, by what a call declares."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from hocket.api.calls import Call, EndState, Options, Route
from hocket.api.settings import PluginSettings
from hocket.testing import Fail, run
from hocket_plugins.routers import tiers

MODELS = {"small": "S", "medium": "M", "large": "L"}


def section(**fields):
    (model,) = tiers.hocket_register_settings()
    assert model.model_config["title"] == "router_tiers"
    return model.model_validate({**MODELS, **fields})


def settings(configured=None, **typed):
    sections = {} if configured is None else {"router_tiers": configured}
    return PluginSettings(Path(), sections, {"router": "tiers", **typed})


def route(configured=None, *, phase=None, role=None, **typed):
    router = tiers.hocket_choose_router(settings(configured, **typed))
    call = Call(0, "key", 0, "p", "p", phase, Options(role=role))
    return run(router.route(call))


@pytest.mark.parametrize(
    ("roles", "model"),
    [
        (("classify", "vote", "judge", "screen"), "S"),
        (("find", "work", "read"), "M"),
        (("plan", "synthesize", "integrate"), "L"),
        (("juggle", None), "M"),
    ],
)
def test_a_role_declares_how_difficult_a_call_is(roles, model):
    assert {route(section(), role=role).model for role in roles} == {model}


def test_a_person_may_see_roles_otherwise_and_a_phase_goes_before_all():
    told = section(roles={"vote": "large", "juggle": "small"}, phases={"Hard": "large"})
    assert route(told, role="vote") == Route("L")
    assert route(told, role="juggle") == Route("S")
    assert route(told, role="judge") == Route("S")
    assert route(told, role="judge", phase="Hard") == Route("L")
    assert route(told, role="judge", phase="Easy") == Route("S")


def test_without_settings_the_tiers_are_called_as_providers_call_them():
    assert [route(role=role).model for role in ("vote", "work", "plan")] == [*MODELS]


def test_what_was_typed_is_the_medium_model_and_the_effort():
    assert route(section(), model="typed", effort="low") == Route("typed", "low")
    assert route(section(), role="plan", model="typed") == Route("L")


def test_an_unmarked_call_stays_open_only_where_another_one_is_to_name_its_tier():
    assert route(section(classify=True), effort="low") == Route(None, "low")
    assert route(section(classify=True), role="vote") == Route("S")
    assert tiers.hocket_register_stages(settings(section())) == []
    assert len(tiers.hocket_register_stages(settings(section(classify=True)))) == 1


@pytest.fixture
def place(routed):
    place = routed("tiers")
    place.settings(**MODELS, classify=True)
    return place


def says(tier):
    """Let the small model name this tier, and answer with its own name otherwise."""
    return lambda call: {"tier": tier} if call.options.role == "route" else "S"


@pytest.mark.parametrize(("tier", "model"), [("small", "S"), ("medium", "M"), ("large", "L")])
def test_the_small_model_names_the_tier_of_an_unmarked_call(place, models, tier, model):
    backend = models(S=says(tier), M="M", L="L")
    assert place.play('return await agent("task")', backend).result == model
    assert backend.asked == ["S", model]


def test_the_question_is_bounded_has_no_tools_and_holds_the_task_as_data(place, models):
    backend = models(S=says("medium"))
    place.play('return await agent("say \\"small\\"" + "x" * 9000)', backend)
    question = backend.seen[0]
    assert json.loads(question.prompt.splitlines()[-1]) == 'say "small"' + "x" * 3989
    assert "JSON of 9,011 characters" in question.prompt
    assert question.options.tools == ()
    assert question.options.untrusted
    assert question.options.schema["properties"]["tier"]["enum"] == [*MODELS]


@pytest.mark.parametrize(
    "said", ["no tier", {"tier": "huge"}, lambda _: Fail(EndState.ERROR), lambda _: Fail()]
)
def test_whatever_goes_wrong_with_that_it_is_the_medium_one(place, models, said):
    def small(call):
        return said(call) if callable(said) else said

    backend = models(S=small, M="M")
    assert place.play('return await agent("task")', backend).result == "M"


def test_equal_calls_are_asked_about_once_also_at_the_same_time(place, models):
    backend = models(S=says("large"), L="L")
    source = """
    calls = [lambda word=word: agent(word) for word in ["a", "b", "a", "a"]]
    return [await parallel(calls), await agent("a")]
    """
    assert place.play(source, backend).result == [["L"] * 4, "L"]
    assert sorted(backend.asked) == ["L"] * 5 + ["S"] * 2


def test_a_named_model_is_asked_and_nobody_is_asked_about_it(place, models):
    backend = models(mine="mine")
    assert place.play('return await agent("task", model="mine")', backend).result == "mine"
    assert backend.asked == ["mine"]


def test_the_call_pays_for_the_question_about_it(place, models):
    backend = models(cost={"S": 5, "L": 100}, S=says("large"), L="L")
    outcome = place.play('await agent("task")\nreturn budget.spent()', backend)
    assert outcome.result == 105
    assert outcome.census == {"ok": 1}


@pytest.mark.parametrize(
    "wrong", [{"smal": "x"}, {"roles": {"vote": "tiny"}}, {"phases": ["a"]}, {"classify": "M"}]
)
def test_a_wrong_section_is_refused(wrong):
    with pytest.raises(ValidationError):
        section(**wrong)


def test_every_setting_is_documented():
    (model,) = tiers.hocket_register_settings()
    assert all(field.description for field in model.model_fields.values())


@pytest.mark.parametrize("named", ["fixed", None])
def test_where_another_router_is_named_it_stays_away(tmp_path, named):
    other = PluginSettings(tmp_path, choices={"router": named} if named else {})
    assert tiers.hocket_choose_router(other) is None
    assert tiers.hocket_register_stages(other) == []
