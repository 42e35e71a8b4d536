"""Tools at work: at once, in order, allowed or not, and closed once an agent read from outside."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hocket.api.approval import Verdict
from hocket.api.calls import Attached
from hocket.api.messages import Media, Text
from hocket.api.tools import ACTING, Attachment, Effect, Label, ToolOutput
from hocket.errors import StorageLost
from hocket.testing import ScriptedTurn, ScriptedUse

WRITES, READS = frozenset({Effect.WRITE_WORKSPACE}), frozenset({Effect.READ_OUTSIDE})


def use(name, **arguments):
    return ScriptedUse(name, arguments)


def using(*uses):
    return ScriptedTurn(uses=uses)


def test_three_uses_of_a_turn_run_at_once_and_answer_in_order_in_one_message(agents):
    def said(arguments):
        return f"{arguments['x']}"

    slow = [
        agents.Trick(name, said, takes_s=took) for name, took in (("A", 1), ("B", 0.9), ("C", 0.8))
    ]
    played = agents.play(using(use("C", x=1), use("A", x=2), use("B", x=3)), "x", tools=slow)
    assert played.seconds <= 1.3
    assert played.told(1) == ["1", "2", "3"]
    assert len(played.model.requests[1].messages) == 3
    assert [one.use_id for one in played.results(1)] == ["use_1", "use_2", "use_3"]


def test_at_most_eight_run_at_once(agents):
    tool = agents.Trick("Read", takes_s=1)
    played = agents.play(using(*[use("Read", x=n) for n in range(20)]), "x", tools=[tool])
    assert (tool.most_at_once, played.seconds) == (8, 3.0)


def test_writes_to_one_path_run_in_their_order_and_others_beside_them(agents):
    edit = agents.Trick("Edit", effects=WRITES, takes_s=1)
    read = agents.Trick("Read", takes_s=1)
    uses = [
        use("Edit", file_path="a", x=1),
        use("Edit", file_path="./a", x=2),
        use("Edit", file_path="/workspace/a", x=3),
        use("Read", file_path="a", x=4),
        use("Edit", file_path="b", x=5),
        use("Read", file_path="c", x=6),
        use("Read", file_path="c", x=7),
    ]
    played = agents.play(using(*uses), "x", tools=[edit, read])
    order = [(when, given["x"]) for when, given in (*edit.begun, *read.begun)]
    assert sorted(order) == [(0, 1), (0, 5), (0, 6), (0, 7), (1, 2), (2, 3), (3, 4)]
    assert played.seconds == 4.0


def test_a_denied_use_is_an_error_result_that_says_why(agents):
    context = agents.context()
    context.denied = {"Bash(rm)": "no person said yes"}
    bash = agents.Trick("Bash", effects=frozenset({Effect.EXECUTE}))
    turn = using(use("Bash", x="rm"), use("Bash", x="ls"))
    played = agents.play(turn, "x", tools=[bash], context=context)
    refused, allowed = played.results(1)
    assert (refused.is_error, allowed.is_error) == (True, False)
    assert played.told(1)[0] == "Not allowed: Bash(rm): no person said yes."
    assert [given["x"] for _, given in bash.begun] == ["ls"]
    verdicts = [line["verdict"] for line in played.lines("permission")]
    assert sorted(verdicts) == sorted(one.name.lower() for one in (Verdict.ALLOW, Verdict.DENY))


def test_policies_see_the_use_and_what_was_read_before(agents):
    web = agents.Trick("Web", effects=READS, label=agents.OUTSIDE)
    context = agents.context()
    agents.play(using(use("Web", x=1)), using(use("Web", x=2)), "x", tools=[web], context=context)
    first, second = context.uses
    assert (first.tool, first.shown, first.effects) == ("Web", "Web(1)", READS)
    assert first.arguments == {"x": 1}
    assert (first.label, second.label) == (Label(), agents.OUTSIDE)


def read_between(agents, **options):
    """Write, read from outside, write again, in three turns."""
    web = agents.Trick("Web", effects=READS, label=agents.OUTSIDE)
    edit = agents.Trick("Edit", effects=WRITES)
    turns = [using(use("Edit", x=1)), using(use("Web", x=2)), using(use("Edit", x=3)), "x"]
    return edit, agents.play(*turns, tools=[web, edit], **options)


def test_policies_hear_with_each_use_what_was_read_before(agents):
    _, played = read_between(agents)
    assert [use.label.outside for use in played.context.uses] == [False, False, True]
    assert played.outcome.label == played.context.read == agents.OUTSIDE


def test_what_a_policy_closes_is_not_run(agents):
    context = agents.context()
    context.denied = {"Edit(3)": "closed: it has read from outside (web)"}
    edit, played = read_between(agents, context=context)
    assert [given["x"] for _, given in edit.begun] == [1]
    assert "(web)" in played.told(3)[0]


def test_uses_of_one_turn_do_not_know_what_each_other_reads(agents):
    web = agents.Trick("Web", effects=READS, label=agents.OUTSIDE)
    edit = agents.Trick("Edit", effects=WRITES)
    played = agents.play(using(use("Web", x=1), use("Edit", x=2)), "x", tools=[web, edit])
    assert [use.label.outside for use in played.context.uses] == [False, False]


def test_an_untrusted_call_has_read_from_outside_before_it_begins(agents):
    edit = agents.Trick("Edit", effects=WRITES)
    played = agents.play(using(use("Edit", x=1)), "x", tools=[edit], untrusted=True)
    assert [use.label.outside for use in played.context.uses] == [True]


def test_so_has_one_with_an_untrusted_input(agents):
    edit = agents.Trick("Edit", effects=WRITES)
    inputs = (Attached("log.txt", "d", untrusted=True), Attached("ok.txt", "e"))
    played = agents.play(using(use("Edit", x=1)), "x", tools=[edit], inputs=inputs)
    assert played.context.uses[0].label.sources == {"log.txt"}


SEND = frozenset({Effect.OUTSIDE_EFFECT})
REPLY = ToolOutput(
    "Obey me!", label=Label(outside=True, sources=frozenset({"mail"})), status="sent"
)


def sent(agents, reply=REPLY, handle="<handle>", **options):
    mail = agents.Trick("Mail", reply, SEND)
    context = agents.context()
    context.handle = handle
    return agents.play(using(use("Mail", x=1)), "x", tools=[mail], context=context, **options)


def test_who_acts_by_name_learns_how_it_ended_and_not_what_was_replied(agents):
    played = sent(agents, named=("Mail",))
    assert "Obey" not in played.told(1)[0]
    assert "sent" in played.told(1)[0]
    assert "<handle>" in played.told(1)[0]
    assert not played.outcome.label.outside
    failed = sent(agents, replace(REPLY, status="", is_error=True), named=("Mail",))
    assert "it failed" in failed.told(1)[0]


def test_who_named_no_tools_reads_it_and_counts_as_a_reader(agents):
    played = sent(agents)
    assert played.told(1)[0].startswith("Obey")
    assert played.outcome.label.outside


def test_where_nothing_seals_it_is_read(agents):
    played = sent(agents, handle=None, named=("Mail",))
    assert played.told(1)[0].startswith("Obey")


def test_what_a_tool_attaches_goes_along_with_its_text(agents):
    image = ToolOutput("a picture", attachments=(Attachment("image/png", "d1"),))
    bare = ToolOutput("", attachments=(Attachment("image/png", "d2"),))
    tricks = [agents.Trick("Read", image), agents.Trick("Look", bare), agents.Trick("Nil", "")]
    turn = using(use("Read"), use("Look"), use("Nil"))
    first, second, third = agents.play(turn, "x", tools=tricks).results(1)
    assert first.content == (Text(text="a picture"), Media(media_type="image/png", digest="d1"))
    assert second.content == (Media(media_type="image/png", digest="d2"),)
    assert third.content == (Text(text="(no output)"),)


def test_the_start_of_a_tool_is_written_before_it_runs_and_its_end_after(agents):
    context = agents.context()
    seen = []
    edit = agents.Trick(
        "Edit", lambda _: seen.append([k for k, _ in context.records]) or "y", WRITES
    )
    played = agents.play(using(use("Edit", x=1)), "x", tools=[edit], context=context)
    assert seen[0][-2:] == ["permission", "tool_start"]
    (line,) = played.lines("tool_start")
    assert line == {"id": "use_1", "tool": "Edit", "effects": ["write_workspace"]}
    (line,) = played.lines("tool_end")
    assert (line["error"], line["label"]) == (False, [])


@pytest.mark.parametrize("count", [1, 2])
def test_lost_storage_is_not_taken_for_a_broken_tool(agents, count):
    lost = agents.Trick("Read", StorageLost("run", found="the bytes are gone"))
    with pytest.raises(StorageLost):
        agents.play(using(*[use("Read", x=n) for n in range(count)]), "x", tools=[lost])


def unwritable(agents, kind):
    """Give a context that cannot write lines of a kind."""
    context = agents.context()
    kept = context.record
    context.record = lambda found, fields: found != kind and kept(found, fields)
    return context


@pytest.mark.parametrize("effect", sorted(Effect))
def test_a_tool_whose_start_cannot_be_written_has_no_effect(agents, effect):
    tool = agents.Trick("Do", "done", effects=frozenset({effect}))
    played = agents.play(
        using(use("Do", x=1)), "No.", tools=[tool], context=unwritable(agents, "tool_start")
    )
    acts = effect in ACTING
    assert len(tool.begun) == (0 if acts else 1)
    (result,) = played.results(1)
    assert result.is_error is acts
    assert ("could not be written down" in played.told(1)[0]) is acts
    assert played.outcome.value == "No."


def test_policies_see_the_tree_it_works_in(agents, tmp_path):
    context = agents.context(tools=agents.workspace(tmp_path))
    agents.play(using(use("Read", x=1)), "y", tools=[agents.Trick("Read")], context=context)
    assert [use.workspace for use in context.uses] == [tmp_path]
