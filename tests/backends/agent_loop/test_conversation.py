"""What was said, and how much of it there is."""

from __future__ import annotations

from hocket.api.calls import Usage
from hocket.api.messages import Message, Text, ToolResult, ToolUse
from hocket.api.tools import TRUSTED, Label
from hocket_plugins.backends.agent_loop import weights
from hocket_plugins.backends.agent_loop.conversation import Conversation, counted, text_of
from hocket_plugins.backends.agent_loop.hands import joined


def begun(first="task"):
    return Conversation(first, prefix_weight=1_000)


def reply(text, **counts):
    message = Message(role="assistant", blocks=(Text(text=text),) if text else ())
    return message, Usage(**{"input": 0, "output": 0, "cost_micros": None, **counts})


def test_before_anything_is_counted_it_is_bounded_by_its_bytes():
    talk = begun("é" * 10)
    assert talk.bound == 1_000 + 20 + weights.AROUND
    assert talk.bytes_per_token == 1.0


def test_a_count_stands_for_everything_before_it():
    talk = begun()
    talk.reply(*reply("words", input=300, cache_read=20, cache_write=5, output=7))
    assert talk.bound == 332
    talk.say(Text(text="more"))
    assert talk.bound == 332 + 4 + weights.AROUND


def test_what_is_said_before_the_next_turn_is_one_message():
    talk = begun()
    talk.reply(*reply("words", input=1))
    talk.say(Text(text="a"))
    talk.say(Text(text="b"))
    assert [len(message.blocks) for message in talk.messages] == [1, 1, 2]


def test_a_reply_without_a_word_leaves_no_message():
    talk = begun()
    talk.reply(*reply("", input=9))
    assert (len(talk.messages), talk.bound) == (1, 9)


def test_all_kinds_of_input_count_and_the_output_too():
    assert counted(Usage(1, 2, 3, 4, None, cache_write_1h=5)) == 15


def test_texts_are_joined_and_other_blocks_left_out():
    blocks = (Text(text="a"), ToolUse(id="1", name="n", raw="{}"), Text(text="b"))
    assert text_of(blocks) == "ab"


def test_labels_join_over_results():
    results = [
        ToolResult(use_id="1", content=(), label=Label(outside=True, sources=frozenset("a"))),
        ToolResult(use_id="2", content=()),
        ToolResult(use_id="3", content=(), label=Label(outside=True, sources=frozenset("b"))),
    ]
    assert joined(results, TRUSTED) == Label(outside=True, sources=frozenset("ab"))
    assert joined([], TRUSTED) == TRUSTED
