"""Which path gives what: the two wires, and the doors for tests (`/__log`, `/__stats`, …)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeAlias

from hocket.testing.standin import heads, wire_anthropic, wire_openai
from hocket.testing.standin.batches import Batches
from hocket.testing.standin.exchange import at_once, exchange
from hocket.testing.standin.forms import sent, table, whole
from hocket.testing.standin.refusals import Refusal, invalid
from hocket.testing.standin.strict import parameters

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pydantic import JsonValue

    from hocket.api.calls import JsonObject
    from hocket.testing.standin.connection import Connection
    from hocket.testing.standin.heads import Request
    from hocket.testing.standin.state import State

LARGEST = 32 * 1024 * 1024
PAGE = 20
Handler: TypeAlias = "Callable[[Request], JsonValue]"


class Routes:
    """Answers every request of a connection; turns are streamed, all else is one JSON value."""

    def __init__(self, state: State, batch_s: float) -> None:
        self._state = state
        self._batches = Batches(state.clock, self._batched, batch_s)
        self._turns: dict[str, Callable[[Request, Connection], Awaitable[bool]]] = {
            "/v1/messages": self._messages,
            "/v1/chat/completions": self._completions,
        }
        self._doors: dict[str, Handler] = {
            "/__log": self._log,
            "/__stats": lambda _request: state.stats.counted(),
            "/__heal": self._heal,
            "/__reset": self._reset,
        }

    async def serve(self, connection: Connection) -> None:
        """Answer one request after the other until the client leaves or a fault ends it."""
        try:
            while (request := await connection.request()) is not None:
                if not await self._answer(request, connection):
                    break
                if request.headers.get("connection", "").lower() == "close":
                    break
        finally:
            connection.close()

    async def _answer(self, request: Request, connection: Connection) -> bool:
        path = request.path if request.path.startswith(("/v1/", "/__")) else f"/v1{request.path}"
        turn = self._turns.get(path) if request.method == "POST" else None
        try:
            if turn is not None:
                return await turn(request, connection)
            await self._send(connection, 200, self._value(request, path))
        except Refusal as refusal:
            await self._refuse(refusal, request, connection)
        return True

    async def _send(self, connection: Connection, status: int, value: JsonValue | bytes) -> None:
        body = value if isinstance(value, bytes) else sent(value)
        names = {"request-id": f"req_{self._state.next_number():024d}"}
        await connection.send(heads.head(status, heads.JSON, names, len(body)) + body)

    async def _refuse(self, refusal: Refusal, request: Request, connection: Connection) -> None:
        name = f"req_{self._state.next_number():024d}"
        is_ours = "anthropic-version" in request.headers or "x-api-key" in request.headers
        wire = wire_anthropic if is_ours or "/messages" in request.path else wire_openai
        body = sent(wire.refused(refusal, name))
        names = {"request-id": name, **refusal.headers}
        await connection.send(heads.head(refusal.status, heads.JSON, names, len(body)) + body)

    async def _messages(self, request: Request, connection: Connection) -> bool:
        """One turn on the Messages wire."""
        _check_headers(request)
        body = _body(request)
        state, beta = self._state, _is_beta(request)
        checked = parameters.check(body, state.catalogue, state.signer, beta=beta)
        asked = wire_anthropic.read(body, checked.parts)
        with exchange(state, asked, checked.model, request.path) as made:
            return await made.answer(connection)

    async def _completions(self, request: Request, connection: Connection) -> bool:
        """One turn on the chat-completions wire, which knows no model it would refuse."""
        body = _body(request)
        wire_openai.check(body)
        asked = wire_openai.read(body)
        model = self._state.catalogue.lend(asked.model)
        with exchange(self._state, asked, model, request.path) as made:
            return await made.answer(connection)

    def _batched(self, body: JsonObject) -> JsonObject:
        state = self._state
        checked = parameters.check(body, state.catalogue, state.signer, beta=True)
        asked = wire_anthropic.read({**body, "stream": False}, checked.parts)
        return at_once(exchange(state, asked, checked.model, "/v1/messages/batches"))

    def _value(self, request: Request, path: str) -> JsonValue | bytes:
        """Give what is no turn; raises Refusal for a path that leads nowhere."""
        if path in self._doors:
            return self._doors[path](request)
        if path.startswith("/v1/models") and request.method == "GET":
            return self._models(request, path.removeprefix("/v1/models").strip("/"))
        if path == "/v1/messages/count_tokens" and request.method == "POST":
            return self._count(request)
        if path.startswith("/v1/messages/batches"):
            return self._batch(request, path.removeprefix("/v1/messages/batches").strip("/"))
        raise Refusal(404, "not_found_error", f"{request.method} {request.path}: Not Found")

    def _count(self, request: Request) -> JsonObject:
        _check_headers(request)
        body, state = _body(request), self._state
        model = parameters.known_model(body, state.catalogue)
        parts = parameters.check_prompt(body, model, state.signer)
        return {"input_tokens": sum(part.tokens for part in parts)}

    def _models(self, request: Request, name: str) -> JsonObject:
        """Describe models in the words of the wire that asks."""
        known = self._state.catalogue
        if "anthropic-version" not in request.headers:
            return {"object": "list", "data": [_plain(model.name) for model in known.all()]}
        if name:
            model = known.find(name)
            if model is None:
                raise Refusal(404, "not_found_error", f"model: {name}")
            return model.described()
        models = [model.described() for model in known.all()]
        return _page(models, request)

    def _batch(self, request: Request, rest: str) -> JsonValue | bytes:
        """Create, list, show, cancel or delete batches, or give the results of one."""
        _check_headers(request)
        name, _, door = rest.partition("/")
        host, batches = request.headers.get("host", ""), self._batches
        if request.method == "DELETE":
            return batches.delete(name)
        if door == "results":
            return b"".join(sent(result) + b"\n" for result in batches.find(name).results)
        if not name and request.method == "GET":
            return batches.page(host)
        if not name:
            batch = batches.create(_body(request))
        else:
            batch = batches.cancel(name) if door == "cancel" else batches.find(name)
        return batch.described(host)

    def _log(self, request: Request) -> JsonValue:
        """Tell all requests from `since` on, with their bodies if `bodies` is given."""
        since = whole(_number(request.query.get("since")))
        bodies = "bodies" in request.query
        return [entry.told(with_body=bodies) for entry in self._state.stats.entries[since:]]

    def _heal(self, _request: Request) -> JsonObject:
        self._state.heal()
        return {"healed": True}

    def _reset(self, _request: Request) -> JsonObject:
        self._state.reset()
        return {"reset": True}


def _check_headers(request: Request) -> None:
    if "x-api-key" not in request.headers and "authorization" not in request.headers:
        raise Refusal(401, "authentication_error", "x-api-key header is required")
    if "anthropic-version" not in request.headers:
        raise invalid("anthropic-version: header is required")


def _is_beta(request: Request) -> bool:
    return "anthropic-beta" in request.headers or request.query.get("beta") == "true"


def _body(request: Request) -> JsonObject:
    if len(request.body) > LARGEST:
        raise Refusal(413, "request_too_large", "Request exceeds the maximum size")
    try:
        value: JsonValue = json.loads(request.body)
    except ValueError as cause:
        raise invalid(f"The request body is not valid JSON: {cause}") from None
    if not isinstance(value, dict):
        raise invalid("The request body is not a JSON object")
    return table(value)


def _plain(name: str) -> JsonObject:
    return {"id": name, "object": "model", "created": 0, "owned_by": "standin"}


def _page(models: list[JsonObject], request: Request) -> JsonObject:
    names = [model["id"] for model in models]
    after = request.query.get("after_id")
    start = names.index(after) + 1 if after in names else 0
    end = start + (whole(_number(request.query.get("limit"))) or PAGE)
    data: list[JsonValue] = [*models[start:end]]
    found = names[start:end] or [None]
    more = end < len(models)
    return {"data": data, "has_more": more, "first_id": found[0], "last_id": found[-1]}


def _number(value: str | None) -> JsonValue:
    return int(value) if value and value.isdecimal() else None
