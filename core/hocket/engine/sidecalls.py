"""Host calls that are no agents: nested workflows, patterns, questions, reveal.

Each is committed like a call, under a key of its own, so that a resume neither asks a
person twice nor runs a finished child again.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from hocket.api.approval import Judgement, Question, Verdict
from hocket.api.events import Logged
from hocket.api.scripts import Settle
from hocket.engine import ceilings, keys
from hocket.engine.decisions import Decisions
from hocket.engine.faults import ScriptFault
from hocket.engine.place import Inside
from hocket.errors import StorageLost
from hocket.journal import entries
from hocket.journal.log import ArtifactMissing

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Awaitable, Callable

    from pydantic import JsonValue

    from hocket.api.ceiling import Ceiling
    from hocket.api.scripts import HostCall, Spent
    from hocket.engine.children import Children
    from hocket.engine.driver import Driver
    from hocket.engine.patterns import Patterns
    from hocket.engine.questions import Questions
    from hocket.engine.services import Services
    from hocket.journal.index import Position

    Payload = dict[str, JsonValue]


class SideCalls:
    """Answers everything but `agent` and `attempt`."""

    def __init__(
        self,
        services: Services,
        questions: Questions,
        children: Children,
        patterns: Patterns,
        lost: Callable[[StorageLost], None],
    ) -> None:
        self._services = services
        self._questions = questions
        self._children = children
        self._patterns = patterns
        self._lost = lost
        self._occurrences: Counter[str] = Counter()
        self._tasks: asyncio.TaskGroup
        self._running: set[asyncio.Task[None]] = set()

    def begin_again(self, tasks: asyncio.TaskGroup) -> None:
        """Start a life of the script: its side calls are tasks of this group."""
        self._occurrences.clear()
        self._children.begin_again()
        self._tasks = tasks

    def abandon(self) -> None:
        """Give up what still runs: the script that asked is gone."""
        for task in self._running:
            task.cancel()

    def ask(self, driver: Driver, message: HostCall) -> None:
        """Answer from the journal, or run; TypeError when the call makes no sense."""
        if message.op == "reveal":
            value = self._revealed(message.payload.get("handle"), driver.script.ceiling)
            driver.delivery.at_once(Settle(message.id, value))
            return
        key, run = self._plan(driver, message)
        occurrence = self._occurrences[key]
        self._occurrences[key] += 1
        position = self._services.past.find(key, occurrence, skipped=True)
        if position is not None and self._is_whole(position, message, driver):
            return
        task = self._tasks.create_task(self._run(driver, message, (key, occurrence), run))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    def _plan(
        self, driver: Driver, message: HostCall
    ) -> tuple[str, Callable[[Inside], Awaitable[JsonValue]]]:
        payload, named = message.payload, self._services.seals.named
        if message.op == "workflow":
            child = self._children.find(driver, payload)
            asked: Payload = {"op": "workflow", "script": child.digest, "args": payload.get("args")}
            key = keys.key(asked, named)
            return key, lambda inside: self._children.run(driver, child, payload, inside)
        if message.op == "pattern":
            bound = self._patterns.bind(driver, payload)
            return bound.key, lambda inside: self._patterns.run(driver, bound, inside)
        question = _question(payload)
        asked = {"op": "ask", "question": question.text, "options": [*question.options]}
        key = keys.key(asked, named)
        return key, lambda _inside: self._ask(question)

    def _revealed(self, handle: JsonValue, ceiling: Ceiling | None) -> JsonValue:
        """Open a handle for a script, which taints the run; other text stays what it is.

        It needs no record: what a handle stands for is kept, and is the same on every replay.
        """
        services = self._services
        if not services.seals.issued(handle):
            return handle
        if not ceilings.may_reveal(ceiling):
            denied = Judgement(Verdict.DENY, ceilings.REVEAL)
            Decisions(services.journal, services.redactor).of_script("reveal()", denied)
            raise ScriptFault("AgentError", f"refused: {ceilings.REVEAL}")
        try:
            value = services.seals.revealed(handle)
        except LookupError as lost:
            raise ScriptFault("RuntimeError", f"reveal: {lost.args[0]}") from None
        services.access.taint("reveal()")
        return value

    def _is_whole(self, position: Position, message: HostCall, driver: Driver) -> bool:
        """Answer from the record if nothing inside failed; else what is inside runs again."""
        journal = self._services.journal
        record = journal.load(position)
        if record.payload.get("failed"):
            return False
        try:
            value = journal.value(record.payload)
        except ArtifactMissing as missing:
            self._services.tell(Logged(f"{message.op}: {missing}; it runs again", "warn"))
            return False
        spent = entries.read_spent(record.payload)
        asked = record.payload.get("asked")
        for _ in range(asked if isinstance(asked, int) else 0):
            self._services.ledger.count()
            driver.around.tally.count()
        self._remark(message, value)
        self._services.access.sealed.update(entries.read_sealed(record.payload))
        settle = Settle(message.id, driver.seen(value), spent=spent)
        driver.delivery.committed(position.record, message.id, lambda: settle)
        return True

    async def _run(
        self,
        driver: Driver,
        message: HostCall,
        identity: tuple[str, int],
        run: Callable[[Inside], Awaitable[JsonValue]],
    ) -> None:
        inside = Inside()
        try:
            value = await run(inside)
        except ScriptFault as error:
            driver.failed += 1
            driver.delivery.live(
                Settle(message.id, fault=error.fault, spent=self._services.ledger.spent)
            )
            return
        except StorageLost as lost:
            self._lost(lost)
            return
        self._remark(message, value)
        driver.asked += inside.asked
        driver.failed += inside.failed
        try:
            spent = await self._commit(message, identity, value, inside)
        except StorageLost as lost:
            self._lost(lost)
            return
        driver.delivery.live(Settle(message.id, driver.seen(value), spent=spent))

    def _remark(self, message: HostCall, value: JsonValue) -> None:
        if message.op == "pattern":
            self._services.remarks.hear(str(message.payload.get("name")), value)

    async def _commit(
        self, message: HostCall, identity: tuple[str, int], value: JsonValue, inside: Inside
    ) -> Spent:
        """Write the end of a side call; gives the totals that its record carries."""
        services, (key, occurrence) = self._services, identity
        spent = services.ledger.spent
        record: Payload = {
            "op": message.op,
            "key": key,
            "occ": occurrence,
            "state": "ok",
            **services.journal.keep(value),
            "asked": inside.asked,
            "failed": inside.failed,
            "spent": {"tokens": spent.tokens, "micros": spent.cost_micros},
        }
        if sealed := services.seals.issued(value):
            record["sealed"] = {**sealed}
        position = services.journal.append("ended", record)
        services.past.remember(key, occurrence, position)
        await services.journal.durable()
        return spent

    async def _ask(self, question: Question) -> JsonValue:
        answer = await self._questions.ask(question)
        if answer is not None:
            return answer
        if question.default is None:
            raise ScriptFault("AgentError", f"refused: nobody could answer: {question.text[:200]}")
        self._services.tell(Logged(f"ask: nobody could answer; took {question.default!r}", "note"))
        return question.default


def _question(payload: Payload) -> Question:
    text, options, default = (payload.get(name) for name in ("question", "options", "default"))
    if not isinstance(text, str) or not text:
        raise TypeError("ask(question): must be a text that is not empty")
    choices = _choices(options)
    if default is not None and not isinstance(default, str):
        raise TypeError("ask(default): must be a text")
    if choices and default is not None and default not in choices:
        raise TypeError(f"ask(default): {default!r} is not one of the options")
    digest = keys.digest(f"{text}\n{choices}")
    return Question(kind="ask", text=text, digest=digest, options=choices, default=default)


def _choices(options: JsonValue) -> tuple[str, ...]:
    most = 12
    if options is None:
        return ()
    if not isinstance(options, list) or not 1 <= len(options) <= most:
        raise TypeError(f"ask(options): must be a list of 1 to {most} texts")
    if not all(isinstance(option, str) for option in options):
        raise TypeError(f"ask(options): must be a list of 1 to {most} texts")
    return tuple(map(str, options))
