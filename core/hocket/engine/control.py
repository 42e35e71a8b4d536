"""What people may wish of a live run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.calls import EndState

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import JsonValue

    from hocket.engine.flight import Flight
    from hocket.engine.run import Run

    Wish = dict[str, JsonValue]

_SHORT_ID = 12


class Control:
    """Does what people wish of a live run."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._verbs: dict[str, Callable[[Wish], Wish]] = {
            "status": self._status,
            "stop": self._stop,
            "pause": self._pause,
            "go_on": self._go_on,
            "skip": self._skip,
            "restart": self._restart,
            "answer": self._answer,
        }

    def obey(self, wish: JsonValue) -> Wish:
        """Do one wish; the answer says what was wrong with a wish that made no sense."""
        verb = wish.get("verb") if isinstance(wish, dict) else None
        if not isinstance(wish, dict) or not isinstance(verb, str) or verb not in self._verbs:
            return _no(f"unknown wish {verb!r}; known: {', '.join(self._verbs)}")
        return self._verbs[verb](wish)

    def _status(self, _wish: Wish) -> Wish:
        flights = self._run.calls.in_flight
        running = [f.call.number for f in flights if f.task is not None]
        questions: list[JsonValue] = [
            {
                "id": q.digest[:_SHORT_ID],
                "text": q.text,
                "options": [*q.options],
                **(q.details or {}),
            }
            for q in self._run.questions.open
        ]
        return {
            "ok": True,
            "state": "paused" if self._run.paused else "running",
            "running": [*running],
            "waiting": len(flights) - len(running),
            "questions": questions,
        }

    def _stop(self, _wish: Wish) -> Wish:
        self._run.leave("stopped", "by a person")
        return {"ok": True}

    def _pause(self, _wish: Wish) -> Wish:
        self._run.pause()
        return {"ok": True}

    def _go_on(self, _wish: Wish) -> Wish:
        self._run.go_on()
        return {"ok": True}

    def _skip(self, wish: Wish) -> Wish:
        flight = self._flight(wish)
        if flight is None:
            return _no(f"call {wish.get('call')} is not in flight")
        self._run.calls.end([flight], EndState.SKIPPED, "by a person")
        return {"ok": True}

    def _restart(self, wish: Wish) -> Wish:
        flight = self._flight(wish)
        if flight is None or flight.task is None:
            return _no(f"call {wish.get('call')} is not running")
        flight.restart()
        return {"ok": True}

    def _answer(self, wish: Wish) -> Wish:
        wanted, answer = str(wish.get("question")), str(wish.get("answer"))
        found = [q for q in self._run.questions.open if wanted and q.digest.startswith(wanted)]
        if len(found) != 1:
            return _no(f"no question {wanted} is open")
        if not self._run.questions.answer(found[0].digest, answer):
            options = ", ".join(found[0].options)
            return _no(f"{answer!r} is no answer to it; expected one of {options}")
        return {"ok": True}

    def _flight(self, wish: Wish) -> Flight | None:
        number = wish.get("call")
        return next((f for f in self._run.calls.in_flight if f.call.number == number), None)


def _no(reason: str) -> Wish:
    return {"ok": False, "error": reason}
