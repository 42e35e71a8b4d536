"""Bounds that hold, reservations before every turn, and nothing that stays unbooked."""

from __future__ import annotations

from dataclasses import replace
from itertools import starmap

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hocket.api.calls import Bound, EndState, Usage
from hocket.api.messages import Foreign, Media, Message, Stop, Text, Thinking, ToolResult, ToolUse
from hocket.engine.ledger import Ledger
from hocket.testing import ScriptedContext, ScriptedModel, ScriptedTurn, ScriptedUse, run
from hocket_plugins.backends.agent_loop import weights

READ = ScriptedTurn(uses=(ScriptedUse("Read", {}),))


def price(provider, model, usage):
    """Ask a millionth for each token, two for one that is written to a cache."""
    written = usage.cache_write + usage.cache_write_1h
    return usage.input + usage.cache_read + 2 * written + usage.output


def bound(agents, model=None, *, tools=(), warm=True, priced=True, section=None, **options):
    model = model or ScriptedModel(capabilities=agents.able())
    loop = agents.loop(model, tools, price=price if priced else None, section=section)
    if warm:
        run(loop.warm())
    return loop.bound(agents.call(**options))


def test_the_first_bound_is_all_that_is_sent_and_all_that_may_come(agents):
    plain = bound(agents, prompt="x")
    assert plain.output == 32_000
    assert 32_000 + 600 < plain.cost_micros < 32_000 + 6_000
    longer = bound(agents, prompt="é" * 1_000)
    assert longer.cost_micros - plain.cost_micros == 1_999


def test_a_call_that_may_go_on_holds_a_last_turn_back(agents):
    assert bound(agents, tools=[agents.Trick("Read")]).output == 34_000
    assert bound(agents, schema={"type": "object"}).output == 34_000
    assert bound(agents, section={"max_tokens": 500}, tools=[agents.Trick("Read")]).output == 1_000


def test_what_may_be_written_to_a_cache_is_bounded_as_if_it_were(agents):
    cached = ScriptedModel(capabilities=agents.able(prefix_cache="explicit"))
    plain, more = bound(agents), bound(agents, cached)
    assert more.cost_micros - 32_000 == 2 * (plain.cost_micros - 32_000)


def test_the_model_and_the_call_limit_the_bound(agents):
    small = ScriptedModel(capabilities=agents.able(max_output=100))
    assert bound(agents, small).output == 100
    assert bound(agents, max_tokens=50).output == 50
    assert bound(agents, max_tokens=50, tools=[agents.Trick("Read")]).output == 50


def test_nobody_knows_a_price_before_the_model_is_known(agents):
    assert bound(agents, warm=False) == Bound(32_000, 0)
    assert bound(agents, priced=False) == Bound(32_000, None)


def lived(agents, model, context, *, tools=(), priced=True, **options):
    """Bound a call as the engine does, then run it."""
    loop = agents.loop(model, tools, price=price if priced else None)
    call = agents.call(**options)

    async def story():
        await loop.warm()
        first = loop.bound(call)
        return first, await loop.run(call, context)

    return run(story())


def test_what_was_reserved_at_the_start_is_not_reserved_again(agents):
    context = agents.context()
    context.micros_per_token = 1
    model = ScriptedModel("x", capabilities=agents.able())
    lived(agents, model, context)
    assert context.grown == []


def test_an_unpriced_start_is_reserved_by_the_call_itself(agents):
    context = agents.context()
    context.micros_per_token = 1
    played = agents.play("x", context=context, before=lambda loop, call: loop.bound(call))
    (first,) = played.context.grown
    assert first.output == 32_000
    assert first.cost_micros > 32_500


class Booked(ScriptedContext):
    """Reserves and books with the engine's own ledger."""

    def __init__(self, ledger, reservation):
        super().__init__()
        self.micros_per_token = 1
        self._reservation = reservation
        self.ledger = ledger

    def grow(self, asked):
        granted = self._reservation.grow(asked)
        self.grown += [asked] if granted else []
        return granted

    def spend(self, usage):
        super().spend(usage)
        self._reservation.spend(usage)


counts = st.builds(
    Usage,
    input=st.integers(0, 300),
    output=st.integers(0, 60),
    cost_micros=st.none(),
    estimated=st.booleans(),
)
TURNS = st.lists(st.tuples(st.booleans(), counts, st.integers(0, 400)), min_size=1, max_size=8)


def obedient(goes_on, usage, size):
    """Make a model's turn that keeps to the limit of its request."""

    def say(request):
        uses = (ScriptedUse("Read", {"x": len(request.messages), "size": size}),)
        kept = replace(usage, output=min(usage.output, request.max_tokens))
        return ScriptedTurn(uses=uses if goes_on else (), text="t", usage=kept)

    return say


@given(turns=TURNS, tokens=st.integers(1, 2_000), micros=st.integers(1, 40_000))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_budget_is_never_overshot(agents, turns, tokens, micros):
    ledger = Ledger(cap=1, total=9, tokens=tokens, micros=micros)
    model = ScriptedModel(*starmap(obedient, turns), capabilities=agents.able())
    tool = agents.Trick("Read", lambda arguments: "y" * arguments["size"])
    section = {"max_tokens": 60, "closing_tokens": 20}
    loop = agents.loop(model, [tool], price=price, section=section)
    call = agents.call()

    async def story():
        await loop.warm()
        reservation = await ledger.reserve(loop.bound(call))
        if reservation is None:
            return None
        outcome = await loop.run(call, Booked(ledger, reservation))
        reservation.release()
        return outcome

    outcome = run(story())
    assert ledger.breach is None
    assert ledger.spent.tokens <= tokens
    assert ledger.spent.cost_micros <= micros
    assert ledger.reserved_tokens == ledger.reserved_micros == 0
    if outcome is not None:
        assert outcome.state in {EndState.OK, EndState.OVER_BUDGET, EndState.OVER_CAP}


def test_usage_that_is_missing_is_booked_at_its_worst(agents):
    silent = ScriptedTurn(text="x", usage=Usage(cost_micros=None))
    (booked,) = agents.play(silent).context.spent
    assert (booked.output, booked.estimated) == (32_000, True)
    assert booked.input > 500
    half = ScriptedTurn(text="x", usage=Usage(input=7, output=1, cost_micros=None, estimated=True))
    (booked,) = agents.play(half).context.spent
    assert (booked.input, booked.output, booked.estimated) == (7, 32_000, True)


def test_every_turn_is_priced_by_itself(agents):
    context = agents.context()
    context.micros_per_token = 3
    agents.play(READ, "x", tools=[agents.Trick("Read")], context=context)
    assert [usage.cost_micros for usage in context.spent] == [330, 330]
    context = agents.context()
    context.micros_per_token = None
    agents.play("x", context=context)
    assert (context.spent[0].cost_micros, context.grown[0].cost_micros) == (None, None)


def test_the_next_bound_is_what_was_counted_and_a_token_for_each_new_byte(agents):
    context = agents.context()
    context.micros_per_token = 1
    read = agents.Trick("Read", "y" * 1_000)
    agents.play(
        READ, "x", tools=[read], context=context, section={"closing_tokens": 1, "max_tokens": 1}
    )
    second = context.grown[1].cost_micros
    turn = 100 + 10 + 1_000 + 2 * weights.AROUND + len("use_1")
    assert second == (turn + 1) + (turn + 1 + 8_000 + 1)


def test_the_calls_own_limit_leaves_room_for_a_last_turn(agents):
    tool, usage = agents.Trick("Read"), Usage(input=10, output=60, cost_micros=None)
    turn = ScriptedTurn(uses=(ScriptedUse("Read", {}),), usage=usage, text="So far.")
    played = agents.play(turn, tools=[tool], max_tokens=100)
    assert [one.max_tokens for one in played.model.requests] == [50, 40]
    assert played.end == ("over_budget", "max_tokens of this call (100) are used up")
    assert played.outcome.partial == "So far."


def test_a_single_turn_may_use_all_of_it_and_no_more(agents):
    usage = Usage(input=10, output=100, cost_micros=None)
    cut = ScriptedTurn(text="abc", stop=Stop.MAX_TOKENS, usage=usage)
    played = agents.play(cut, max_tokens=100)
    assert played.end == ("over_budget", "max_tokens of this call (100) are used up")
    assert (played.outcome.partial, len(played.model.requests)) == ("abc", 1)


def test_a_cut_off_use_gets_no_more_room_than_the_call_has(agents):
    cut = ScriptedTurn(uses=(ScriptedUse("Read", {}),), stop=Stop.MAX_TOKENS)
    played = agents.play(cut, tools=[agents.Trick("Read")], max_tokens=80)
    assert played.end[0] == "over_budget"


def test_a_last_turn_that_does_not_fit_gets_short_results(agents):
    class Tight(ScriptedContext):
        """Has money for short conversations only, once the first turn is over."""

        def grow(self, asked):
            fits = not self.spent or asked.cost_micros < 3_000
            return fits and super().grow(asked)

    context = Tight(room=10**9)
    context.micros_per_token = 1
    tool = agents.Trick("Read", "y" * 20_000)
    played = agents.play(READ, "Short.", tools=[tool], context=context)
    assert (played.end, played.outcome.value) == (("ok", None), "Short.")
    assert played.told(1)[0].startswith("[left out: Read {}; 20,000 characters")
    assert "y" * 20_000 in str(played.lines("message"))


@given(st.text(max_size=50))
def test_no_block_weighs_less_than_its_text_has_bytes(text):
    size = len(text.encode())
    blocks = [
        Text(text=text),
        Thinking(text=text, signature=text),
        ToolUse(id="1", name="n", raw=text),
        ToolResult(use_id="1", content=(Text(text=text),)),
        Foreign(provider="p", data={"text": text}),
    ]
    assert all(weights.of_block(block) > size for block in blocks)
    assert weights.of_message(Message(role="user", blocks=tuple(blocks))) > 6 * size


def test_media_weigh_what_they_may_cost():
    image, paper = (
        Media(media_type="image/png", digest="d"),
        Media(media_type="application/pdf", digest="d"),
    )
    assert weights.of_block(image) < weights.of_block(paper)
