"""Counts the calls of a run by end state."""

from __future__ import annotations

from collections import Counter

from hocket.api.calls import EndState

MOST_LOG_LINES = 10_000
"""More lines of a script's log in one run are counted and not shown."""


class Census:
    """Every call asked for is counted once, under one end state."""

    def __init__(self) -> None:
        self._counts: Counter[EndState] = Counter()
        self._log_lines = 0
        self.script_errors = 0
        """Items of `parallel` and `pipeline` that raised; they are not calls."""

    def begin_again(self) -> None:
        """Forget all counts: the script starts from the top, and replays are counted anew."""
        self._counts.clear()
        self._log_lines = self.script_errors = 0

    @property
    def total(self) -> int:
        """How many calls have ended."""
        return self._counts.total()

    def add(self, state: EndState, *, replayed: bool = False) -> None:
        """Count a call; a replayed answer is `cached`, while a replayed skip stays a skip."""
        cached = replayed and state is EndState.OK
        self._counts[EndState.CACHED if cached else state] += 1

    def script_error(self) -> None:
        """Count an item that raised."""
        self.script_errors += 1

    def log_line(self) -> bool:
        """Count a line of the script's log; False when it is one too many to show."""
        self._log_lines += 1
        return self._log_lines <= MOST_LOG_LINES

    def as_dict(self) -> dict[str, int]:
        """Give the counts that are not zero, in the order of EndState; they add up to `total`."""
        return {state.value: self._counts[state] for state in EndState if self._counts[state]}

    @property
    def notes(self) -> tuple[str, ...]:
        """Say what was counted beside the calls."""
        errors, unseen = self.script_errors, self._log_lines - MOST_LOG_LINES
        told = (
            f"script errors {errors}: items of parallel or pipeline that raised" if errors else "",
            f"{unseen:,} more log lines were not shown" if unseen > 0 else "",
        )
        return tuple(filter(None, told))

    def sentence(self) -> str:
        """Say it to a person: what was answered first, then the failures, most frequent first."""
        counts = self.as_dict()
        answered = [state for state in (EndState.OK, EndState.CACHED) if state in counts]
        failed = sorted(counts.keys() - set(answered), key=lambda state: (-counts[state], state))
        parts = [f"{state} {counts[state]}" for state in (*answered, *failed)]
        if self.script_errors:
            parts.append(f"script errors {self.script_errors}")
        return " · ".join(parts) or "no calls"
