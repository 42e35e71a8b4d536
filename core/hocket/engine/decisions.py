"""The log of decisions: a line in the journal for each thing an agent was allowed or denied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.journal.entries import identity

if TYPE_CHECKING:
    from pydantic import JsonValue

    from hocket.api.approval import Judgement, Use
    from hocket.api.calls import Call
    from hocket.journal.log import Journal
    from hocket.journal.redact import Redactor

POLICY, PERSON, NOBODY = "policy", "person", "nobody"
"""Who decided; nobody there to answer means no."""
_LONGEST = 2_000
"""A longer use is cut: what it was is in the transcript."""


class Decisions:
    """Writes them; one for a run."""

    def __init__(self, journal: Journal, redactor: Redactor) -> None:
        self._journal = journal
        self._redactor = redactor

    def of_use(self, call: Call, use: Use, judged: Judgement, by: str) -> None:
        """Write what was decided about a tool use, before it happens."""
        outside: list[JsonValue] = [*sorted(use.label.sources)]
        about: dict[str, JsonValue] = {"tool": use.tool, "outside": outside}
        self._write(call, self._cut(use.shown), judged, {**about, "by": by})

    def of_call(self, call: Call, judged: Judgement, by: str) -> None:
        """Write what was decided about a whole call."""
        self._write(call, self._cut(call.label), judged, {"by": by})

    def of_script(self, shown: str, judged: Judgement) -> None:
        """Write what was decided about something that a script itself wants."""
        self._write(None, self._cut(shown), judged, {"by": POLICY})

    def _write(
        self, call: Call | None, shown: str, judged: Judgement, more: dict[str, JsonValue]
    ) -> None:
        said: dict[str, JsonValue] = {
            **({} if call is None else identity(call)),
            "shown": shown,
            "verdict": judged.verdict.name.lower(),
            "reason": self._cut(judged.reason),
            **more,
        }
        self._journal.append("decided", said)

    def _cut(self, text: str) -> str:
        safe = self._redactor.text(text)
        return safe if len(safe) <= _LONGEST else f"{safe[:_LONGEST]}…"
