"""The agents of a dry run: what simulated ones would take is heard, and nothing is booked."""

from __future__ import annotations

from hocket.api.calls import Bound, Call, Usage
from hocket.engine.prices import Prices
from hocket.estimate.backend import Aside, Foreseeing, Foresight
from hocket.estimate.chance import Chance
from hocket.estimate.history import History
from hocket.estimate.kinds import Kinds
from hocket.estimate.pricing import Pricing
from hocket.estimate.shaping import Shaping
from hocket.estimate.usages import Usages
from hocket.testing import JumpingClock, ScriptedBackend, run


async def _aside():
    aside = Aside(JumpingClock())
    began, at_ms = aside.clock.monotonic(), aside.clock.wall_ms()
    await aside.clock.sleep(90.0)
    aside.spend(Usage(output=3))
    aside.spend(Usage(output=4))
    aside.progress("nobody looks")
    passed = aside.clock.monotonic() - began, aside.clock.wall_ms() - at_ms
    return aside.usage, aside.turns, aside.seconds, passed


def test_time_and_tokens_are_only_counted():
    assert run(_aside()) == (Usage(output=7), 2, 90.0, (90.0, 90_000))


def test_it_reserves_nothing_and_has_nothing_to_close():
    pricing = Pricing(Prices(), "somebody", None)
    known = Foresight(ScriptedBackend({}), History(), Usages(History(), pricing))
    agents = Foreseeing(known, Kinds(), Shaping({}), 4)
    assert agents.bound(Call(1, "k", 0, "p", "l")) == Bound(0)
    assert run(agents.aclose()) is None


def test_draws_of_real_agents_have_an_effect_and_those_of_simulated_ones_none():
    pricing = Pricing(Prices(), "somebody", None)
    usages = Usages(History(), pricing)
    effects = {usages.effect(Chance(number)) for number in range(4)}
    assert len(effects) == 4
    native = Foresight(ScriptedBackend({}), History(), usages, native=True)
    assert Foreseeing(native, Kinds(), Shaping({}), 1).effect == 1.0
