"""A plea: what an agent may do only if a person says so."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.api.approval import Question
from hocket.engine import keys

if TYPE_CHECKING:
    from pydantic import JsonValue

    from hocket.api.approval import Use
    from hocket.api.calls import Call

FOR_THE_RUN = " run"
"""What an answer ends with that holds for the whole run."""
OPTIONS = ("allow", "deny", f"allow{FOR_THE_RUN}", f"deny{FOR_THE_RUN}")
_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Plea:
    """A use that only a person may decide, and why."""

    call: Call
    use: Use
    why: str

    @property
    def reason(self) -> str:
        """Why it is asked; a policy that gave no reason gets one that names a rule."""
        return self.why or f"no rule allows it; allow it with {self.use.shown}"

    @property
    def standing(self) -> str:
        """The digest of what an answer for the whole run is about: all but who asks."""
        return keys.digest(f"use\n{self._rendered}\n{self.reason}\n{self._origin}")

    @property
    def question(self) -> Question:
        """The question to a person; its digest pins who asks for what, and why."""
        text = f"{self.call.label} wants {self._rendered}: {self.reason}{self._origin}"
        return Question(
            kind="use",
            text=text,
            digest=keys.digest(f"{self.call.key}\n{text}"),
            options=OPTIONS,
            details=self._details,
        )

    @property
    def _details(self) -> dict[str, JsonValue]:
        return {
            "call": self.call.number,
            "label": self.call.label,
            "tool": self.use.tool,
            "input": self._rendered,
            "why": self.reason,
            "outside": self.use.label.outside,
            "sources": [*sorted(self.use.label.sources)],
            "standing": self.standing,
        }

    @property
    def _rendered(self) -> str:
        """What it is to do; a tool that shows no input has all of it shown."""
        if "(" in self.use.shown or not self.use.arguments:
            return self.use.shown
        given = json.dumps(dict(self.use.arguments), ensure_ascii=False, sort_keys=True)
        # Of what is too long to read, the digest still pins every letter.
        is_long = len(given) > _LONGEST
        shown = f"{given[:_LONGEST]}… {keys.digest(given)[:12]}" if is_long else given
        return f"{self.use.shown} {shown}"

    @property
    def _origin(self) -> str:
        label = self.use.label
        sources = ", ".join(sorted(label.sources)) or "outside"
        return f" (it has read what nobody vouches for: {sources})" if label.outside else ""
