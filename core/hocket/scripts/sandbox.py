"""One script in one Monty worker, driven step by step; blocking, so it lives in a thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.scripts import (
    Batch,
    Emit,
    Fault,
    Frame,
    HostCall,
    HostCrashed,
    Raised,
    Returned,
    Spent,
)
from hocket.scripts import prelude, requests
from hocket.scripts.imports import served
from hocket.scripts.values import NotJson, to_json

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pydantic_monty import (
        ExternalSettledResult,
        FunctionSnapshot,
        FutureSnapshot,
        MontyComplete,
        MontySession,
        SyncSnapshot,
    )

    from hocket.api.scripts import Settle, Start

MICROS = 1_000_000
_NO_WORLD = "a script has no clock, chance, files or environment; pass what it needs through args"
_TOO_EARLY = "host functions may only be called while main() runs"
_KEPT = frozenset(
    (
        *("ArithmeticError", "AssertionError", "AttributeError", "Exception", "IndexError"),
        *("KeyError", "LookupError", "NameError", "NotImplementedError", "OverflowError"),
        *("RecursionError", "TypeError", "ValueError", "ZeroDivisionError"),
    )
)
"""Classes that a child's exception keeps on its way to the caller; any other is a RuntimeError."""


class Sandbox:
    """The script's side of the protocol: applies answers, collects what is asked until rest."""

    def __init__(self, session: MontySession, start: Start) -> None:
        self._session = session
        self._start = start
        self._spent = Spent()
        self._in_main = False
        self._open: set[int] = set()
        self._faults: dict[int, Fault] = {}
        self._messages: list[HostCall | Emit] = []
        self._barriers: list[tuple[int, ...]] = []
        self._waiting: FutureSnapshot

    def advance(self, settles: Sequence[Settle]) -> Batch:
        """Apply the answers, run the script to rest, and hand over all it asked for."""
        from pydantic_monty import MontyCrashedError, MontyError

        self._messages, self._barriers = [], []
        try:
            end = self._apply(settles) if self._in_main else self._begin()
        except MontyCrashedError as crash:
            raise HostCrashed(str(crash)) from crash
        except MontyError as error:
            end = _raised(error)
        return Batch(tuple(self._messages), tuple(self._barriers), end)

    def _begin(self) -> Returned | Raised | None:
        source = self._start.script.source
        names = (*prelude.HOST_FUNCTIONS, *self._start.patterns)
        hosts = {f"_api_{name}": _named(name) for name in names}
        hosts |= {
            f"_host_{name}": _named(f"_host_{name}") for name in ("spent", "raised", "barrier")
        }
        budget = self._start.budget
        usd = None if budget.cost_micros is None else budget.cost_micros / MICROS
        values = {"_args": self._start.args, "_tokens": budget.tokens, "_usd": usd}
        self._session.feed_run(prelude.SOURCE, inputs={**hosts, **values})
        self._run(self._session.feed_start(served(source), print_callback=self._printed))
        self._in_main = True
        return self._run(
            self._session.feed_start(prelude.MAIN, print_callback=self._printed),
        )

    def _apply(self, settles: Sequence[Settle]) -> Returned | Raised | None:
        """Resume once per answer, so that all work one answer makes possible comes before the next.

        Quiet answers make none possible: they share the resume of their successor.
        """
        end: Returned | Raised | None = None
        group: dict[int, ExternalSettledResult] = {}
        for settle in settles:
            self._open.discard(settle.id)
            group[settle.id] = _answer(settle)
            self._spent = settle.spent
            if settle.quiet:
                continue
            end = self._resume(group)
            group = {}
            if end is not None:
                return end
        return self._resume(group) if group else end

    def _resume(self, results: dict[int, ExternalSettledResult]) -> Returned | Raised | None:
        return self._run(self._waiting.resume(results))

    def _run(self, snapshot: SyncSnapshot) -> Returned | Raised | None:
        from pydantic_monty import FunctionSnapshot, FutureSnapshot, NameLookupSnapshot

        while True:
            if isinstance(snapshot, FunctionSnapshot):
                snapshot = self._called(snapshot)
            elif isinstance(snapshot, FutureSnapshot):
                if not self._faults:
                    self._waiting = snapshot
                    return None
                snapshot = snapshot.resume(self._local_faults())
            elif isinstance(snapshot, NameLookupSnapshot):
                snapshot = snapshot.resume()
            else:
                return self._returned(snapshot)

    def _called(self, snapshot: FunctionSnapshot) -> SyncSnapshot:
        name = str(snapshot.function_name)
        if snapshot.is_os_function:
            return snapshot.resume({"exc_type": "RuntimeError", "message": _NO_WORLD})
        if name.startswith("_host_"):
            return snapshot.resume({"return_value": self._inner(name[6:], snapshot.args)})
        if not self._in_main:
            return snapshot.resume(
                {"exc_type": "RuntimeError", "message": f"{name}(): {_TOO_EARLY}"}
            )
        if name in ("phase", "log"):
            return self._told(name, snapshot)
        return self._asked(name, snapshot)

    def _told(self, name: str, snapshot: FunctionSnapshot) -> SyncSnapshot:
        try:
            text = requests.told(name, snapshot.args, snapshot.kwargs)
        except TypeError as error:
            return snapshot.resume({"exc_type": "TypeError", "message": str(error)})
        self._messages.append(Emit("phase" if name == "phase" else "log", text))
        return snapshot.resume({"return_value": None})

    def _asked(self, name: str, snapshot: FunctionSnapshot) -> SyncSnapshot:
        """Note the call and give a future; wrong arguments raise at its await, not here."""
        call_id = snapshot.call_id
        self._open.add(call_id)
        try:
            fields = self._start.patterns.get(name)
            op, payload = requests.asked(name, snapshot.args, snapshot.kwargs, fields)
            self._messages.append(HostCall(call_id, op, payload))
        except TypeError as error:
            self._faults[call_id] = Fault("TypeError", str(error))
        return snapshot.resume({"future": ...})

    def _inner(self, name: str, args: tuple[object, ...]) -> int | float | None:
        if name == "spent":
            micros = self._spent.cost_micros
            return self._spent.tokens if args[0] == "tokens" else micros / MICROS
        if name == "barrier":
            # What is settled already, or only here, never passes the engine: do not wait for it.
            waited = self._open.difference(self._faults).intersection(requests.barrier(args[0]))
            self._barriers.append(tuple(sorted(waited)))
        else:
            where, index, kind, text = args
            self._messages.append(Emit("error", f"{where}[{index}]: {kind}: {text}"))
        return None

    def _local_faults(self) -> dict[int, ExternalSettledResult]:
        call_id, fault = self._faults.popitem()
        self._open.discard(call_id)
        return {call_id: _fault(fault)}

    def _printed(self, stream: str, text: str) -> None:
        del stream
        self._messages.extend(Emit("log", line) for line in text.splitlines())

    def _returned(self, complete: MontyComplete) -> Returned | Raised:
        notes: list[str] = []
        try:
            value = to_json(complete.output, "result", notes) if self._in_main else None
        except NotJson as error:
            return Raised(Fault("TypeError", f"the result is not JSON: {error}"))
        return Returned(value, tuple(sorted(self._open)), tuple(notes))


def _named(name: str) -> Callable[[], None]:
    """Make a host function: only its name crosses, since every call suspends the sandbox."""

    def host() -> None:
        """Stand for the name alone."""

    host.__name__ = name
    return host


def _answer(settle: Settle) -> ExternalSettledResult:
    return {"return_value": settle.value} if settle.fault is None else _fault(settle.fault)


def _fault(fault: Fault) -> ExternalSettledResult:
    return {
        "exc_type": fault.name if fault.name in _KEPT else "RuntimeError",  # type: ignore[typeddict-item]
        "message": fault.message,
    }


def _raised(error: Exception) -> Raised:
    """Name the error, the script's own frames, and the limit when it was one."""
    from pydantic_monty import MontyError, MontyRuntimeError

    inner = error.exception() if isinstance(error, MontyError) else error
    frames: tuple[Frame, ...] = ()
    if isinstance(error, MontyRuntimeError):
        frames = tuple(
            Frame(f.line, f.column, f.function_name or "<module>")
            for f in error.traceback()
            if f.filename == "<python-input-1>"
        )
    # The text of a KeyError is its key as code: a caller would get it with one more pair of quotes.
    text = str(inner.args[0]) if isinstance(inner, KeyError) and inner.args else str(inner)
    return Raised(Fault(type(inner).__name__, text), frames, _limit(type(inner).__name__, text))


def _limit(kind: str, text: str) -> str | None:
    if kind == "TimeoutError" and "time limit exceeded" in text:
        return "cpu"
    if kind == "MemoryError" and "memory limit exceeded" in text:
        return "memory"
    if kind == "RuntimeError" and text.startswith("suspension limit"):
        return "calls"
    return None
