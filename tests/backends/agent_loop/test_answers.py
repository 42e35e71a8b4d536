"""Structured answers: how they are asked for, judged in one conversation, and counted to five."""

from __future__ import annotations

import asyncio
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket.answers.submissions import MISSING, Submissions
from hocket.api.calls import Usage
from hocket.api.messages import ProviderFailure, Stop
from hocket.testing import ScriptedContext, ScriptedModel, ScriptedTurn, ScriptedUse, run
from hocket_plugins.backends.agent_loop import answer

SCHEMA = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}


def answering(given, **more):
    return ScriptedTurn(uses=(ScriptedUse("answer", given),), **more)


def judged(agents, schema=SCHEMA):
    return agents.context(submissions=Submissions(schema))


def concluded(played):
    """Conclude as the engine does."""
    return played.context._submissions.conclude(played.outcome, usage=Usage(), tries=1)


def test_the_answer_tool_is_the_last_one_and_the_frame_demands_it(agents):
    tools = [agents.Trick(name) for name in ("Zoom", "Read")]
    played = agents.play(answering({"n": 1}), tools=tools, schema=SCHEMA)
    (request,) = played.model.requests
    assert played.outcome.value == {"n": 1}
    assert [tool.name for tool in request.tools] == ["Read", "Zoom", "answer"]
    assert request.tools[-1].input_schema == SCHEMA
    assert (request.answer.kind, request.tool_choice, request.thinking) == ("tool", None, True)
    assert "calling the tool `answer`" in request.system[0]


def test_an_answer_that_does_not_fit_is_answered_in_the_same_conversation(agents):
    context = judged(agents)
    played = agents.play(
        answering({"n": "one"}), answering({"n": 1}), schema=SCHEMA, context=context
    )
    assert concluded(played).value == {"n": 1}
    (result,) = played.results(1)
    assert result.is_error
    assert "Submission 1 of 5" in played.told(1)[0]
    assert played.model.requests[1].messages[0] == played.model.requests[0].messages[0]


def test_the_fifth_wrong_answer_is_the_last(agents):
    context = judged(agents)
    played = agents.play(answering({"n": "one"}, text="I try."), schema=SCHEMA, context=context)
    outcome = concluded(played)
    assert (outcome.state.value, outcome.partial) == ("invalid", {"n": "one"})
    assert outcome.cause.startswith("schema not met after 5 submissions (")
    assert len(played.model.requests) == 5
    assert all(
        one.messages[0] == played.model.requests[0].messages[0] for one in played.model.requests
    )
    assert "The schema again:" in played.told(3)[0]


def test_no_answer_at_all_is_reminded_of_once(agents):
    played = agents.play("Here you are.", schema=SCHEMA, context=judged(agents))
    outcome = concluded(played)
    assert (outcome.state.value, outcome.cause) == ("invalid", "no answer given, after a reminder")
    assert MISSING in played.said(1)
    assert played.outcome.partial == "Here you are."
    assert len(played.model.requests) == 2


def test_an_engine_that_reminds_again_gets_the_tool_forced(agents):
    context = agents.context(["Answer!", "Answer now!"])
    played = agents.play("a", "b", answering({"n": 1}), schema=SCHEMA, context=context)
    assert played.outcome.value == {"n": 1}
    assert [one.tool_choice for one in played.model.requests] == [None, None, "answer"]
    assert [one.thinking for one in played.model.requests] == [True, True, False]


def test_junk_is_asked_about_once(agents):
    schema = {"type": "object", "properties": {"s": {"type": "string"}}, "required": ["s"]}
    context = judged(agents, schema)
    played = agents.play(
        answering({"s": "..."}), answering({"s": "real"}), schema=schema, context=context
    )
    assert concluded(played).value == {"s": "real"}
    assert "says nothing" in played.told(1)[0]


def test_an_answer_that_is_no_json_is_no_submission(agents):
    played = agents.play(answering('{"n": 1'), answering({"n": 1}), schema=SCHEMA)
    assert (played.outcome.value, played.context.submitted) == ({"n": 1}, [{"n": 1}])
    assert "not one JSON object" in played.told(1)[0]


def test_five_of_those_in_a_row_end_the_call(agents):
    played = agents.play(answering("{"), schema=SCHEMA)
    assert (played.end, len(played.model.requests)) == (("error", "bad_calls"), 5)


def test_tools_asked_for_beside_the_answer_run_before_it(agents):
    context = agents.context(["not yet"])
    tool = agents.Trick("Write", lambda _: f"after {len(context.submitted)}")
    uses = (
        ScriptedUse("answer", {"n": 1}),
        ScriptedUse("Write", {"x": 1}),
        ScriptedUse("answer", {"n": 2}),
    )
    turns = (ScriptedTurn(uses=uses), answering({"n": 3}))
    played = agents.play(*turns, tools=[tool], schema=SCHEMA, context=context)
    assert played.told(1) == ["not yet", "after 0", "Only the first answer of a turn counts."]
    assert context.submitted == [{"n": 1}, {"n": 3}]


def test_an_answer_beside_tools_ends_the_call_after_them(agents):
    tool = agents.Trick("Write")
    uses = (ScriptedUse("answer", {"n": 1}), ScriptedUse("Write", {"x": 1}))
    played = agents.play(ScriptedTurn(uses=uses), tools=[tool], schema=SCHEMA)
    assert (played.outcome.value, len(tool.begun)) == ({"n": 1}, 1)


def test_without_tools_a_grammar_holds_the_answer(agents):
    able = {"answers": ("grammar", "tool", "prompt")}
    played = agents.play('{"n": 1}', able=able, schema=SCHEMA)
    (request,) = played.model.requests
    assert (played.outcome.value, request.answer.kind, request.tools) == ({"n": 1}, "grammar", ())
    assert "JSON" not in played.said(0)


class Picky(ScriptedModel):
    """A provider whose grammar holds nothing."""

    async def fits_grammar(self, shape):
        return shape == {}


def test_a_schema_its_grammar_cannot_hold_is_asked_for_by_tool(agents):
    able = agents.able(answers=("grammar", "tool", "prompt"))
    model = Picky(answering({"n": 1}), capabilities=able)
    played = agents.play(model=model, schema=SCHEMA)
    assert played.model.requests[0].answer.kind == "tool"


def test_with_tools_an_answer_is_a_tool_even_where_there_is_a_grammar(agents):
    able = {"answers": ("grammar", "tool", "prompt")}
    played = agents.play(
        answering({"n": 1}), able=able, schema=SCHEMA, tools=[agents.Trick("Read")]
    )
    assert played.model.requests[0].answer.kind == "tool"


def test_a_server_without_tools_is_asked_in_words(agents):
    context = judged(agents)
    able = {"tools": False, "answers": ("prompt",)}
    said = ('Sure: {"n": 1} as you wished.',)
    played = agents.play(*said, able=able, schema=SCHEMA, context=context)
    (request,) = played.model.requests
    assert (concluded(played).value, request.answer.kind, request.tools) == ({"n": 1}, "prompt", ())
    assert played.said(0).endswith(json.dumps(SCHEMA))


def test_words_without_an_object_are_a_submission_and_blank_ones_are_none(agents):
    context = judged(agents)
    able = {"tools": False, "answers": ("prompt",)}
    played = agents.play("No idea.", " ", '{"n": 2}', able=able, schema=SCHEMA, context=context)
    assert concluded(played).value == {"n": 2}
    assert (context.submitted, context.reminders) == (["No idea.", {"n": 2}], 1)


def test_the_last_turn_forces_the_answer(agents):
    def ask(request):
        return (
            answering({"n": 1})
            if request.tool_choice
            else ScriptedTurn(uses=(ScriptedUse("Read", {"x": len(request.messages)}),))
        )

    played = agents.play(ask, tools=[agents.Trick("Read")], schema=SCHEMA, section={"max_turns": 3})
    assert played.outcome.value == {"n": 1}
    assert (played.model.requests[2].tool_choice, played.model.requests[2].thinking) == (
        "answer",
        False,
    )


@pytest.mark.parametrize("last", [answering({"n": "x"}), answering("{"), ScriptedTurn(), "words"])
def test_a_last_turn_without_a_valid_answer_is_over_the_cap(agents, last):
    context = judged(agents)
    played = agents.play("", last, schema=SCHEMA, section={"max_turns": 2}, context=context)
    assert concluded(played).state.value == "over_cap"
    assert concluded(played).cause == "turns"


def test_a_long_answer_in_words_is_joined_before_it_is_read(agents):
    able = {"tools": False, "answers": ("prompt",)}
    cut = ScriptedTurn(text='{"n":', stop=Stop.MAX_TOKENS)
    played = agents.play(cut, " 5}", able=able, schema=SCHEMA)
    assert (played.outcome.value, played.outcome.notes) == ({"n": 5}, ("long",))


def prefixed(agents, schemas, able):
    """Play siblings that are asked for together, one per schema."""
    capabilities = agents.able(**able)
    model = ScriptedModel(answering({"n": 1}), capabilities=capabilities)
    loop = agents.loop(model, memory=("rules " * 3_000,))

    async def story():
        async with asyncio.TaskGroup() as group:
            for number, schema in enumerate(schemas):
                call = agents.call(number=number, schema=schema)
                loop.bound(call)
                group.create_task(loop.run(call, agents.context()))

    run(story())
    return model.requests


def numbered(count):
    return [{**SCHEMA, "title": f"schema {n}"} for n in range(count)]


CACHED = {"prefix_cache": "explicit", "prefix_minimum": 1_024}


def test_more_than_four_schemas_over_one_prefix_share_an_open_tool(agents):
    requests = prefixed(agents, [*numbered(6), *numbered(6)], CACHED)
    assert {one.answer.kind for one in requests} == {"generic"}
    assert len({repr((one.system, one.tools)) for one in requests}) == 1
    assert requests[0].tools[-1].input_schema == {"type": "object"}
    text = requests[3].messages[0].blocks[0].text
    assert text.endswith(json.dumps(requests[3].answer.shape))


@pytest.mark.parametrize(
    ("count", "able"),
    [(4, CACHED), (6, {"prefix_cache": "none"}), (6, {**CACHED, "prefix_minimum": 50_000})],
)
def test_few_schemas_or_a_prefix_not_worth_keeping_have_tools_of_their_own(agents, count, able):
    assert {one.answer.kind for one in prefixed(agents, numbered(count), able)} == {"tool"}


@given(
    st.recursive(
        st.integers() | st.text(max_size=5),
        lambda inner: st.dictionaries(st.text(max_size=3), inner, max_size=3),
    ),
    st.text(alphabet="ab {}", max_size=9),
)
def test_the_first_balanced_object_of_a_text_is_found(value, around):
    whole = {"value": value}
    before = around.replace("{", "")
    assert answer.from_text(f"{before}{json.dumps(whole)}{around}") == whole


def test_a_text_that_only_looks_like_json_is_not_searched_for_ever(agents):
    deep = '{"a":' * 50_000
    assert answer.from_text(deep) == deep


class Learning(ScriptedModel):
    """A provider that finds out by a refusal what its model cannot take."""

    def __init__(self, agents, *refusals):
        super().__init__(self._next)
        self.able, self.refusals = agents.able(answers=("grammar", "tool", "prompt")), [*refusals]

    async def capabilities(self, model):
        return self.able

    def _next(self, request):
        kind = request.answer.kind if request.answer else "none"
        if kind == "grammar" and "no_grammar" in self.refusals:
            self.able = self.able.model_copy(update={"answers": ("tool", "prompt")})
            return ProviderFailure("bad_request", code="no_grammar")
        if request.tools and "no_tools" in self.refusals:
            self.able = self.able.model_copy(update={"answers": ("prompt",), "tools": False})
            return ProviderFailure("bad_request", code="no_tools")
        return answering({"n": 1}) if kind == "tool" else '{"n": 1}'


@pytest.mark.parametrize(
    ("refusals", "kinds"),
    [
        (["no_grammar"], ["grammar", "tool"]),
        (["no_grammar", "no_tools"], ["grammar", "tool", "prompt"]),
    ],
)
def test_a_server_that_refuses_one_way_is_asked_in_the_next(agents, refusals, kinds):
    played = agents.play(model=Learning(agents, *refusals), schema=SCHEMA)
    assert played.outcome.value == {"n": 1}
    assert [request.answer.kind for request in played.model.requests] == kinds


def test_a_call_that_named_tools_fails_where_there_turn_out_to_be_none(agents):
    model = Learning(agents, "no_tools")
    played = agents.play(model=model, tools=[agents.Trick("Read")], named=("Read",))
    assert played.end == ("error", "no_tools: medium cannot use tools")


def test_siblings_learn_from_the_first(agents):
    """One after another, as the prefix gate lets them go while the first only fails."""
    model = Learning(agents, "no_grammar")
    loop = agents.loop(model)
    gate = asyncio.Lock()

    class Gated(ScriptedContext):
        async def send(self, lane, prefix, turn):
            async with gate:
                return await super().send(lane, prefix, turn)

    async def story():
        async with asyncio.TaskGroup() as group:
            for number in range(5):
                call = agents.call(number=number, schema=SCHEMA)
                group.create_task(loop.run(call, Gated(room=10**9)))

    run(story())
    kinds = [request.answer.kind for request in model.requests]
    assert (kinds.count("grammar"), kinds.count("tool")) == (1, 5)


def test_a_model_that_refuses_every_way_is_given_up(agents):
    class Stubborn(ScriptedModel):
        """A provider that learns nothing."""

    failure = ProviderFailure("bad_request", code="no_grammar")
    played = agents.play(model=Stubborn(failure), schema=SCHEMA)
    assert played.end == ("error", "bad_request: no way to ask this model")
    assert len(played.model.requests) == 4
