"""Conversations that outgrow the window: cleared, summed up, and never sent twice as they were."""

from __future__ import annotations

from itertools import pairwise

import pytest

from hocket.api.calls import Usage
from hocket.api.messages import ProviderFailure, Stop, Text, ToolUse
from hocket.api.tools import Effect
from hocket.testing import ScriptedModel, ScriptedTurn, ScriptedUse
from hocket_plugins.backends.agent_loop import weights

FULL = ProviderFailure("context_full")


class Filling(ScriptedModel):
    """A model with a small window: it counts what it is sent, and refuses what is too much."""

    def __init__(self, agents, turns, window=8_000, *, refuses=True, per_token=4):
        super().__init__(self._next, capabilities=agents.able(window=window))
        self.window, self.left, self.refuses, self.per_token = window, turns, refuses, per_token
        self.refused = 0
        self.summaries = 0

    def _next(self, request):
        size = sum(weights.of_message(message) for message in request.messages) // self.per_token
        if size > self.window:
            self.refused += 1
            return FULL
        usage = Usage(input=size, output=20, cost_micros=None)
        if request.turn_id == "summary":
            self.summaries += 1
            return ScriptedTurn(text="I read much.", usage=usage)
        self.left -= 1
        if self.left < 0 or request.tool_choice == "none":
            return ScriptedTurn(text="Finished.", usage=usage)
        use = ScriptedUse("Read", {"file_path": f"f{self.left}"})
        return ScriptedTurn(text=f"Step {self.left}.", uses=(use,), usage=usage)


def pairs_fit(request):
    """Every use is answered in the message after it, and nothing else is."""
    waiting = []
    for message in request.messages:
        answered = [block.use_id for block in message.blocks if block.kind == "tool_result"]
        assert answered == waiting
        waiting = [block.id for block in message.blocks if isinstance(block, ToolUse)]
    assert waiting == []
    roles = [message.role for message in request.messages]
    assert all(one != two for one, two in pairwise(roles))


@pytest.mark.parametrize("size", [2_000, 6_000, 12_000])
def test_twenty_turns_over_the_window_finish(agents, size):
    model = Filling(agents, 20)
    played = agents.play(model=model, tools=[agents.Trick("Read", "y" * size)])
    assert (played.end, played.outcome.value) == (("ok", None), "Finished.")
    first = model.requests[0].messages[0]
    turns = [request for request in model.requests if request.turn_id != "summary"]
    assert all(request.messages[0].blocks[0] == first.blocks[0] for request in turns)
    for request in turns:
        pairs_fit(request)
    assert played.lines("compaction")
    assert str(played.lines("message")).count("y" * size) == 20


def test_old_results_become_a_line_and_the_last_five_stay(agents):
    model = Filling(agents, 12)
    played = agents.play(model=model, tools=[agents.Trick("Read", "y" * 2_400)])
    last = model.requests[-1]
    results = [b for m in last.messages for b in m.blocks if b.kind == "tool_result"]
    cleared = [one.content[0].text.startswith("[left out: Read {") for one in results]
    assert cleared[-5:] == [False] * 5
    assert cleared[0]
    assert cleared == sorted(cleared, reverse=True)
    assert "2,400 characters" in results[0].content[0].text
    assert (model.refused, model.summaries) == (0, 0)
    assert {line["how"] for line in played.lines("compaction")} == {"cleared"}


def test_clearing_is_seldom_and_frees_a_quarter_of_the_window(agents):
    model = Filling(agents, 40)
    played = agents.play(model=model, tools=[agents.Trick("Read", "y" * 1_600)])
    lines = played.lines("compaction")
    assert 1 <= len(lines) <= 10
    assert all(line["freed"] >= 8_000 for line in lines)


def test_where_results_are_few_the_middle_is_summed_up(agents):
    edit = agents.Trick("Edit", effects=frozenset({Effect.WRITE_WORKSPACE}))
    turns = [
        ScriptedTurn(
            text=f"{n} " + "word " * 1_000,
            uses=(ScriptedUse("Edit", {"file_path": f"f{n}"}),),
            usage=Usage(input=1_000 * (n + 1), output=1_250, cost_micros=None),
        )
        for n in range(6)
    ]
    played = agents.play(*turns, "The summary.", "Done.", tools=[edit], able={"window": 9_000})
    asked = played.model.requests[6]
    assert (asked.turn_id, asked.tools, asked.system, asked.cache) == ("summary", (), (), None)
    assert '    tool Edit {"file_path": "f0"}' in asked.messages[0].blocks[0].text
    assert "    assistant: 0 word" in asked.messages[0].blocks[0].text
    assert "f4" not in asked.messages[0].blocks[0].text
    after = played.model.requests[7]
    assert after.messages[1].blocks == (Text(text="Summary of my work so far:\nThe summary."),)
    told = after.messages[2].blocks[0].text
    assert told.endswith(
        "Files written so far: Edit(f0), Edit(f1), Edit(f2), Edit(f3), Edit(f4), Edit(f5)"
    )
    assert [m.role for m in after.messages] == ["user", "assistant"] * 4 + ["user"]
    pairs_fit(after)
    assert played.lines("compaction")[0]["text"] == "The summary."


def test_a_prompt_that_is_too_long_from_the_start_cannot_be_helped(agents):
    played = agents.play(FULL)
    assert (played.end, len(played.model.requests)) == (("error", "context_full"), 1)


@pytest.mark.parametrize("full", [FULL, ScriptedTurn(text="Half", stop=Stop.CONTEXT_FULL)])
def test_a_full_context_is_shortened_once_and_sent_again(agents, full):
    turns = [ScriptedTurn(uses=(ScriptedUse("Read", {"x": n}),)) for n in range(8)]
    played = agents.play(*turns, full, "Sum.", "Done.", tools=[agents.Trick("Read", "y" * 500)])
    assert played.outcome.value == "Done."
    assert [line["how"] for line in played.lines("compaction")] == ["cleared", "summary"]
    assert played.model.requests[8].messages != played.model.requests[10].messages
    assert played.model.requests[8].turn_id == played.model.requests[10].turn_id


def test_a_context_that_is_full_again_ends_the_call(agents):
    turns = [ScriptedTurn(text="So far.", uses=(ScriptedUse("Read", {"x": n}),)) for n in range(8)]
    played = agents.play(*turns, FULL, "Sum.", FULL, tools=[agents.Trick("Read", "y" * 500)])
    assert (played.end, played.outcome.partial) == (("error", "context_full"), "So far.")
    sent = [request.messages for request in played.model.requests[8:]]
    assert all(one != two for n, one in enumerate(sent) for two in sent[:n])


def test_there_are_two_summaries_and_no_third(agents):
    def ask(request):
        if request.turn_id == "summary":
            return "Sum."
        use = ScriptedUse("Read", {"x": len(asked)})
        asked.append(request)
        usage = Usage(input=190_000, output=20, cost_micros=None)
        return ScriptedTurn(uses=(use,), usage=usage)

    asked = []
    played = agents.play(ask, tools=[agents.Trick("Read")], section={"max_turns": 20})
    assert played.end == ("over_cap", "turns")
    assert [line["how"] for line in played.lines("compaction")] == ["summary", "summary"]


def test_a_summary_that_says_nothing_changes_nothing(agents):
    turns = [ScriptedTurn(uses=(ScriptedUse("Read", {"x": n}),)) for n in range(4)]
    played = agents.play(*turns, FULL, " ", tools=[agents.Trick("Read")])
    assert played.end == ("error", "context_full")


def test_without_money_for_a_summary_the_call_is_over_budget(agents):
    full = Usage(input=190_000, output=20, cost_micros=None)
    turns = [ScriptedTurn(text=f"{n}", uses=(ScriptedUse("Read", {"x": n}),)) for n in range(3)]
    turns.append(ScriptedTurn(text="So far.", uses=(ScriptedUse("Read", {}),), usage=full))
    context = agents.context(room=4 * 34_000)
    played = agents.play(*turns, tools=[agents.Trick("Read")], context=context)
    assert played.end[0] == "over_budget"
    assert played.outcome.partial == "So far."


def test_a_summary_of_outside_content_is_outside_content(agents):
    web = agents.Trick("Web", "y" * 500, frozenset({Effect.READ_OUTSIDE}), label=agents.OUTSIDE)
    edit = agents.Trick("Edit", effects=frozenset({Effect.WRITE_WORKSPACE}))
    turns = [ScriptedTurn(uses=(ScriptedUse("Web", {"x": n}),)) for n in range(5)]
    write = ScriptedTurn(uses=(ScriptedUse("Edit", {}),))
    played = agents.play(*turns, FULL, "Sum.", write, "x", tools=[web, edit])
    assert played.outcome.label.outside
