"""Calls that were cut off and go on: no whole turn is taken again, and the end is the same."""

from __future__ import annotations

import json

import pytest

from hocket.answers.submissions import Submissions
from hocket.api.calls import Usage
from hocket.api.messages import ProviderFailure, Stop, ToolUse
from hocket.api.tools import Effect
from hocket.testing import ScriptedContext, ScriptedModel, ScriptedTurn
from hocket_plugins.backends.agent_loop.recall import Recall, recalled

PLENTY = 10**9
SCHEMA = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}


def using(number, name="Read", text="", usage=None, **given):
    use = ToolUse(id=f"u{number}", name=name, raw=json.dumps(given))
    usage = usage or Usage(input=100, output=10, cost_micros=None)
    return ScriptedTurn(blocks=(use,), text=text, stop=Stop.TOOLS, usage=usage)


def lines_of(context):
    """Give a transcript as it is read from disk."""
    return [json.loads(json.dumps({"t": kind, **fields})) for kind, fields in context.records]


class Story:
    """One call: what the model says next depends on what was said to it alone."""

    def __init__(self, agents, *turns, schema=None, tools=("Read",), able=None, **options):
        self.agents, self.turns, self.schema = agents, turns, schema
        self.tools = [
            agents.Trick(name, lambda given: f"read {given.get('x')} " + "word " * 200)
            for name in tools
        ]
        self.able, self.options = able or {}, options

    def say(self, request):
        if request.turn_id == "summary":
            return "A summary."
        number = int(request.turn_id.partition("/")[2])
        return self.turns[min(number, len(self.turns)) - 1]

    def play(self, lines=(), **more):
        for tool in self.tools:
            tool.begun.clear()
        judge = None if self.schema is None else Submissions(self.schema)
        context = ScriptedContext(room=PLENTY, submissions=judge)
        context.before = lines
        model = ScriptedModel(self.say, capabilities=self.agents.able(**self.able))
        return self.agents.play(
            model=model,
            context=context,
            tools=self.tools,
            schema=self.schema,
            **{**self.options, **more},
        )


def whole_turns(lines):
    return sum(line["t"] == "message" and line["role"] == "assistant" for line in lines)


def stories(agents):
    talk = Story(agents, using(1, x=1), using(2, x=2, text="Hm."), using(3, x=3), "Done.")
    wrong = ScriptedTurn(
        blocks=(ToolUse(id="a1", name="answer", raw='{"n": "x"}'),), stop=Stop.TOOLS
    )
    right = ScriptedTurn(blocks=(ToolUse(id="a2", name="answer", raw='{"n": 7}'),), stop=Stop.TOOLS)
    asked = Story(agents, using(1, x=1), wrong, "Seven.", right, schema=SCHEMA)
    cut = ScriptedTurn(text="Half", stop=Stop.MAX_TOKENS)
    joined = Story(agents, using(1, x=1), cut, cut, " done.")
    # The second is the same turn again, with more room.
    bad = ScriptedTurn(
        blocks=(ToolUse(id="u2", name="Read", raw="{"),), text="I", stop=Stop.MAX_TOKENS
    )
    doubled = Story(agents, using(1, x=1), bad)
    full = Usage(input=2_900, output=10, cost_micros=None)
    uses = [using(n, x=n, usage=full) for n in range(1, 12)]
    long = Story(agents, *uses, "Done.", able={"window": 3_000})
    return {"talk": talk, "asked": asked, "joined": joined, "doubled": doubled, "long": long}


@pytest.mark.parametrize("name", ["talk", "asked", "joined", "doubled", "long"])
def test_cut_off_after_any_line_it_comes_to_the_same_end(agents, name):
    story = stories(agents)[name]
    whole = story.play()
    lines = lines_of(whole.context)
    assert whole_turns(lines) >= 3
    for kept in range(len(lines)):
        played = story.play(lines[:kept])
        turns = whole_turns(lines[:kept])
        assert (played.outcome.state, played.outcome.value, played.outcome.cause) == (
            whole.outcome.state,
            whole.outcome.value,
            whole.outcome.cause,
        )
        asked = [one for one in played.model.requests if one.turn_id != "summary"]
        expected = [one for one in whole.model.requests if one.turn_id != "summary"][turns:]
        assert [one.turn_id for one in asked] == [one.turn_id for one in expected], kept
        assert [one.messages for one in asked] == [one.messages for one in expected], kept
        assert played.context.submitted == whole.context.submitted
        assert len(played.context.spent) == len(played.model.requests)


def test_it_says_that_it_goes_on_and_writes_nothing_twice(agents):
    story = stories(agents)["talk"]
    lines = lines_of(story.play().context)
    at = [n for n, line in enumerate(lines) if line["t"] == "turn"][2]
    played = story.play(lines[: at + 1])
    kinds = [line["t"] for line in lines_of(played.context)]
    assert kinds[:3] == ["goes_on", "turn", "message"]
    assert lines_of(played.context)[0]["turns"] == 2
    assert [begun[1] for begun in story.tools[0].begun] == [{"x": 3}]


def test_a_third_life_goes_on_from_the_second(agents):
    story = stories(agents)["talk"]
    first = lines_of(story.play().context)
    at = [n for n, line in enumerate(first) if line["t"] == "turn"]
    second = lines_of(story.play(first[: at[1] + 1]).context)
    cut = [n for n, line in enumerate(second) if line["t"] == "turn"][1]
    third = story.play([*first[: at[1] + 1], *second[: cut + 1]])
    assert [one.turn_id for one in third.model.requests] == ["1/3", "1/4"]
    assert third.outcome.value == "Done."


def test_uses_of_the_last_turn_that_were_not_all_done_run_again(agents):
    story = stories(agents)["talk"]
    lines = lines_of(story.play().context)
    at = [n for n, line in enumerate(lines) if line["t"] == "tool_end"][1]
    played = story.play(lines[: at + 1])
    assert [begun[1] for begun in story.tools[0].begun] == [{"x": 2}, {"x": 3}]
    assert played.lines("message")[0]["role"] == "user"


def test_tokens_of_the_earlier_life_count_against_the_calls_own_limit_and_are_not_booked(agents):
    usage = Usage(input=10, output=800, cost_micros=None)
    story = Story(agents, using(1, x=1, usage=usage), using(2, x=2, usage=usage), "Done.")
    lines = lines_of(story.play(max_tokens=2_000).context)
    at = [n for n, line in enumerate(lines) if line["t"] == "turn"][1]
    played = story.play(lines[: at + 1], max_tokens=2_000)
    whole = story.play(max_tokens=2_000)
    assert [one.max_tokens for one in played.model.requests] == [
        one.max_tokens for one in whole.model.requests[1:]
    ]
    assert played.context.usage.output == whole.context.usage.output - 800


def begun(agents, **more):
    """Give a story, and the lines of a life that was cut off in its third turn."""
    story = Story(agents, using(1, x=1), using(2, x=2), "Done.", **more)
    lines = lines_of(story.play().context)
    at = [n for n, line in enumerate(lines) if line["t"] == "turn"][2]
    return story, lines[: at + 1]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"section": {"continue": "never"}}, "the settings say so"),
        ({"model_name": "other"}, "another model"),
        ({"memory": ("Be kind.",)}, "another system"),
        ({"prompt": "Do that."}, "the task is told in other words"),
        ({"named": ()}, "another tools"),
    ],
)
def test_under_other_conditions_it_starts_again_and_says_why(agents, change, why):
    story, lines = begun(agents)
    played = story.play(lines, **change)
    assert len(played.model.requests) == 3
    assert played.lines("call")[0]["again"] == why
    assert "cut off" not in played.said(0)


def test_without_a_whole_turn_it_starts_again(agents):
    story, lines = begun(agents)
    played = story.play(lines[:3])
    assert played.lines("call")[0]["again"] == "no turn was whole"
    assert len(played.model.requests) == 3


def test_where_something_may_have_run_the_agent_is_told_before_its_task(agents):
    story = Story(agents, using(1, x=1), "Done.")
    played = story.play([{"t": "cut_off", "tools": ["Edit", "Bash"]}])
    first = played.said(0)
    assert first.startswith("An earlier try at this task was cut off. It had used Edit, Bash,")
    assert played.lines("call")[0]["again"] == "something it did may have had effects"
    # Cut off once more, it goes on with that line before its task.
    lines = lines_of(played.context)
    at = [n for n, line in enumerate(lines) if line["t"] == "turn"][1]
    later = story.play(lines[: at + 1])
    assert (later.said(0), len(later.model.requests)) == ("", 1)
    assert later.model.requests[0].messages[0].blocks[0].text == first


def test_a_new_call_says_nothing_of_it(agents):
    played = stories(agents)["talk"].play()
    assert "again" not in played.lines("call")[0]
    assert played.lines("goes_on") == []


def test_what_a_service_takes_for_bad_is_told_from_the_beginning(agents):
    story, lines = begun(agents)
    say = story.say

    def picky(request):
        spoilt = request.turn_id == "1/3" and len(story.asked) == 0
        story.asked.append(request.turn_id)
        return ProviderFailure("bad_request", code="signature") if spoilt else say(request)

    story.asked, story.say = [], picky
    played = story.play(lines)
    assert (played.outcome.value, story.asked) == ("Done.", ["1/3", "1/1", "1/2", "1/3"])
    assert played.lines("call")[0]["again"] == "the service took it for bad"


def test_the_mode_of_an_answer_is_kept(agents):
    right = ScriptedTurn(blocks=(ToolUse(id="a", name="answer", raw='{"n": 7}'),), stop=Stop.TOOLS)
    able = {"prefix_cache": "explicit", "prefix_minimum": 10}
    story = Story(agents, using(1, x=1), right, schema=SCHEMA, able=able)

    def crowd(loop, call):
        kind = loop._kinds.of(call)
        for number in range(5):
            loop._assembly.announce(kind, {"type": "object", "title": f"{number}"})

    lines = lines_of(story.play(before=crowd).context)
    assert lines[0]["answer"] == "generic"
    at = [n for n, line in enumerate(lines) if line["t"] == "turn"][1]
    played = story.play(lines[: at + 1])
    assert (played.model.requests[0].answer.kind, len(played.model.requests)) == ("generic", 1)


def test_lines_of_another_version_are_given_up(agents):
    _, lines = begun(agents)
    lines[2] = {"t": "message", "role": "assistant", "blocks": [{"kind": "new"}]}
    edit = {"t": "tool_start", "tool": "Edit", "effects": [Effect.WRITE_WORKSPACE.value]}
    recall = recalled([*lines, edit])
    assert (recall.turns, [*recall.acted]) == (0, ["Edit"])


def test_lines_nobody_knows_pass():
    recall = Recall([{"t": "retry"}, {"t": "compaction", "how": "cleared"}, {"t": "turn"}])
    assert recall.is_new
    assert (recall.turns, recall.next(), recall.mode) == (0, None, None)
