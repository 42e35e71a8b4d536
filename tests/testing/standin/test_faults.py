"""Every fault, as the official SDK shows it: what a provider must tell apart."""

from __future__ import annotations

import asyncio
import json
from email.utils import parsedate_to_datetime

import pytest

from hocket.testing.standin.faults import KINDS

STATUS = {
    "429": (429, "rate_limit_error", "RateLimitError"),
    "429ms": (429, "rate_limit_error", "RateLimitError"),
    "429date": (429, "rate_limit_error", "RateLimitError"),
    "429quota": (429, "rate_limit_error", "EnforcedSpendLimitReachedError"),
    "429contract": (429, "rate_limit_error", "ContractSpendLimitReachedError"),
    "429ramp": (429, "rate_limit_error", "RampLimitExceededError"),
    "529": (529, "overloaded_error", "OverloadedError"),
    "500": (500, "api_error", "InternalServerError"),
    "500stop": (500, "api_error", "InternalServerError"),
    "502": (502, "api_error", "InternalServerError"),
    "503": (503, "api_error", "ServiceUnavailableError"),
    "503cmek": (503, "api_error", "CMEKContextUnavailableError"),
    "504": (504, "timeout_error", "GatewayTimeoutError"),
    "400": (400, "invalid_request_error", "BadRequestError"),
    "400again": (400, "invalid_request_error", "BadRequestError"),
    "400hold": (400, "invalid_request_error", "OrganizationOnHoldError"),
    "400ctx": (400, "invalid_request_error", "BadRequestError"),
    "401": (401, "authentication_error", "AuthenticationError"),
    "402": (402, "billing_error", "PaymentRequiredError"),
    "403": (403, "permission_error", "PermissionDeniedError"),
    "404": (404, "not_found_error", "NotFoundError"),
    "408": (408, "timeout_error", "RequestTimeoutError"),
    "409": (409, "conflict_error", "ConflictError"),
    "413": (413, "request_too_large", "ContentTooLargeError"),
    "422": (422, "invalid_request_error", "UnprocessableEntityError"),
    "451": (451, "error_of_tomorrow", "APIStatusError"),
}
PLAYED = {"reset", "resethead", "resetmid", "trunc", "hang", "ping", "drip", "sseerror"}
PLAYED |= {"nostop", "html", "badjson", "empty", "oddblock"}


@pytest.fixture(params=["httpx2", "aiohttp"])
def transport(request):
    return request.param


def failing(story, ask, orders, **more):
    """Stream a reply; give the exception that it ended with."""

    async def told(client, server):
        with pytest.raises(Exception) as raised:  # noqa: PT011  the test says which
            async with client.messages.stream(**ask(orders)) as stream:
                await stream.until_done()
        return raised.value, server.log[-1]

    return story(told, **more)


def test_every_kind_is_tested_here():
    assert set(STATUS) | PLAYED == KINDS


@pytest.mark.parametrize("kind", STATUS)
def test_a_status_has_its_type_and_its_class(story, ask, sdk, kind):
    status, name, cls = STATUS[kind]
    error, entry = failing(story, ask, f"fault={kind};")
    assert (error.status_code, error.type, type(error).__name__) == (status, name, cls)
    assert isinstance(error, sdk.APIStatusError)
    assert error.request_id.startswith("req_")
    assert (entry.state, entry.status, entry.fault) == ("refused", status, kind)
    assert entry.usage is None


def test_a_rate_limit_says_when_to_come_back(story, ask):
    seconds, _ = failing(story, ask, "fault=429; after=900;")
    millis, _ = failing(story, ask, "fault=429ms; after=0.25;")
    date, _ = failing(story, ask, "fault=429date; after=60;")
    quota, _ = failing(story, ask, "fault=429quota;")
    assert seconds.response.headers["retry-after"] == "900"
    assert millis.response.headers["retry-after-ms"] == "250"
    headers = date.response.headers
    later, now = (parsedate_to_datetime(headers[name]) for name in ("retry-after", "date"))
    assert (later - now).total_seconds() == 60
    assert not {"retry-after", "retry-after-ms"} & set(quota.response.headers)
    assert quota.error_code == "enforced_spend_limit_reached"


@pytest.mark.parametrize(("kind", "word"), [("500stop", "false"), ("400again", "true")])
def test_a_service_may_say_itself_whether_to_try_again(story, ask, kind, word):
    error, _ = failing(story, ask, f"fault={kind};")
    assert error.response.headers["x-should-retry"] == word


def test_silence_is_a_timeout_of_the_sdk(story, ask, sdk):
    async def told(client, server):
        with pytest.raises(sdk.APITimeoutError):
            await client.messages.create(**ask("fault=hang;"), timeout=0.1)
        return server.log[-1].fault

    assert story(told) == "hang"


def test_a_page_is_a_stream_without_events(story, ask):
    async def told(client, server):
        stream = await client.messages.create(**ask("fault=html;"), stream=True)
        return [event async for event in stream], server.log[-1].state

    assert story(told) == ([], "broken")


def test_a_prompt_too_long_is_said_so(story, ask):
    error, _ = failing(story, ask, "fault=400ctx;")
    assert "prompt is too long" in error.api_message


@pytest.mark.parametrize("kind", ["reset", "resethead", "resetmid", "trunc"])
def test_a_cut_connection_never_gives_a_whole_message(story, ask, kind):
    error, entry = failing(story, ask, f"size=4000; fault={kind};")
    assert not isinstance(error, (AssertionError, AttributeError))
    assert entry.state == "broken"


def test_a_reset_before_the_head_is_a_connection_error(story, ask, sdk):
    error, entry = failing(story, ask, "fault=reset;")
    assert isinstance(error, sdk.APIConnectionError)
    assert entry.usage is None


def test_an_error_event_comes_after_status_200(story, ask, sdk):
    error, entry = failing(story, ask, "fault=sseerror;")
    assert isinstance(error, sdk.APIStatusError)
    assert (error.status_code, error.type) == (200, "overloaded_error")
    assert entry.state == "broken"


def test_a_broken_event_is_outside_the_tree_of_the_sdk(story, ask):
    error, _ = failing(story, ask, "fault=badjson;")
    assert isinstance(error, json.JSONDecodeError)


def test_a_stream_without_its_end_returns_as_if_nothing_were_wrong(story, ask):
    async def told(client, server):
        async with client.messages.stream(**ask("size=500; fault=nostop;")) as stream:
            return await stream.get_final_message(), server.log[-1].state

    message, state = story(told)
    assert message.stop_reason is None
    assert len(message.content[0].text) == 500
    assert state == "broken"


def test_a_reply_without_content_is_a_message(story, ask):
    async def told(client, server):
        whole = await client.messages.create(**ask("fault=empty;"))
        async with client.messages.stream(**ask("fault=empty;")) as stream:
            return whole, await stream.get_final_message()

    whole, streamed = story(told)
    assert whole.content == streamed.content == []
    assert whole.stop_reason == streamed.stop_reason == "end_turn"


def test_an_unknown_block_passes_beside_the_text(story, ask):
    async def told(client, server):
        whole = await client.messages.create(**ask("fault=oddblock;"))
        async with client.messages.stream(**ask("fault=oddblock;")) as stream:
            return whole, await stream.get_final_message(), server.stats

    whole, streamed, stats = story(told)
    assert [b.type for b in whole.content] == ["text", "standin_novelty"]
    assert [b.type for b in streamed.content] == ["text", "standin_novelty"]
    assert stats["served"] == 2


def test_a_page_with_status_200_is_no_message(plain, ask):
    async def told(client, server):
        whole = await client.post("/v1/messages", json=ask("fault=html;"))
        streamed = await client.post("/v1/messages", json=ask("fault=html;", stream=True))
        return whole, streamed, server.stats

    whole, streamed, stats = plain(told)
    for response in (whole, streamed):
        assert (response.status_code, response.headers["content-type"]) == (200, "text/html")
        assert "<h1>" in response.text
    assert (stats["broken"], stats["served"]) == (2, 0)


@pytest.mark.parametrize("kind", ["badjson", "sseerror", "nostop"])
def test_half_the_json_of_a_whole_reply_is_none(plain, ask, kind):
    async def told(client, server):
        return await client.post("/v1/messages", json=ask(f"fault={kind};"))

    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        plain(told).json()


@pytest.mark.parametrize("orders", ["fault=hang;", "fault=ping;"])
@pytest.mark.parametrize("stream", [True, False])
def test_who_hangs_up_ends_what_never_ends(plain, ask, orders, stream):
    async def told(client, server):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await client.post("/v1/messages", json=ask(orders, stream=stream))
        await client.aclose()
        while server.stats["in_flight"]:
            await asyncio.sleep(0)
        return server.log[-1].state, server.stats["broken"]

    assert plain(told) == ("broken", 1)


def test_pings_come_for_ever(plain, ask):
    async def told(client, server):
        body, pings = ask("fault=ping; drip=600000;", stream=True), 0
        async with client.stream("POST", "/v1/messages", json=body) as response:
            async for line in response.aiter_lines():
                pings += line == "event: ping"
                if pings == 100:
                    return server.log[-1].state
        return None

    assert plain(told, jumps=True) == "open"


def test_a_byte_every_thirty_seconds_is_slow(plain, ask):
    async def told(client, server):
        start = asyncio.get_running_loop().time()
        body = ask("size=20; fault=drip;", stream=True)
        response = await client.post("/v1/messages", json=body)
        return asyncio.get_running_loop().time() - start, response.content, server.log[-1].state

    seconds, content, state = plain(told, jumps=True)
    assert seconds == pytest.approx(30 * len(content))
    assert content.endswith(b'{"type":"message_stop"}\n\n')
    assert state == "served"


@pytest.mark.parametrize("kind", ["trunc", "resetmid"])
def test_a_cut_can_be_at_any_byte(plain, ask, kind):
    async def told(client, server):
        url, lengths = server.url.removeprefix("http://").split(":"), []
        for cut in (0, 1, 50, 333):
            reader, writer = await asyncio.open_connection(*url)
            body = json.dumps(ask(f"fault={kind}; cut={cut};", stream=True)).encode()
            head = b"POST /v1/messages HTTP/1.1\r\nx-api-key: k\r\nanthropic-version: 1\r\n"
            writer.write(b"%bcontent-length: %d\r\n\r\n%b" % (head, len(body), body))
            received = b""
            try:
                while data := await reader.read(65_536):
                    received += data
            except ConnectionResetError:
                pass
            writer.close()
            lengths.append(unchunked(received.partition(b"\r\n\r\n")[2]))
        return lengths

    assert plain(told) == [0, 1, 50, 333]


def unchunked(data):
    """Count the bytes of all chunks that are there."""
    count = 0
    while data:
        size, _, rest = data.partition(b"\r\n")
        count += int(size, 16)
        data = rest[int(size, 16) + 2 :]
    return count


def test_a_fault_holds_for_the_first_calls_of_an_id(story, ask):
    async def told(client, server):
        await client.messages.create(**ask("id=a; fault=529:2;"))
        await client.messages.create(**ask("id=b;"))
        return [(entry.id, entry.status) for entry in server.log]

    assert story(told, retries=3, jumps=True) == [("a", 529), ("a", 529), ("a", 200), ("b", 200)]


def test_healing_ends_every_fault(story, ask, sdk):
    async def told(client, server):
        with pytest.raises(sdk.OverloadedError):
            await client.messages.create(**ask("fault=529;"))
        server.heal()
        message = await client.messages.create(**ask("fault=529;"))
        server.reset()
        with pytest.raises(sdk.OverloadedError):
            await client.messages.create(**ask("fault=529;"))
        return message.stop_reason

    assert story(told) == "end_turn"


def test_a_fault_nobody_knows_is_refused_with_those_that_are_known(story, ask):
    async def told(client, server):
        with pytest.raises(Exception, match="fault=flood: expected one of 400, 400again, 400ctx"):
            await client.messages.create(**ask("fault=flood;"))

    story(told)


@pytest.mark.parametrize(
    ("raw", "read"),
    [('{"path": "a", "lines": }', {"path": "a"}), ('{"path": "a', {}), ("[1]", [1])],
)
def test_broken_tool_json_goes_out_as_it_is_told(story, ask, raw, read):
    async def told(client, server):
        stream = await client.messages.create(**ask(f"tool=Read{raw};"), stream=True)
        pieces = [e.delta.partial_json async for e in stream if e.type == "content_block_delta"]
        whole = await client.messages.create(**ask(f"tool=Read{raw};"))
        return "".join(pieces), whole.content[0].input

    sent, whole = story(told)
    assert sent == raw
    assert whole == {}
