"""Which provider and model a call gets."""

from __future__ import annotations

import asyncio

import pytest

from hocket.api.messages import Capabilities, ProviderFailure
from hocket.testing import ScriptedModel, run
from hocket_plugins.backends.agent_loop.routing import Models
from hocket_plugins.backends.agent_loop.section import AgentLoopSection


class Keyed(ScriptedModel):
    """A provider that needs a key."""

    def found(self, env):
        return f"{self.name} has a key" if self.name in env else None

    def lacks(self, env):
        return None if self.name in env else f"no key for {self.name}"


class Bare:
    """A provider that knows neither lanes nor short names."""

    name = "bare"

    def __init__(self):
        self._inner = ScriptedModel("from bare")
        self.capabilities, self.turn = self._inner.capabilities, self._inner.turn
        self.requests = self._inner.requests

    async def aclose(self):
        await self._inner.aclose()


def played(agents, models, section=None, **options):
    loop = agents.loop({one.name: one for one in models}, section=section)
    context = agents.context()
    return run(loop.run(agents.call(**options), context)), context


def test_a_call_without_a_model_gets_the_configured_one_by_its_real_name(agents):
    model = ScriptedModel("x")
    model.aliases = {"medium": "m-7"}
    played(agents, [model])
    assert (model.requests[0].model, model.asked) == ("m-7", ["m-7"])
    played(agents, [model], {"model": "other"})
    assert model.requests[1].model == "other"


def test_a_prefix_names_the_provider(agents):
    one, two = ScriptedModel("1", name="one"), ScriptedModel("2", name="two")
    outcome, context = played(agents, [one, two], model="two/large")
    assert (outcome.value, two.requests[0].model) == ("2", "large")
    assert context.sent[-1][0] == "two|large"


def test_a_first_part_that_is_no_provider_belongs_to_the_model(agents):
    one = ScriptedModel("1", name="one")
    played(agents, [one], model="meta/llama")
    assert one.requests[0].model == "meta/llama"


def test_the_configured_provider_goes_before_the_first(agents):
    one, two = ScriptedModel("1", name="one"), ScriptedModel("2", name="two")
    assert played(agents, [one, two], {"provider": "two"})[0].value == "2"
    outcome, _ = played(agents, [one], {"provider": "gone"})
    assert outcome.cause == "no_provider: 'gone' is not installed; known: one"


def test_the_first_provider_that_has_what_it_needs_is_taken(agents, monkeypatch):
    models = [Keyed("1", name="KEY_ONE"), Keyed("2", name="KEY_TWO")]
    monkeypatch.setenv("KEY_TWO", "x")
    assert played(agents, models)[0].value == "2"
    monkeypatch.delenv("KEY_TWO")
    assert played(agents, models)[0].cause == "no_provider: no model provider can work here"


def test_it_says_which_provider_can_work_and_why(agents):
    models = {one.name: one for one in (Keyed(name="a"), Keyed(name="b"))}
    loop = agents.loop(models)
    assert loop.found({"b": "1"}) == "b: b has a key"
    assert loop.found({}) is None
    assert agents.loop(ScriptedModel()).found({}) == "scripted: it needs no key"


def test_a_provider_without_lanes_and_short_names_works_too(agents):
    outcome, context = played(agents, [Bare()], model="m")
    assert (outcome.value, context.sent[-1][0]) == ("from bare", "bare|m")


def test_a_model_is_asked_about_once_in_a_run(agents):
    model = ScriptedModel("x")
    loop = agents.loop(model)

    async def story():
        async with asyncio.TaskGroup() as group:
            for number in range(5):
                group.create_task(loop.run(agents.call(number=number), agents.context()))
        await loop.warm()
        await loop.run(agents.call(model="big"), agents.context())

    run(story())
    assert model.asked == ["medium", "big"]


class Broken(ScriptedModel):
    """A provider that cannot be asked, so many times."""

    def __init__(self, times, kind):
        super().__init__("x")
        self.left, self.kind = times, kind

    async def capabilities(self, model):
        self.left -= 1
        if self.left >= 0:
            raise ProviderFailure(self.kind, code="no")
        return Capabilities()


def test_asking_goes_the_way_of_a_turn(agents):
    assert played(agents, [Broken(2, "server")])[0].value == "x"
    outcome, context = played(agents, [Broken(9, "auth")])
    assert (outcome.state.value, outcome.cause, len(context.sent)) == ("error", "auth: no", 1)


def test_warming_up_keeps_quiet_about_failures(agents):
    model = Broken(1, "auth")
    loop = agents.loop(model)

    async def story():
        await loop.warm(["medium"])
        return await loop.run(agents.call(), agents.context())

    assert run(story()).value == "x"
    run(agents.loop({}).warm())


def test_closing_closes_every_provider(agents):
    models = [ScriptedModel(name="a"), ScriptedModel(name="b")]
    run(agents.loop({one.name: one for one in models}).aclose())
    assert all(one.closed for one in models)


def test_what_was_never_asked_about_is_not_known():
    assert Models({}, AgentLoopSection(), {}).known(None) is None


@pytest.mark.parametrize(
    "setting", [{"max_turns": 0}, {"parallel": 65}, {"compact_at": 0}, {"x": 1}]
)
def test_a_section_that_cannot_be_meant_is_refused(setting):
    with pytest.raises(ValueError, match="validation error"):
        AgentLoopSection.model_validate(setting)


class Needy:
    """A tool that cannot work here."""

    name = "Look"
    effects = frozenset()

    def lacks(self):
        return "it needs a lamp"


def test_a_call_that_names_a_tool_which_cannot_work_is_refused_before_anything_is_asked(agents):
    played = agents.play("x", tools=[Needy()], named=("Look",))
    assert played.end == ("refused", "Look cannot be used: it needs a lamp")
    assert (played.model.requests, played.model.asked) == ([], [])


def test_in_the_default_set_it_is_left_out(agents):
    played = agents.play("x", tools=[Needy(), agents.Trick("Read")])
    assert played.outcome.value == "x"
    assert [tool.name for tool in played.model.requests[0].tools] == ["Read"]
