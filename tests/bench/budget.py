"""Runs many random traces against the ledger: `python tests/bench/budget.py --traces 10000`.

A trace is a budget, 1 to 200 calls sixteen at once, worst cases per turn, real usage below
them, growth, failures, missing usage, cancellations and kills, in any order. Prints one line
and exits with 1 when a budget was overshot, a call was refused without need, money leaked, or
somebody waited for ever.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import random
import sys
import time
from dataclasses import dataclass, field

from hocket.api.calls import Bound, Usage
from hocket.engine.ledger import Ledger, Reservation

CAP = 16


@dataclass
class Trace:
    """One run over its lives, and what was seen to go wrong in it."""

    dice: random.Random
    tokens: int | None
    micros: int | None
    billed: list[int] = field(default_factory=lambda: [0, 0])
    wrong: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(("overshoot", "needless", "leaked", "stuck"), 0)
    )
    steps: int = 0
    refused: int = 0

    def look(self, ledger: Ledger) -> None:
        """Check the invariant after a step."""
        self.steps += 1
        spent = ledger.spent
        tokens = spent.tokens + ledger.reserved_tokens
        micros = spent.cost_micros + ledger.reserved_micros
        over = self.tokens is not None and tokens > self.tokens
        over |= self.micros is not None and micros > self.micros
        over |= self.billed[0] > spent.tokens or self.billed[1] > spent.cost_micros
        over |= min(ledger.reserved_tokens, ledger.reserved_micros) < 0
        self.wrong["overshoot"] += over or ledger.breach is not None

    def fits_alone(self, bound: Bound, ledger: Ledger) -> bool:
        """Whether the bound would fit with nothing running; said without the ledger's own rule."""
        tokens, micros = ledger.spent.tokens, ledger.spent.cost_micros
        fits = self.tokens is None or tokens + bound.output <= self.tokens
        return fits and (self.micros is None or micros + (bound.cost_micros or 0) <= self.micros)

    def bound(self) -> Bound:
        """Draw the worst case of a turn; now and then one that hardly fits."""
        output = self.dice.choice((10, 100, 1_000, 8_000, self.tokens or 0))
        return Bound(self.dice.randint(0, output), self.dice.randint(0, 3 * output))

    async def idle(self) -> None:
        """Let others go on, for a random while."""
        for _ in range(self.dice.randint(0, 3)):
            await asyncio.sleep(0)

    def bill(self, held: Bound) -> Usage:
        """Draw what a turn really costs: never above its bound."""
        usage = Usage(
            output=self.dice.randint(0, held.output),
            cost_micros=self.dice.randint(0, held.cost_micros or 0),
        )
        self.billed[0] += usage.output
        self.billed[1] += usage.cost_micros or 0
        return usage

    async def call(self, ledger: Ledger) -> None:
        """One call from its first reservation to its end."""
        bound = self.bound()
        reservation = await ledger.reserve(bound)
        self.look(ledger)
        if reservation is None:
            self.refused += 1
            self.wrong["needless"] += self.fits_alone(bound, ledger)
            return
        try:
            await self.turns(ledger, reservation)
        except asyncio.CancelledError:
            # The provider bills a cancelled turn; its usage never came.
            reservation.spend_all()
            raise
        finally:
            reservation.release()
            self.look(ledger)

    async def turns(self, ledger: Ledger, reservation: Reservation) -> None:
        """Spend and grow, turn by turn."""
        for _ in range(self.dice.randint(1, 4)):
            await self.idle()
            if self.dice.random() < 0.1:
                reservation.spend_all()
            else:
                reservation.spend(self.bill(reservation.held))
            self.look(ledger)
            await self.idle()
            if self.dice.random() < 0.2 or not reservation.grow(self.bound()):
                return
            self.look(ledger)

    async def life(self, calls: int, spent: tuple[int, int]) -> tuple[int, int]:
        """One process: it works the calls off, or is killed; gives what its journal would say."""
        ledger = Ledger(cap=CAP, total=1_000, tokens=self.tokens, micros=self.micros)
        ledger.charge(*spent)
        kill_at = self.dice.choice((None, self.dice.randint(1, 400)))
        running: dict[asyncio.Task[None], int] = {}
        async with asyncio.TaskGroup() as group:
            for turn in range(100_000):
                while calls and ledger.slot():
                    calls -= 1
                    task = group.create_task(self.call(ledger))
                    running[task] = calls
                    task.add_done_callback(running.pop)
                    task.add_done_callback(lambda _: ledger.give_slot())
                if turn == kill_at:
                    kept = ledger.spent.tokens + ledger.reserved_tokens
                    kept_micros = ledger.spent.cost_micros + ledger.reserved_micros
                    for task in running:
                        task.cancel()
                    return kept, kept_micros
                if not running and not calls:
                    break
                if running and self.dice.random() < 0.05:
                    self.dice.choice(list(running)).cancel()
                await asyncio.sleep(0)
            else:
                self.wrong["stuck"] += 1
                for task in running:
                    task.cancel()
        self.wrong["leaked"] += ledger.reserved_tokens != 0 or ledger.reserved_micros != 0
        self.wrong["overshoot"] += ledger.most_running > CAP
        return ledger.spent.tokens, ledger.spent.cost_micros


async def one(seed: int) -> Trace:
    """Run one trace: two lives at most."""
    dice = random.Random(seed)
    tokens = dice.choice((None, dice.randint(0, 2_000), dice.randint(0, 200_000)))
    micros = dice.choice((None, dice.randint(0, 5_000), dice.randint(0, 500_000)))
    trace = Trace(dice, tokens, micros)
    calls = dice.randint(1, 200)
    spent = await trace.life(calls, (0, 0))
    await trace.life(calls // 2, spent)
    return trace


def run(traces: int, seed: int) -> dict[str, int]:
    """Run traces with seeds from `seed` on; all but the first three counts are 0 when well."""
    result = {"traces": traces, "steps": 0, "refused": 0}
    with contextlib.closing(asyncio.new_event_loop()) as loop:
        for number in range(traces):
            trace = loop.run_until_complete(one(seed + number))
            result["steps"] += trace.steps
            result["refused"] += trace.refused
            for kind, count in trace.wrong.items():
                result[kind] = result.get(kind, 0) + count
                if count:
                    result.setdefault("first_bad_seed", seed + number)
    return result


def main() -> int:
    """Say in one line how it went."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--traces", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    start = time.monotonic()
    result = run(options.traces, options.seed)
    words = " · ".join(f"{name} {count:,}" for name, count in result.items())
    print(f"budget: {words} · {time.monotonic() - start:.1f} s")
    return int(any(result[kind] for kind in ("overshoot", "needless", "leaked", "stuck")))


if __name__ == "__main__":
    sys.exit(main())
