"""Drives one script: answers what it asks for, until it returns, raises or is given up."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hocket.api.calls import EndState
from hocket.api.events import Logged, PhaseEntered
from hocket.api.scripts import Emit, Fault, HostCall, Raised, Returned, Settle, Start
from hocket.engine import requests
from hocket.engine.ceilings import may_see
from hocket.engine.delivery import Delivery
from hocket.engine.faults import ScriptFault
from hocket.engine.flight import sentence

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import JsonValue

    from hocket.api.calls import Call, Outcome
    from hocket.api.scripts import Batch, Script, ScriptHost
    from hocket.engine.calls import Calls
    from hocket.engine.flight import Answer, Receiver
    from hocket.engine.place import Place
    from hocket.engine.requests import Surroundings
    from hocket.engine.services import Services
    from hocket.engine.sidecalls import SideCalls

LOG_LINE = 16_384
"""A longer line of a script's log is cut."""
RAISING = frozenset(
    {
        EndState.INVALID,
        EndState.STALLED,
        EndState.REFUSED,
        EndState.OVER_BUDGET,
        EndState.OVER_CAP,
    }
)
"""End states that `agent()` raises; the others give None, and so does what was left out."""


class Driver:
    """One script process and the results on their way into it."""

    def __init__(
        self,
        script: Script,
        services: Services,
        calls: Calls,
        side: SideCalls,
        around: Surroundings,
        place: Place,
    ) -> None:
        self.script = script
        self.depth, self.title = place.depth, place.title
        self._services = services
        self._calls = calls
        self._side = side
        self.around = around
        self.args: JsonValue = None
        self.phase: str | None = place.title or None
        self.asked = 0
        """Calls of this script and its children: a child's record counts them again on replay."""
        self.failed = 0
        """Calls without a committed result: such a child runs again on replay."""
        self.delivery = Delivery()
        self._by_value = False

    def seen(self, value: JsonValue) -> JsonValue:
        """Give a value as this script gets it: handles, or all by value, which taints the run."""
        services = self._services
        if not self._by_value or not services.seals.issued(value):
            return value
        services.access.taint(f"{self.script.manifest.name}, which gets all answers by value")
        try:
            return services.seals.revealed(value)
        except LookupError as lost:
            self._log(f"{lost.args[0]}: its text is lost", "warn")
            return None

    async def drive(self, host: ScriptHost, start: Start) -> Returned | Raised:
        """Run the script to its end; raises HostCrashed when its process died."""
        self._by_value = host.by_value and may_see(self.script.ceiling)
        start = replace(start, args=self.seen(start.args))
        self.args = start.args
        async with host.open(start) as process:
            batch = await process.resume(())
            while batch.end is None:
                self._take(batch)
                if not self.delivery.open:
                    return Raised(Fault("RuntimeError", _DEADLOCK), limit="deadlock")
                if self._services.ledger.runaway:
                    return Raised(Fault("RuntimeError", _RUNAWAY), limit="runaway")
                batch = await process.resume(await self.delivery.next())
            self._take(batch)
            await self._let_finish(batch.end)
            return batch.end

    async def _let_finish(self, end: Returned | Raised) -> None:
        """Wait for the calls a returned script never awaited; those of one that raised end now."""
        if isinstance(end, Raised):
            mine = [f for f in self._calls.in_flight if any(map(self._asked, f.receivers))]
            self._calls.end(mine, EndState.CANCELLED, "the script that asked raised")
            return
        if not end.open:
            return
        labels = ", ".join(self.delivery.open.values())
        calls = "1 call was" if len(end.open) == 1 else f"{len(end.open)} calls were"
        self._log(f"{calls} never awaited: {labels}", "warn")
        while self.delivery.open:
            await self.delivery.next()

    def _asked(self, receiver: Receiver) -> bool:
        return isinstance(receiver, Asker) and receiver.driver is self

    def _take(self, batch: Batch) -> None:
        for group in batch.barriers:
            self.delivery.barrier(group)
        for message in batch.messages:
            if isinstance(message, Emit):
                self._hear(message)
            else:
                self._dispatch(message)

    def _hear(self, emit: Emit) -> None:
        if emit.op == "phase":
            self.phase = self._group(emit.text)
            self._services.tell(PhaseEntered(self.phase))
            return
        if emit.op == "error":
            state = emit.text.partition(": RuntimeError: ")[2].partition(":")[0]
            if state not in _STATES:
                self._services.census.script_error()
            self._log(emit.text, "error")
            return
        self._log(emit.text, "info" if emit.op == "log" else "note")

    def _group(self, title: str) -> str:
        return f"{self.title} · {title}" if self.title else title

    def _log(self, text: str, level: str) -> None:
        if not self._services.census.log_line():
            return
        prefix = f"[{self.script.manifest.name}] " if self.title else ""
        shown = text if len(text) <= LOG_LINE else text[:LOG_LINE] + "…"
        self._services.tell(Logged(prefix + shown, level))

    def _dispatch(self, message: HostCall) -> None:
        try:
            if message.op in ("agent", "attempt"):
                request = requests.read(message.payload, self.phase, self.around)
                self.delivery.expect(message.id, request.label)
                self.asked += 1
                self._calls.ask(request, Asker(self, message))
            else:
                self.delivery.expect(message.id, message.op)
                self._side.ask(self, message)
        except (TypeError, ValueError) as misuse:
            self._refuse(message, Fault(type(misuse).__name__, str(misuse)))
        except ScriptFault as error:
            self._refuse(message, error.fault)

    def _refuse(self, message: HostCall, fault: Fault) -> None:
        self.delivery.expect(message.id, message.op)
        self.delivery.at_once(Settle(message.id, fault=fault))


class Asker:
    """A script's `agent()` or `attempt()` waiting for its call."""

    def __init__(self, driver: Driver, message: HostCall) -> None:
        self.driver = driver
        self._id = message.id
        self._records = message.op == "attempt"

    def replayed(self, record: int, load: Callable[[], Answer | None]) -> None:
        """Line up in record order; the value is read when its turn has come."""

        def settle() -> Settle | None:
            answer = load()
            return None if answer is None else self._settle(answer)

        self.driver.delivery.committed(record, self._id, settle)

    def finished(self, answer: Answer) -> None:
        """Line up behind what was committed before."""
        if not answer.outcome.committed:
            self.driver.failed += 1
        self.driver.delivery.live(self._settle(answer))

    def _settle(self, answer: Answer) -> Settle:
        outcome, spent = answer.outcome, answer.spent
        seen = self.driver.seen
        if self._records:
            return Settle(self._id, seen(attempt_record(answer.call, outcome)), None, spent)
        if outcome.state in RAISING and not outcome.pruned:
            return Settle(self._id, None, Fault("AgentError", sentence(outcome)), spent)
        return Settle(self._id, seen(outcome.value), None, spent)


def attempt_record(call: Call, outcome: Outcome) -> dict[str, JsonValue]:
    """Give what `attempt()` shows of an outcome; the same now and on every replay."""
    usage = outcome.usage
    micros = usage.cost_micros
    return {
        "ok": outcome.state in (EndState.OK, EndState.CACHED),
        "value": outcome.value,
        "state": outcome.state.value,
        "cause": outcome.cause,
        "partial": outcome.partial,
        "usage": {
            "input": usage.input,
            "output": usage.output,
            "cached": usage.cache_read,
            "usd": None if micros is None else micros / 1_000_000,
            "tries": outcome.tries,
        },
        "call": call.identity,
        "changes": outcome.changes,
    }


_STATES = frozenset(state.value for state in EndState)
_DEADLOCK = "the script waits, and nothing it asked for is open"
_RUNAWAY = "10,000 calls ended over a cap or budget: the script does not stop asking"
