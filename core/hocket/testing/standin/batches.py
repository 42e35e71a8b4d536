"""Message batches: taken now, answered when their time has come."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hocket.testing.standin.forms import objects, table, text
from hocket.testing.standin.limits import timestamp
from hocket.testing.standin.refusals import Refusal, invalid

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import JsonValue

    from hocket.api.calls import JsonObject
    from hocket.api.clock import Clock

DAY_MS = 86_400_000
PAGE = 20


@dataclass(slots=True, kw_only=True)
class Batch:
    """Requests that wait, or their results."""

    id: str
    requests: list[JsonObject]
    created_ms: int
    due_s: float
    ended_ms: int | None = None
    cancelled_ms: int | None = None
    results: list[JsonObject] = field(default_factory=list["JsonObject"])

    def described(self, host: str) -> JsonObject:
        """Give the batch as its endpoint does."""
        status = "canceling" if self.cancelled_ms is not None else "in_progress"
        counts: JsonObject = dict.fromkeys(("succeeded", "errored", "canceled", "expired"), 0)
        for result in self.results:
            kind = text(table(result["result"]).get("type"))
            counts[kind] = sum(table(r["result"]).get("type") == kind for r in self.results)
        counts["processing"] = len(self.requests) - len(self.results)
        ended = self.ended_ms is not None
        return {
            "id": self.id,
            "type": "message_batch",
            "processing_status": "ended" if ended else status,
            "request_counts": counts,
            "created_at": timestamp(self.created_ms),
            "expires_at": timestamp(self.created_ms + DAY_MS),
            "ended_at": None if self.ended_ms is None else timestamp(self.ended_ms),
            "cancel_initiated_at": None
            if self.cancelled_ms is None
            else timestamp(self.cancelled_ms),
            "archived_at": None,
            "results_url": f"http://{host}/v1/messages/batches/{self.id}/results"
            if ended
            else None,
        }


class Batches:
    """All batches of a server; `answer` gives the reply to one request or raises Refusal."""

    def __init__(
        self, clock: Clock, answer: Callable[[JsonObject], JsonObject], takes_s: float
    ) -> None:
        self._clock = clock
        self._answer = answer
        self._takes_s = takes_s
        self._batches: dict[str, Batch] = {}
        self._made = 0

    def create(self, body: JsonObject) -> Batch:
        """Take a batch; raises Refusal when its requests cannot be told apart."""
        requests = objects(body.get("requests"))
        names = [text(request.get("custom_id")) for request in requests]
        if not requests:
            raise invalid("requests: at least one request is required")
        if len({*names}) < len(names) or "" in names:
            raise invalid("requests: custom_id must be given and unique")
        self._made += 1
        batch = Batch(
            id=f"msgbatch_{self._made:024d}",
            requests=requests,
            created_ms=self._clock.wall_ms(),
            due_s=self._clock.monotonic() + self._takes_s,
        )
        self._batches[batch.id] = batch
        return batch

    def find(self, name: str) -> Batch:
        """Give a batch, ended if its time has come; raises Refusal for none of that name."""
        batch = self._batches.get(name)
        if batch is None:
            raise Refusal(404, "not_found_error", f"batch {name} not found")
        if batch.ended_ms is None and self._clock.monotonic() >= batch.due_s:
            gone: JsonObject = {"type": "canceled"}
            for request in batch.requests:
                result = self._result(request) if batch.cancelled_ms is None else gone
                batch.results.append({"custom_id": request["custom_id"], "result": result})
            batch.ended_ms = self._clock.wall_ms()
        return batch

    def page(self, host: str) -> JsonObject:
        """List the newest batches."""
        names = list(reversed(self._batches))[:PAGE]
        data: list[JsonValue] = [self._batches[name].described(host) for name in names]
        first, last = (names[0], names[-1]) if names else (None, None)
        return {"data": data, "has_more": False, "first_id": first, "last_id": last}

    def cancel(self, name: str) -> Batch:
        """Answer nothing of it any more; what has ended stays as it is."""
        batch = self.find(name)
        if batch.ended_ms is None:
            batch.cancelled_ms = self._clock.wall_ms()
            batch.due_s = self._clock.monotonic()
        return batch

    def delete(self, name: str) -> JsonObject:
        """Forget a batch that has ended; raises Refusal for one that has not."""
        if self.find(name).ended_ms is None:
            raise invalid(f"batch {name} has not ended")
        del self._batches[name]
        return {"id": name, "type": "message_batch_deleted"}

    def _result(self, request: JsonObject) -> JsonObject:
        try:
            return {"type": "succeeded", "message": self._answer(table(request.get("params")))}
        except Refusal as refusal:
            error: JsonObject = {"type": refusal.kind, "message": refusal.message}
            wrapped: JsonObject = {"type": "error", "error": error, "request_id": None}
            return {"type": "errored", "error": wrapped}
