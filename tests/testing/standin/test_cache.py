"""The prefix cache: what is read, what is written, what is fresh, and when."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hocket.testing.standin.cache import LOOK_BACK, PrefixCache
from hocket.testing.standin.models import Model
from hocket.testing.standin.prefix import Part, parts

SMALL = Model(name="small", minimum=10)
MARK = {"cache_control": {"type": "ephemeral"}}
HOUR = {"cache_control": {"type": "ephemeral", "ttl": "1h"}}


def text(tokens, letter="x", **more):
    return {"type": "text", "text": letter * 4 * tokens, **more}


def asked(cache, row, now_s=0.0, *, begins=True, model=SMALL):
    account = cache.account(model, row, now_s)
    if begins:
        cache.begin(account, now_s)
    return (account.read, account.write_5m, account.write_1h, account.fresh)


def test_what_was_written_is_read_until_its_time_is_over():
    cache, row = PrefixCache(), [Part("a", 100, 300), Part("b", 7)]
    assert asked(cache, row) == (0, 100, 0, 7)
    assert asked(cache, row, 299) == (100, 0, 0, 7)
    assert asked(cache, row, 598) == (100, 0, 0, 7)  # reading at 299 gave it a new life
    assert asked(cache, row, 898) == (0, 100, 0, 7)


def test_an_entry_is_readable_when_its_reply_begins_and_not_before():
    cache, row = PrefixCache(), [Part("a", 100, 300)]
    first = cache.account(SMALL, row, 0)
    assert asked(cache, row, 1, begins=False) == (0, 100, 0, 0)
    cache.begin(first, 2)
    assert asked(cache, row, 2) == (100, 0, 0, 0)


def test_a_prefix_below_the_minimum_is_not_kept_and_nobody_says_so():
    cache, row = PrefixCache(), [Part("a", 9, 300), Part("b", 1)]
    assert asked(cache, row) == asked(cache, row) == (0, 0, 0, 10)
    longer = [Part("a", 9, 300), Part("b", 1, 300)]
    assert asked(cache, longer) == (0, 10, 0, 0)
    assert asked(cache, longer) == (10, 0, 0, 0)


def test_a_conversation_writes_only_what_is_new():
    cache, row = PrefixCache(), [Part("tools", 50, 300)]
    read = []
    for turn in range(5):
        row = [*row, Part(f"turn {turn}", 10, 300)]
        account = asked(cache, [*(Part(p.raw, p.tokens) for p in row[:-2]), *row[-2:]])
        read.append(account)
        row[-2] = Part(row[-2].raw, row[-2].tokens)
    assert read == [(0, 60, 0, 0), *((60 + 10 * n, 10, 0, 0) for n in range(4))]


def test_hours_and_minutes_are_written_apart():
    cache = PrefixCache()
    row = [Part("a", 100, 3_600), Part("b", 50, 300), Part("c", 5)]
    assert asked(cache, row) == (0, 50, 100, 5)
    assert asked(cache, row, 299) == (150, 0, 0, 5)
    assert asked(cache, row, 3_000) == (100, 50, 0, 5)
    assert asked(cache, row, 9_000) == (0, 50, 100, 5)


def test_a_short_life_never_replaces_a_long_one():
    cache = PrefixCache()
    hour, minutes = [Part("a", 100, 3_600)], [Part("a", 100, 300)]
    first, second = (cache.account(SMALL, row, 0) for row in (hour, minutes))
    cache.begin(first, 0)
    cache.begin(second, 0)
    assert asked(cache, minutes, 3_000) == (100, 0, 0, 0)


def test_what_lies_too_far_back_is_not_found():
    def after(count):
        cache = PrefixCache()
        asked(cache, [Part("a", 100, 300)])
        between = [Part(f"b{n}", 1) for n in range(count - 1)]
        return asked(cache, [Part("a", 100), *between, Part("end", 1, 300)])[0]

    assert after(LOOK_BACK - 1) == 100
    assert after(LOOK_BACK) == 0


def test_another_model_and_another_beginning_read_nothing():
    cache, row = PrefixCache(), [Part("a", 100), Part("b", 100, 300)]
    asked(cache, row)
    assert asked(cache, [Part("A", 100), row[1]]) == (0, 200, 0, 0)
    assert asked(cache, row, model=Model(name="other", minimum=10)) == (0, 200, 0, 0)


def test_a_request_is_taken_apart_in_the_order_of_the_prefix():
    tool = {"name": "Read", "input_schema": {"type": "object"}, **MARK}
    body = {
        "messages": [{"role": "user", "content": [text(3, **MARK)]}],
        "system": "12345678",
        "output_config": {"format": {"type": "json_schema", "schema": {}}},
        "tools": [tool],
        **HOUR,
    }
    row = parts(body)
    assert [part.ttl_s for part in row] == [300, 0, 0, 300]  # the last has a mark of its own
    assert [part.tokens for part in row[2:]] == [2, 3]
    del body["messages"][0]["content"][0]["cache_control"]
    assert parts(body)[-1].ttl_s == 3_600
    assert [part.raw for part in parts(body)] == [part.raw for part in row]


@pytest.mark.parametrize(
    ("change", "kept"),
    [
        ({"thinking": {"type": "adaptive"}}, 2),
        ({"tool_choice": {"type": "none"}}, 2),
        ({"system": "other"}, 1),
        ({"output_config": {"format": {"schema": {}}}}, 1),
        ({"tools": [{"name": "Edit"}]}, 0),
        ({"max_tokens": 5}, 3),
    ],
)
def test_a_change_breaks_what_comes_after_it(change, kept):
    body = {
        "tools": [{"name": "Read"}],
        "system": "Be brief.",
        "messages": [{"role": "user", "content": "Hello."}],
    }
    pairs = zip(parts(body), parts(body | change), strict=False)
    same = [one.raw == other.raw for one, other in pairs]
    assert [*same, False].index(False) == kept


TEXTS = st.integers(1, 40).flatmap(
    lambda tokens: st.sampled_from("abc").map(lambda letter: text(tokens, letter))
)
MARKS = st.lists(st.sampled_from([MARK, HOUR]), max_size=3).map(
    lambda marks: sorted(marks, key=lambda mark: "ttl" not in mark["cache_control"])
)


@st.composite
def conversations(draw):
    """Draw the turns of a conversation; marks stand anywhere, the long-lived ones first."""
    system, messages, turns = draw(st.lists(TEXTS, max_size=3)), [], []
    for _ in range(draw(st.integers(1, 5))):
        messages.append({"role": "user", "content": draw(st.lists(TEXTS, min_size=1, max_size=3))})
        blocks = [*system, *(block for message in messages for block in message["content"])]
        places = draw(st.lists(st.sampled_from(range(len(blocks))), unique=True, max_size=3))
        marked = dict(zip(sorted(places), draw(MARKS), strict=False))
        made = iter([block | marked.get(place, {}) for place, block in enumerate(blocks)])
        said = [
            {"role": "user", "content": [next(made) for _ in message["content"]]}
            for message in [{"content": system}, *messages]
        ]
        turns.append({"system": said[0]["content"], "messages": said[1:]})
        turns[-1] |= MARK if draw(st.booleans()) else {}
        messages.append({"role": "assistant", "content": [draw(TEXTS)]})
    return turns


@settings(max_examples=300, deadline=None)
@given(st.lists(conversations(), min_size=1, max_size=3), st.data())
def test_read_written_and_fresh_are_the_whole_input_in_any_conversation(several, data):
    cache, now_s, waiting = PrefixCache(), 0.0, []
    rows = [[parts(turn) for turn in turns] for turns in several]
    seen: list[list[str]] = []
    while rows:
        turns = data.draw(st.sampled_from(rows))
        row = turns.pop(0)
        rows = [left for left in rows if left]
        account = cache.account(SMALL, row, now_s)
        counts = (account.read, account.write_5m, account.write_1h, account.fresh)
        assert min(counts) >= 0
        assert sum(counts) == account.whole == sum(part.tokens for part in row)
        assert account.read in {0, *common(row, seen)}
        waiting.append(account)
        if data.draw(st.booleans()):
            for begun in waiting:
                cache.begin(begun, now_s)
            waiting.clear()
        seen.append([part.raw for part in row])
        now_s += data.draw(st.sampled_from([0, 1, 299, 301, 3_601]))


def common(row, seen):
    """Give the sizes of all beginnings that were ever asked before."""
    for raws in seen:
        size = 0
        for part, raw in zip(row, raws, strict=False):
            if part.raw != raw:
                break
            size += part.tokens
            yield size


def counts(usage):
    made = usage.cache_creation
    hour, minutes = made.ephemeral_1h_input_tokens, made.ephemeral_5m_input_tokens
    assert usage.cache_creation_input_tokens == hour + minutes
    return (usage.cache_read_input_tokens, minutes, hour, usage.input_tokens)


def test_the_sdk_sees_the_accounts_and_time_is_the_clocks(story, ask):
    async def told(client, server):
        request, seen = ask("Go.", system=[text(2_000, **MARK)]), []
        for pause in (0, 299, 301):
            await asyncio.sleep(pause)
            seen.append(counts((await client.messages.create(**request)).usage))
        return seen, server.stats["usage"]

    seen, served = story(told, jumps=True)
    assert seen == [(0, 2_000, 0, 1), (2_000, 0, 0, 1), (0, 2_000, 0, 1)]
    assert served["ephemeral_5m_input_tokens"] == 4_000
    assert served["cache_read_input_tokens"] == 2_000
    assert served["input_tokens"] == 3


def test_siblings_that_race_all_write_and_those_that_wait_read(story, ask):
    async def told(client, server):
        async def sibling(number, after):
            await asyncio.sleep(after)
            prompt = f"id={number}; first=1000; lat=2000;"
            async with client.messages.stream(
                **ask(prompt, system=[text(2_000, **MARK)])
            ) as stream:
                return counts((await stream.get_final_message()).usage)[:2]

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(sibling(n, after)) for n, after in enumerate((0, 0.5, 1.5))]
        return [task.result() for task in tasks]

    assert story(told, jumps=True) == [(0, 2_000), (0, 2_000), (2_000, 0)]


def test_a_reply_that_never_began_wrote_nothing(story, ask):
    async def told(client, server):
        request = ask("id=a; fault=529:1;", system=[text(2_000, **MARK)])
        return counts((await client.messages.create(**request)).usage)

    assert story(told, jumps=True, retries=1)[:2] == (0, 2_000)


@pytest.mark.parametrize(("model", "least"), [("claude-opus-5", 512), ("claude-haiku-4-5", 4_096)])
def test_every_model_has_its_least_prefix(story, ask, model, least):
    async def told(client, server):
        return [
            counts((await client.messages.create(**ask("Go.", model=model, system=row))).usage)[1]
            for row in ([text(least - 1, **MARK)], [text(least, **MARK)])
        ]

    assert story(told) == [0, least]


@pytest.mark.parametrize(("shapes", "writes"), [(1, 1), (2, 2), (6, 6)])
def test_every_answer_format_writes_the_prefix_again(story, ask, shapes, writes):
    async def told(client, server):
        for number in range(12):
            schema = {"type": "object", "properties": {}, "additionalProperties": False}
            schema["title"] = f"shape {number % shapes}"
            config = {"format": {"type": "json_schema", "schema": schema}}
            system = [text(2_000, **MARK)]
            await client.messages.create(**ask("Go.", system=system, output_config=config))
        return [entry.usage["cache_creation_input_tokens"] > 0 for entry in server.log]

    assert sum(story(told)) == writes
