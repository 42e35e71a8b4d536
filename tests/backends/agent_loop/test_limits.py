"""How far a call may go."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hocket.api.calls import Call, Options
from hocket.api.messages import Capabilities
from hocket.api.tools import AgentType
from hocket_plugins.backends.agent_loop.limits import limits
from hocket_plugins.backends.agent_loop.section import AgentLoopSection


def limited(*, kind=None, able=None, single=False, section=None, **options):
    call = Call(1, "k", 0, "p", "l", options=Options(**options))
    told = AgentLoopSection.model_validate(section or {})
    return limits(call, told, kind, able, single=single)


def test_the_section_says_what_nobody_else_does():
    found = limited()
    assert (found.turns, found.turn_tokens, found.closing_tokens) == (50, 32_000, 2_000)
    assert (found.call_tokens, found.stall_s) == (None, 180.0)


def test_the_model_can_only_lower_a_turn_and_is_the_most_after_doubling():
    small, large = Capabilities(max_output=500), Capabilities(max_output=64_000)
    assert limited(able=small).turn_tokens == 500
    assert limited(able=small).closing_tokens == 500
    assert limited(able=large).turn_tokens == 32_000
    assert limited(able=large).most_turn_tokens == 64_000


def test_an_agent_type_has_limits_of_its_own_but_no_nonsense():
    kind = AgentType("k", "", "", settings={"max_turns": 3, "max_tokens": 70})
    assert (limited(kind=kind).turns, limited(kind=kind).turn_tokens) == (3, 70)
    for wrong in (0, -1, True, "7", None, 1.5):
        odd = AgentType("k", "", "", settings={"max_turns": wrong, "max_tokens": wrong})
        assert (limited(kind=odd).turns, limited(kind=odd).turn_tokens) == (
            50,
            32_000,
        )


def test_a_single_turn_holds_nothing_back():
    assert limited(single=True).closing_tokens == 0
    assert limited(single=True, max_tokens=90).turn_tokens == 90


@given(st.integers(1, 100_000), st.booleans())
def test_a_turn_and_the_last_one_fit_into_what_the_call_may_have(whole, single):
    found = limited(max_tokens=whole, single=single)
    assert 1 <= found.turn_tokens + found.closing_tokens <= whole
    assert found.turn_tokens >= 1
    assert found.call_tokens == whole
