"""Batches, as the official SDK drives them."""

from __future__ import annotations

import asyncio

import pytest


def request(name, params):
    return {"custom_id": name, "params": params}


def test_a_batch_ends_in_its_time_with_a_result_for_each(story, ask):
    async def told(client, server):
        batches = client.messages.batches
        made = await batches.create(
            requests=[
                request("good", ask("id=good; answer=yes;")),
                request("bad", ask("Hello.", max_tokens=-1)),
                request("late", ask("fault=529;")),
                request("odd", ask("fault=nostop;")),
            ]
        )
        early = await batches.retrieve(made.id)
        await asyncio.sleep(3_600)
        ended = await batches.retrieve(made.id)
        results = [result async for result in await batches.results(made.id)]
        return made, early, ended, results, server.stats

    made, early, ended, results, stats = story(told, jumps=True, batch_s=3_600)
    assert (made.processing_status, early.processing_status) == ("in_progress", "in_progress")
    assert (made.request_counts.processing, made.results_url) == (4, None)
    assert ended.processing_status == "ended"
    assert (ended.ended_at - made.created_at).total_seconds() == 3_600
    assert (ended.request_counts.succeeded, ended.request_counts.errored) == (2, 2)
    found = {result.custom_id: result.result for result in results}
    assert found["good"].message.content[0].text == "yes"
    assert found["bad"].error.error.type == "invalid_request_error"
    assert found["late"].error.error.type == "overloaded_error"
    assert (stats["requests"], stats["served"], stats["refused"]) == (3, 1, 1)
    assert stats["broken"] == 1


def test_a_cancelled_batch_asks_nobody(story, ask):
    async def told(client, server):
        batches = client.messages.batches
        made = await batches.create(requests=[request("a", ask("Hello."))])
        going = await batches.cancel(made.id)
        ended = await batches.retrieve(made.id)
        again = await batches.cancel(made.id)
        results = [result async for result in await batches.results(made.id)]
        return going, ended, again, results, server.stats["requests"]

    going, ended, again, results, requests = story(told, jumps=True, batch_s=60)
    assert going.processing_status == "canceling"
    assert (ended.processing_status, again.processing_status) == ("ended", "ended")
    assert ended.cancel_initiated_at is not None
    assert [result.result.type for result in results] == ["canceled"]
    assert requests == 0


def test_batches_are_listed_and_deleted(story, sdk, ask):
    async def told(client, server):
        batches = client.messages.batches
        assert [batch async for batch in batches.list()] == []
        names = [(await batches.create(requests=[request("a", ask("x"))])).id for _ in range(2)]
        listed = [batch.id async for batch in batches.list()]
        with pytest.raises(sdk.BadRequestError, match="has not ended"):
            await batches.delete(names[0])
        await asyncio.sleep(60)
        gone = await batches.delete(names[0])
        with pytest.raises(sdk.NotFoundError):
            await batches.retrieve(names[0])
        return names, listed, gone.type

    names, listed, gone = story(told, jumps=True, batch_s=60)
    assert listed == [*reversed(names)]
    assert gone == "message_batch_deleted"


@pytest.mark.parametrize("names", [[], ["a", "a"], [""]])
def test_a_batch_whose_requests_cannot_be_told_apart_is_refused(story, sdk, ask, names):
    async def told(client, server):
        with pytest.raises(sdk.BadRequestError, match="requests: "):
            await client.messages.batches.create(requests=[request(n, ask("x")) for n in names])

    story(told)
