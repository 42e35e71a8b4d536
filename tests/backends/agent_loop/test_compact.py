"""What is left of a conversation that was too long, and what it may still cost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hocket.api.calls import Usage
from hocket.api.messages import Message, Text, ToolResult, ToolUse
from hocket_plugins.backends.agent_loop import compact, nudges, summary, weights
from hocket_plugins.backends.agent_loop.conversation import Conversation


def filled(sizes, *, per_token=4):
    talk = Conversation("task", prefix_weight=0)
    for number, size in enumerate(sizes):
        use = ToolUse(id=f"u{number}", name="Read", raw=f'{{"n": {number}}}')
        weight = sum(weights.of_message(message) for message in talk.messages)
        said = Message(role="assistant", blocks=(use,))
        output = weights.of_message(said) // per_token
        talk.reply(said, Usage(input=weight // per_token, output=output, cost_micros=None))
        talk.say(ToolResult(use_id=f"u{number}", content=(Text(text="y" * size),)))
    return talk


def texts(talk):
    return [
        block.content[0].text
        for message in talk.messages
        for block in message.blocks
        if isinstance(block, ToolResult)
    ]


def test_nothing_is_cleared_for_little():
    talk = filled([100] * 10)
    before = list(talk.messages)
    assert compact.clear(talk, 100_000) == 0
    assert talk.messages == before


def test_force_clears_whatever_is_longer_than_its_line():
    talk = filled([1_000] * 8 + [1])
    freed = compact.clear(talk, 100_000, force=True)
    assert freed > 0
    cleared = [text.startswith(compact.CLEARED) for text in texts(talk)]
    assert cleared == [True] * 4 + [False] * 5
    assert compact.clear(talk, 100_000, force=True) == 0


def test_results_that_fill_the_window_alone_do_not_all_stay():
    talk = filled([20_000] * 6)
    compact.clear(talk, 8_000, force=True)
    assert [text.startswith(compact.CLEARED) for text in texts(talk)] == [True] * 5 + [False]


def test_a_line_says_what_was_there():
    result = ToolResult(use_id="u", content=(Text(text="abc"),), is_error=True)
    use = ToolUse(id="u", name="Read", raw='{"file_path": "' + "a" * 300 + '"}')
    short = compact.shortened(result, use)
    assert short.is_error
    assert short.content[0].text.startswith('[left out: Read {"file_path": "aaa')
    assert "; 3 characters, ba7816bf8f01]" in short.content[0].text
    assert len(short.content[0].text) < 280
    assert "a tool; 3 characters" in compact.shortened(result, None).content[0].text


def test_only_what_was_not_sent_is_shortened_for_a_last_turn():
    talk = filled([1_000, 1_000])
    before = talk.bound
    assert compact.shorten_last(talk) == 1
    assert [text[:4] for text in texts(talk)] == ["yyyy", "[lef"]
    assert talk.bound < before - 800
    assert compact.shorten_last(talk) == 0


@given(
    st.lists(st.integers(0, 3_000), min_size=1, max_size=12),
    st.integers(500, 20_000),
    st.booleans(),
)
def test_the_bound_holds_whatever_is_cleared(sizes, window, force):
    talk = filled(sizes, per_token=1)
    compact.clear(talk, window, force=force)
    # One byte is one token here, so the bound must not be below what is left.
    assert talk.bound >= sum(weights.of_message(message) for message in talk.messages)
    uses = compact.uses_of(talk.messages)
    assert len(uses) == len(sizes)
    assert len(texts(talk)) == len(sizes)


def test_the_middle_ends_before_the_last_three_turns():
    talk = filled([10] * 5)
    left_out, kept = summary.middle(talk.messages)
    assert [message.role for message in left_out] == ["assistant", "user"] * 2
    assert [message.role for message in kept] == ["assistant", "user"] * 3
    assert summary.middle(filled([10] * 3).messages)[0] == ()


def test_a_summary_takes_the_place_of_the_middle():
    talk = filled([2_000] * 5)
    first, tail = talk.messages[0], talk.messages[-6:]
    freed = summary.put(talk, "I read it.", ["Edit(a)", "Edit(a)", "Edit(b)"])
    assert freed > 3_000
    assert (talk.messages[0], talk.messages[3:]) == (first, tail)
    assert talk.messages[1].blocks[0].text.endswith("\nI read it.")
    assert talk.messages[2].blocks[0].text.endswith("Files written so far: Edit(a), Edit(b)")
    again = filled([2_000] * 5)
    summary.put(again, "I read it.", [])
    assert again.messages[2].blocks[0].text == nudges.SHORTENED


def test_what_is_summed_up_fits_into_half_the_window():
    talk = filled([9_000] * 9)
    left_out, _ = summary.middle(talk.messages)
    asked = summary.question(left_out, 1_000)
    text = asked.blocks[0].text
    assert len(text) < 1_500 + len(nudges.SUMMARISE) + 100
    assert "[…]" in text
    assert all(line.startswith("    ") for line in text.splitlines()[2:])
