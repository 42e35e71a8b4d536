"""The table of what can happen in a turn, row by row: what the loop does, and how the call ends."""

from __future__ import annotations

import pytest

from hocket.answers.submissions import EMPTY, Submissions
from hocket.api.calls import Outcome, Usage
from hocket.api.messages import Foreign, ProviderFailure, Stop, Text
from hocket.testing import ScriptedModel, ScriptedTurn, ScriptedUse

READ = ScriptedUse("Read", {"file_path": "a"})
LONG = ScriptedTurn(text="abc", stop=Stop.MAX_TOKENS)


def using(*uses, **more):
    return ScriptedTurn(uses=uses, **more)


def reader(agents, **more):
    return agents.Trick("Read", "text of a", **more)


def test_a_final_text_is_the_value_verbatim(agents):
    played = agents.play("  Done.\n")
    assert played.outcome == Outcome(agents.play("x").outcome.state, "  Done.\n")
    assert played.end == ("ok", None)
    assert played.context.submitted == ["  Done.\n"]


def test_an_empty_text_is_asked_for_once_more_and_then_it_is_empty(agents):
    context = agents.context(submissions=Submissions(None))
    played = agents.play("", "", context=context)
    assert (played.end, played.outcome.value) == (("ok", None), "")
    assert len(played.model.requests) == 2
    assert played.said(1).endswith(EMPTY)
    assert context._submissions.conclude(played.outcome, usage=Usage(), tries=1).notes == ("empty",)


def test_an_empty_text_may_be_followed_by_a_real_one(agents):
    context = agents.context(submissions=Submissions(None))
    assert agents.play(" ", "Now.", context=context).outcome.value == "Now."


def test_tools_are_used_and_the_conversation_goes_on(agents):
    played = agents.play(using(READ), "It says so.", tools=[reader(agents)])
    assert played.outcome.value == "It says so."
    assert played.told(1) == ["text of a"]
    assert [one.role for one in played.model.requests[1].messages] == ["user", "assistant", "user"]


@pytest.mark.parametrize("stop", [Stop.PAUSE, Stop.COMPACTED])
def test_a_pause_sends_the_conversation_as_it_now_is(agents, stop):
    working = Foreign(provider="scripted", data={"type": "server_tool_use"})
    played = agents.play(ScriptedTurn(blocks=(working,), stop=stop), "Found.")
    assert played.outcome.value == "Found."
    assert played.model.requests[1].messages[-1].blocks == (working,)
    assert played.model.requests[1].messages[:1] == played.model.requests[0].messages


def test_what_a_service_found_by_itself_comes_from_outside(agents):
    found = Foreign(provider="scripted", data={"type": "web_search_tool_result"})
    assert agents.play(ScriptedTurn(text="x", blocks=(found,))).outcome.label.outside


def test_a_stop_sequence_is_an_end(agents):
    played = agents.play(ScriptedTurn(text="half", stop=Stop.STOP_SEQUENCE))
    assert played.outcome.value == "half"


def test_a_stop_for_tools_without_any_is_an_end(agents):
    assert agents.play(ScriptedTurn(text="x", stop=Stop.TOOLS)).outcome.value == "x"


def test_a_text_that_is_cut_off_goes_on_and_is_joined(agents):
    played = agents.play(LONG, ScriptedTurn(text="def"))
    assert (played.outcome.value, played.outcome.notes) == ("abcdef", ("long",))
    assert "cut off" in played.said(1)


def test_a_text_goes_on_twice_and_no_more(agents):
    played = agents.play(LONG)
    assert (played.outcome.value, played.outcome.notes) == ("abcabcabc", ("long",))
    assert len(played.model.requests) == 3


def test_a_cut_off_use_is_never_run_and_gets_twice_the_room_once(agents):
    canary = reader(agents)
    cut = using(ScriptedUse("Read", '{"file_path": "a'), stop=Stop.MAX_TOKENS)
    played = agents.play(cut, using(READ), "Read it.", tools=[canary])
    assert played.outcome.value == "Read it."
    assert [one.max_tokens for one in played.model.requests] == [32_000, 64_000, 32_000]
    assert played.model.requests[1].messages == played.model.requests[0].messages
    assert len(canary.begun) == 1


def test_a_use_that_is_cut_off_twice_ends_the_call(agents):
    canary = reader(agents)
    cut = using(READ, text="I will", stop=Stop.MAX_TOKENS)
    played = agents.play(cut, tools=[canary])
    assert played.end == ("error", "output_limit")
    assert (played.outcome.partial, canary.begun, len(played.model.requests)) == ("I will", [], 2)


def test_a_model_that_cannot_give_more_is_not_asked_twice(agents):
    cut = using(READ, stop=Stop.MAX_TOKENS)
    played = agents.play(cut, tools=[reader(agents)], able={"max_output": 8_000})
    assert (played.end, len(played.model.requests)) == (("error", "output_limit"), 1)


def test_thinking_that_uses_up_all_room_gets_more_of_it_too(agents):
    lost = ScriptedTurn(thinking="so many thoughts", stop=Stop.MAX_TOKENS)
    played = agents.play(lost, "Done.")
    assert played.outcome.value == "Done."
    assert played.model.requests[1].max_tokens == 64_000


def test_the_room_is_the_usual_one_after_a_cut_off_turn_went_well(agents):
    cut = using(READ, stop=Stop.MAX_TOKENS)
    played = agents.play(cut, using(READ), cut, using(READ), "x", tools=[reader(agents)])
    assert played.outcome.value == "x"


def test_a_refusal_is_not_tried_again(agents):
    played = agents.play(ScriptedTurn(text="I cannot", stop=Stop.REFUSAL))
    assert (played.end, played.outcome.partial) == (("error", "model_refusal"), "I cannot")
    assert len(played.model.requests) == 1


def test_the_last_turn_has_no_tools_and_asks_for_what_there_is(agents):
    def ask(request):
        return "All I have." if request.tool_choice == "none" else using(*numbered(request))

    played = agents.play(ask, tools=[reader(agents)], section={"max_turns": 4})
    assert (played.end, played.outcome.value) == (("ok", None), "All I have.")
    assert [one.tool_choice for one in played.model.requests] == [None, None, None, "none"]
    assert "last turn" in played.said(3)
    assert played.told(3) == ["text of a"]


def numbered(request):
    return (ScriptedUse("Read", {"file_path": f"{len(request.messages)}"}),)


def test_turns_that_run_out_keep_the_text(agents):
    def go_on(request):
        return using(*numbered(request), text=f"Step {len(request.messages)}.")

    played = agents.play(go_on, tools=[reader(agents)], section={"max_turns": 3})
    assert (played.end, played.outcome.partial) == (("over_cap", "turns"), "Step 5.")
    assert len(played.model.requests) == 3


def test_a_call_of_one_turn_is_told_at_once(agents):
    played = agents.play("Done.", tools=[reader(agents)], section={"max_turns": 1})
    assert (played.outcome.value, played.model.requests[0].tool_choice) == ("Done.", "none")


def test_without_room_one_last_turn_comes_out_of_what_was_held_back(agents):
    room = agents.context(room=34_000 + 2_000)
    played = agents.play(
        using(READ, text="So far."), "Short.", tools=[reader(agents)], context=room
    )
    assert (played.end, played.outcome.value) == (("ok", None), "Short.")
    assert [bound.output for bound in room.grown] == [34_000, 2_000]
    last = played.model.requests[1]
    assert (last.max_tokens, last.tool_choice) == (2_000, "none")
    assert "budget is used up" in played.said(1)


def test_a_last_turn_that_gives_nothing_is_over_budget_and_keeps_the_text(agents):
    room = agents.context(room=36_000)
    played = agents.play(using(READ, text="So far."), "", tools=[reader(agents)], context=room)
    assert played.end == ("over_budget", "the budget has no room for another turn")
    assert played.outcome.partial == "So far."


def test_without_any_room_left_no_turn_is_sent(agents):
    played = agents.play(
        using(READ, text="So far."), tools=[reader(agents)], context=agents.context(room=34_000)
    )
    assert played.end == ("over_budget", "the budget has no room for another turn")
    assert (played.outcome.partial, len(played.model.requests)) == ("So far.", 1)


def test_the_third_equal_use_is_noted_and_the_sixth_ends_the_call(agents):
    tool = reader(agents)
    played = agents.play(using(READ, text="Again."), tools=[tool])
    assert (played.end, played.outcome.partial) == (("error", "loop"), "Again.")
    assert len(tool.begun) == 5
    noted = ["3 times in a row" in played.told(n)[0] for n in range(1, 6)]
    assert noted == [False, False, True, False, False]
    assert "5 times in a row" in played.told(5)[0]


def test_another_use_between_begins_the_count_again(agents):
    other = ScriptedUse("Read", {"file_path": "b"})
    turns = [using(READ), using(READ), using(other), using(READ), using(READ), "x"]
    played = agents.play(*turns, tools=[reader(agents)])
    assert played.outcome.value == "x"
    assert all("in a row" not in played.told(n)[0] for n in range(1, 6))


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        ('{"file_path": "a', "line 1 column 15"),
        ("", "line 1 column 1"),
        ('["a"]', "a list, not an object"),
        ('{"a": NaN}', "NaN is no JSON"),
        ("[" * 100_000, "nested too deep"),
        ('{"a": 1} {"b": 2}', "line 1 column 10"),
    ],
)
def test_an_input_that_is_no_object_is_told_where_and_never_run(agents, raw, place):
    tool = reader(agents)
    played = agents.play(using(ScriptedUse("Read", raw)), "x", tools=[tool])
    assert (played.outcome.value, tool.begun) == ("x", [])
    (result,) = played.results(1)
    assert result.is_error
    assert place in played.told(1)[0]


def test_five_bad_inputs_in_a_row_end_the_call(agents):
    tool = reader(agents)
    bad = ScriptedUse("Read", "{")
    played = agents.play(using(bad, text="Hm."), tools=[tool])
    assert (played.end, tool.begun) == (("error", "bad_calls"), [])
    assert (len(played.model.requests), played.outcome.partial) == (5, "Hm.")


def test_a_good_input_begins_that_count_again(agents):
    bad = ScriptedUse("Read", "{")
    turns = [using(bad)] * 4 + [using(READ)] + [using(bad)] * 4 + ["x"]
    assert agents.play(*turns, tools=[reader(agents)]).outcome.value == "x"


def test_an_unknown_tool_is_told_which_there_are(agents):
    played = agents.play(using(ScriptedUse("Raed", {})), "x", tools=[reader(agents)])
    assert played.told(1) == ["There is no tool 'Raed'. Your tools: Read."]
    assert played.results(1)[0].is_error


def test_a_tool_that_fails_is_a_result_and_no_end(agents):
    broken = agents.Trick("Read", RuntimeError("secret"))
    played = agents.play(using(READ), "x", tools=[broken])
    assert played.outcome.value == "x"
    assert played.results(1)[0].is_error
    assert "RuntimeError" in played.told(1)[0]
    assert "secret" not in played.told(1)[0]


def test_a_failure_that_is_given_up_ends_the_call_with_what_was_said(agents):
    played = agents.play(
        using(READ, text="So far."),
        ProviderFailure("bad_request", code="odd"),
        tools=[reader(agents)],
    )
    assert (played.end, played.outcome.partial) == (("error", "bad_request: odd"), "So far.")


def test_the_turn_is_paid_before_the_next_is_sent(agents):
    model = ScriptedModel(using(READ), "x")
    context = agents.context()
    seen = []
    tool = agents.Trick("Read", lambda _: seen.append(len(context.spent)) or "y")
    agents.play(model=model, context=context, tools=[tool])
    assert seen == [1]
    assert [usage.output for usage in context.spent] == [10, 10]


def test_the_whole_first_message_stays_what_it_was(agents):
    played = agents.play(
        using(READ), using(ScriptedUse("Read", {"x": 1})), "x", tools=[reader(agents)]
    )
    first = [request.messages[0] for request in played.model.requests]
    assert first[0] == first[1] == first[2]
    assert isinstance(first[0].blocks[0], Text)
