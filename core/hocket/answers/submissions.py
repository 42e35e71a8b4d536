"""Counts what an agent offers as its answer, and says what to do next in the same conversation."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hocket.answers.validator import Validator, validator
from hocket.api.calls import EndState, Outcome, Submission

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import JsonValue

    from hocket.answers.keywords import Schema
    from hocket.answers.misfits import Misfit
    from hocket.api.calls import Check, Usage

__all__ = ["Submissions", "Validator"]

MOST_SUBMISSIONS = 5
SCHEMA_AGAIN = 3
CHECK_TAIL = 4_000
EMPTY = "Your final text was empty. Give your answer as text now."
MISSING = "You ended without giving an answer. Give it now, as an object that fits the schema:"
HOLLOW = "Your answer fits the schema but says nothing. Give it again, with real content."
TAKEN = Submission(accepted=True)
ENOUGH = Submission(accepted=False)


class Submissions:
    """The answers one call offers: five in all, whatever was wrong with them."""

    def __init__(self, schema: Schema | None) -> None:
        self._validator = None if schema is None else validator(schema)
        self.count = self.checked = 0
        self.accepted = self.exhausted = False
        self.value: JsonValue = None
        self.cause: str | None = None
        self.last_object: JsonValue = None
        self.raw_text: str | None = None
        self._reminded = self._hollow = self._fits = False
        self._notes: tuple[str, ...] = ()

    @property
    def partial(self) -> JsonValue:
        """What is kept of a call that never gave a valid answer."""
        return self.raw_text if self.last_object is None else self.last_object

    def offer(self, answer: JsonValue) -> Submission:
        """Judge an answer; the first accepted one stands."""
        if self.accepted or self.exhausted:
            return TAKEN if self.accepted else ENOUGH
        self.count += 1
        if self._validator is None:
            return self._offer_text(answer if isinstance(answer, str) else json.dumps(answer))
        value, misfits = self._validator.check(answer)
        self._keep(value)
        if misfits:
            return self._refuse(misfits[0].rule, complaint(self._validator, misfits, self.count))
        self.value, self._fits = value, True
        hollow = self._validator.looks_empty(value) and not self._hollow
        if hollow and self.count < MOST_SUBMISSIONS:
            self._hollow = True
            return Submission(accepted=False, complaint=HOLLOW)
        self.accepted = True
        return TAKEN

    def refuse(self, rule: str) -> Submission:
        """Judge something that is no JSON value at all."""
        if self.accepted or self.exhausted:
            return TAKEN if self.accepted else ENOUGH
        self.count += 1
        return self._refuse(rule, f"Your answer could not be read: {rule}.")

    def missing(self) -> Submission:
        """Judge an end without an answer: one reminder, then it is final."""
        if self._validator is None:
            return self.offer("")
        if self.accepted or self.exhausted:
            return self.offer(None)
        self.count += 1
        if self._reminded or self.count >= MOST_SUBMISSIONS:
            self.cause = (
                "no answer given, after a reminder" if self._reminded else "no answer given"
            )
            self.exhausted = True
            return ENOUGH
        self._reminded = True
        return Submission(accepted=False, complaint=f"{MISSING}\n{_text(self._validator.schema)}")

    def failed_check(self, check: Check, exit_code: int, output: str) -> Submission:
        """Take an accepted answer back because its check failed."""
        self.checked += 1
        self.accepted = self._fits = False
        times = "once" if self.checked == 1 else f"{self.checked} times"
        self.cause = f'check "{check.name}" failed {times} (exit {exit_code})'
        if self.checked >= check.tries or self.count >= MOST_SUBMISSIONS:
            self.exhausted = True
            return ENOUGH
        return Submission(accepted=False, complaint=f"{self.cause}:\n{output[-CHECK_TAIL:]}")

    def conclude(self, outcome: Outcome, *, usage: Usage, tries: int) -> Outcome:
        """Give the call's end: an accepted answer stands, else the backend's word does."""
        notes, label = (*outcome.notes, *self._notes), outcome.label
        if self.accepted or (self._fits and outcome.state is EndState.OK):
            return Outcome(EndState.OK, self.value, None, None, usage, tries, notes, label=label)
        if self.exhausted or outcome.state is EndState.OK:
            cause = self.cause or "no answer given"
            partial = outcome.partial if self.partial is None else self.partial
            end = (EndState.INVALID, None, cause, partial)
            return Outcome(*end, usage, tries, notes, label=label)
        partial = self.partial if outcome.partial is None else outcome.partial
        kept = (outcome.state, outcome.value, outcome.cause, partial)
        return Outcome(*kept, usage, tries, notes, label=label)

    def _offer_text(self, text: str) -> Submission:
        """Take a text as it is, but ask once more for an empty one."""
        blank = not text.strip()
        self.value, self._fits = text, True
        self._notes = ("empty",) if blank else ()
        if blank and not self._reminded:
            self._reminded = True
            return Submission(accepted=False, complaint=EMPTY)
        self.accepted = True
        return TAKEN

    def _refuse(self, rule: str, words: str) -> Submission:
        times = "1 submission" if self.count == 1 else f"{self.count} submissions"
        self.cause = f"schema not met after {times} ({rule})"
        self._fits = False
        self.exhausted = self.count >= MOST_SUBMISSIONS
        return ENOUGH if self.exhausted else Submission(accepted=False, complaint=words)

    def _keep(self, value: JsonValue) -> None:
        if isinstance(value, dict):
            self.last_object = value
        elif isinstance(value, str):
            self.raw_text = value


def complaint(against: Validator, misfits: Sequence[Misfit], number: int) -> str:
    """Tell the agent what is wrong with a submission; from the third on, the schema again."""
    lines = [f"Submission {number} of {MOST_SUBMISSIONS} does not fit the schema:"]
    lines += [f"- {misfit}" for misfit in misfits]
    if number >= SCHEMA_AGAIN:
        lines += ["The schema again:", _text(against.schema)]
    return "\n".join([*lines, "Give the whole answer again."])


def _text(schema: Schema) -> str:
    return json.dumps(schema, ensure_ascii=False)
