"""The backend that remembers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.calls import Bound, EndState, Outcome, Usage
from hocket_plugins.backends.replay.recording import Lost

if TYPE_CHECKING:
    from hocket.api.calls import Call
    from hocket.api.protocols import CallContext
    from hocket_plugins.backends.replay.recording import Recording


class ReplayBackend:
    """Answers a call as a recorded run did; a call it does not know is an error."""

    name = "replay"
    has_workspace = False
    checks_pass = True

    def __init__(self, recording: Recording | None) -> None:
        self._recording = recording

    def bound(self, call: Call) -> Bound:
        """Give exactly what the call used."""
        usage = self._recorded(call).usage
        return Bound(usage.output, usage.cost_micros)

    async def run(self, call: Call, context: CallContext) -> Outcome:
        """Give the recorded end, and book the recorded usage."""
        outcome = self._recorded(call)
        if outcome.usage != Usage():
            context.spend(outcome.usage)
        return outcome

    async def aclose(self) -> None:
        """Nothing is held open."""

    def _recorded(self, call: Call) -> Outcome:
        if self._recording is None:
            return _error("no recorded run was named; add --replay RUN")
        try:
            outcome = self._recording.find(call.key, call.occurrence)
        except Lost as lost:
            return _error(f"{lost}")
        which = f"call {call.number} (key {call.key[:12]}, occurrence {call.occurrence})"
        return outcome or _error(f"no recorded answer for {which}")


def _error(cause: str) -> Outcome:
    return Outcome(EndState.ERROR, cause=f"replay: {cause}")
