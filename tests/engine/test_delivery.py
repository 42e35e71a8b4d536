"""Order: a replay takes the path of the first time, whatever the latencies and barriers are."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from hocket.api.scripts import Fault, Settle, Spent
from hocket.engine.delivery import MOST_AT_ONCE, Delivery
from hocket.testing import run

STEPS = st.tuples(st.integers(1, 4), st.booleans(), st.sampled_from(["agent", "agent", "at once"]))
SCRIPTS = st.lists(st.lists(STEPS, min_size=1, max_size=4), min_size=1, max_size=4)
"""Chains that run side by side; each step asks for so many calls, as a barrier or not."""


@dataclass
class Life:
    """One life of a script whose chains note what all of them saw so far."""

    script: list[list[tuple[int, bool, str]]]
    journal: dict[str, int]
    chance: object
    commits: int
    """How many calls may still be committed before the process dies."""
    path: list[str] = field(default_factory=list)
    delivery: Delivery = field(default_factory=Delivery)
    names: dict[int, tuple[int, int, str]] = field(default_factory=dict)
    waiting: list[int] = field(default_factory=list)
    left: dict[tuple[int, int], int] = field(default_factory=dict)
    ready: int = 0

    async def live(self):
        for chain in range(len(self.script)):
            self.ask(chain, 0)
        while self.delivery.open:
            if not self.commit_some():
                return self
            for settle in await self.delivery.next():
                self.ready -= 1
                self.hear(settle)
        return self

    def ask(self, chain, step):
        count, barrier, kind = self.script[chain][step]
        self.left[chain, step] = count
        ids = range(len(self.names), len(self.names) + count)
        if barrier and kind == "agent":
            self.delivery.barrier(tuple(ids))
        for number, call in enumerate(ids):
            name = f"{chain}.{step}.{number}"
            self.path.append(name)
            self.names[call] = (chain, step, name)
            self.delivery.expect(call, name)
            self.offer(call, name, kind)

    def offer(self, call, name, kind):
        settle = Settle(call, name, spent=Spent(len(self.journal)))
        if kind == "at once":
            self.delivery.at_once(settle)
        elif name in self.journal:
            record = self.journal[name]
            self.delivery.committed(record, call, lambda: settle)
        else:
            self.waiting.append(call)
            return
        self.ready += 1

    def commit_some(self):
        """Commit by chance, in any order; False when nothing can come any more."""
        while self.waiting and self.commits and (not self.ready or self.chance.random() < 0.4):
            call = self.waiting.pop(self.chance.randrange(len(self.waiting)))
            name = self.names[call][2]
            self.journal[name] = len(self.journal)
            self.delivery.live(Settle(call, name))
            self.commits -= 1
            self.ready += 1
        return self.ready > 0

    def hear(self, settle):
        chain, step, name = self.names[settle.id]
        self.path.append(f"{name} heard")
        self.left[chain, step] -= 1
        if self.left[chain, step]:
            return
        assert not settle.quiet
        if step + 1 < len(self.script[chain]):
            self.ask(chain, step + 1)


@given(SCRIPTS, st.randoms(use_true_random=False), st.integers(0, 20))
def test_a_replay_takes_the_path_of_the_lives_before_it(script, chance, kept):
    journal = {}

    first = run(Life(script, journal, chance, kept).live())
    second = run(Life(script, journal, chance, 10_000).live())
    third = run(Life(script, journal, chance, 0).live())

    assert asked_in(second.path)[: len(asked_in(first.path))] == asked_in(first.path)
    assert third.path == second.path
    assert third.delivery.open == {}


def asked_in(path):
    return [entry for entry in path if not entry.endswith("heard")]


@given(st.permutations(range(6)))
def test_committed_results_come_by_record_and_live_ones_after_them(offered):
    delivery = Delivery()
    delivery.live(Settle(100))
    delivery.live(Settle(101))
    for record in offered:
        delivery.committed(record, record, lambda record=record: Settle(record))

    assert run(drained(delivery, 8)) == [[0], [1], [2], [3], [4], [5], [100], [101]]


async def drained(delivery, count):
    """Take so many results, in the groups in which they cross."""
    groups = []
    while sum(map(len, groups)) < count:
        groups.append([settle.id for settle in await delivery.next()])
    return groups


def test_answers_without_a_record_go_first_and_show_what_the_script_saw_before():
    delivery = Delivery()
    delivery.committed(1, 1, lambda: Settle(1, spent=Spent(70, 7)))

    async def main():
        first = await delivery.next()
        delivery.at_once(Settle(2, "now", spent=Spent(999, 999)))
        delivery.committed(2, 3, lambda: Settle(3, spent=Spent(80, 8)))
        return [*first, *await delivery.next(), *await delivery.next()]

    assert [(s.id, s.spent) for s in run(main())] == [
        (1, Spent(70, 7)),
        (2, Spent(70, 7)),
        (3, Spent(80, 8)),
    ]


def test_a_lost_value_is_passed_over():
    delivery = Delivery()
    delivery.committed(1, 1, lambda: None)
    delivery.committed(2, 2, lambda: Settle(2))

    assert run(drained(delivery, 1)) == [[2]]


def test_when_all_that_was_there_is_lost_it_waits_for_what_comes():
    delivery = Delivery()
    delivery.committed(1, 1, lambda: None)

    async def main():
        asyncio.get_running_loop().call_later(60, delivery.live, Settle(2))
        return await delivery.next()

    assert [settle.id for settle in run(main())] == [2]


def test_a_group_crosses_together_up_to_its_last_result():
    delivery = Delivery()
    delivery.barrier((1, 2, 3))
    for call in (3, 9, 1, 2):
        delivery.live(Settle(call))

    assert run(drained(delivery, 4)) == [[3, 9], [1, 2]]


def test_a_fault_is_never_quiet_and_a_group_ends_without_it():
    delivery = Delivery()
    delivery.barrier((1, 2, 3))
    delivery.live(Settle(1))
    delivery.live(Settle(2, fault=Fault("AgentError", "invalid: x")))
    delivery.live(Settle(3))

    assert run(drained(delivery, 3)) == [[1, 2], [3]]


def test_one_line_holds_no_more_than_its_most():
    count = MOST_AT_ONCE + 10
    live, replayed = Delivery(), Delivery()
    for delivery in (live, replayed):
        delivery.barrier(tuple(range(count)))
    for call in range(count):
        live.live(Settle(call))
        replayed.committed(call, call, lambda call=call: Settle(call))

    for delivery in (live, replayed):
        sizes = [len(group) for group in run(drained(delivery, count))]
        assert sizes == [MOST_AT_ONCE, 10]
