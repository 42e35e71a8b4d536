"""The fixed router: agent type, then what was typed, then what is configured."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel, ValidationError

from hocket.api.calls import Call, Options, Route
from hocket.api.settings import PluginSettings
from hocket.testing import run
from hocket_plugins.routers import fixed


def section(**fields: object) -> BaseModel:
    (model,) = fixed.hocket_register_settings()
    assert model.model_config["title"] == "router_fixed"
    return model.model_validate(fields)


def route(configured: BaseModel | None = None, typed: dict[str, str] | None = None, **options: str):
    sections = {} if configured is None else {"router_fixed": configured}
    router = fixed.hocket_choose_router(PluginSettings(Path(), sections, typed or {}))
    return run(router.route(Call(0, "key", 0, "p", "p", options=Options(**options))))


def test_without_any_word_the_backend_decides():
    assert route() == Route(None, None)


def test_what_is_configured_holds_for_every_call():
    assert route(section(model="small", effort="low")) == Route("small", "low")


def test_what_was_typed_goes_before_what_is_configured():
    configured = section(model="small", effort="low")
    assert route(configured, {"model": "large"}) == Route("large", "low")
    assert route(configured, {"effort": "max"}) == Route("small", "max")


def test_an_agent_type_goes_before_both_and_falls_back_to_them():
    configured = section(model="small", effort="low", by_type={"judge": {"model": "wise"}})
    typed = {"model": "large"}
    assert route(configured, typed, agent_type="judge") == Route("wise", "low")
    assert route(configured, typed, agent_type="writer") == Route("large", "low")


def test_an_effort_the_script_named_stays():
    configured = section(by_type={"judge": {"effort": "low"}})
    assert route(configured, agent_type="judge", effort="max") == Route(None, "max")


@pytest.mark.parametrize(
    "wrong", [{"modle": "x"}, {"effort": "huge"}, {"by_type": {"a": {"b": 1}}}]
)
def test_a_wrong_section_is_refused(wrong: dict[str, object]):
    with pytest.raises(ValidationError):
        section(**wrong)


def test_every_setting_is_documented():
    (model,) = fixed.hocket_register_settings()
    assert all(field.description for field in model.model_fields.values())


def test_hook_hocket_choose_router_steps_back_for_another():
    assert fixed.hocket_choose_router(PluginSettings(Path(), choices={"router": "tiers"})) is None
