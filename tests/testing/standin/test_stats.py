"""The oracle: what was asked, how often, how many at once; for tests that ask the server."""

from __future__ import annotations

import asyncio

import pytest

from hocket.testing.standin.stats import BODIES, Entry, Stats


def post(client, ask, prompt):
    return client.post("/v1/messages", json=ask(prompt))


def test_most_in_flight_is_what_was_open_at_once(plain, ask):
    async def told(client, server):
        async with asyncio.TaskGroup() as group:
            for number in range(12):
                group.create_task(post(client, ask, f"id={number}; lat={100 + number // 4};"))
        return server.stats

    stats = plain(told, jumps=True)
    assert (stats["requests"], stats["served"], stats["in_flight"]) == (12, 12, 0)
    assert stats["most_in_flight"] == 12
    assert stats["repeated"] == 0


def test_a_cap_of_the_client_is_seen(plain, ask):
    async def told(client, server):
        slots = asyncio.Semaphore(3)

        async def one(number):
            async with slots:
                await post(client, ask, f"id={number}; lat=50;")

        async with asyncio.TaskGroup() as group:
            for number in range(10):
                group.create_task(one(number))
        return server.stats["most_in_flight"], server.stats["last_s"] - server.stats["first_s"]

    most, seconds = plain(told, jumps=True)
    assert most == 3
    assert seconds == pytest.approx(0.2)


def test_calls_repeated_and_redone_are_told_apart(plain, ask):
    async def told(client, server):
        for prompt in ("id=a; fault=529:2;", "id=a; fault=529:2;", "id=a;", "id=a;", "id=b;"):
            await post(client, ask, prompt)
        return (await client.get("/__stats")).json()

    stats = plain(told)
    assert stats["calls"] == {"a": 4, "b": 1}
    assert (stats["repeated"], stats["redone"]) == (3, 1)
    assert (stats["served"], stats["refused"]) == (3, 2)


def test_turns_of_one_conversation_are_no_repetition(plain, ask):
    async def told(client, server):
        body = ask("id=a;")
        for _ in range(3):
            answer = (await client.post("/v1/messages", json=body)).json()
            body["messages"] += [
                {"role": "assistant", "content": answer["content"]},
                {"role": "user", "content": "Go on."},
            ]
        return server.stats

    stats = plain(told)
    assert (stats["calls"], stats["repeated"], stats["redone"]) == ({"a": 3}, 0, 0)


def test_the_log_tells_every_request_and_its_body_on_demand(plain, ask):
    async def told(client, server):
        await post(client, ask, "id=a; lat=1000;")
        await post(client, ask, "id=b; fault=401;")
        logs = [(await client.get(f"/__log{query}")).json() for query in ("", "?since=1&bodies=1")]
        return (*logs, server.log)

    log, rest, entries = plain(told, jumps=True)
    assert [(e["id"], e["status"], e["state"]) for e in log] == [
        ("a", 200, "served"),
        ("b", 401, "refused"),
    ]
    assert (log[0]["at_s"], log[0]["end_s"]) == (0, 1)
    assert log[0]["usage"]["output_tokens"] > 0
    assert "body" not in log[0]
    assert [e["body"]["messages"][0]["content"] for e in rest] == ["id=b; fault=401;"]
    assert [entry.n for entry in entries] == [1, 2]


def test_a_prompt_without_an_id_is_named_by_its_text(plain, ask):
    async def told(client, server):
        for prompt in ("Hello.", "Hello.", "Else."):
            await post(client, ask, prompt)
        return sorted(server.stats["calls"].values())

    assert plain(told) == [1, 2]


def test_a_reset_forgets_and_goes_on_counting_ids(plain, ask):
    async def told(client, server):
        before = (await post(client, ask, "id=a;")).json()["id"]
        await client.post("/__heal")
        await client.post("/__reset")
        healed = (await post(client, ask, "fault=500;")).status_code
        after = (await post(client, ask, "id=a;")).json()["id"]
        return before != after, healed, server.stats

    differ, healed, stats = plain(told)
    assert differ
    assert healed == 500
    assert stats["calls"]["a"] == 1
    assert stats["requests"] == 2


def test_nothing_asked_is_nothing_counted(plain):
    async def told(client, server):
        return (await client.get("/__stats")).json()

    stats = plain(told)
    assert (stats["requests"], stats["first_s"], stats["last_s"]) == (0, None, None)


def test_only_the_newest_requests_keep_their_body():
    stats = Stats()
    for number in range(BODIES + 5):
        entry = Entry(
            n=number,
            id="a",
            turn=0,
            path="/",
            model="m",
            stream=False,
            at_s=0.0,
            body={"n": number},
        )
        stats.begin(entry)
        stats.end(entry, 1.0)
    assert [entry.body is None for entry in stats.entries].count(True) == 5
    assert stats.entries[4].body is None
    assert stats.counted()["broken"] == BODIES + 5
