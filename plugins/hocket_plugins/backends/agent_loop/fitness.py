"""Whether a model can be asked in the way that was chosen; if not, the call begins anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket_plugins.backends.agent_loop.ends import Unfit

if TYPE_CHECKING:
    from hocket_plugins.backends.agent_loop.course import Course
    from hocket_plugins.backends.agent_loop.desk import Desk

UNFIT = frozenset({"bad_request: no_grammar", "bad_request: no_tools"})
"""How a provider says that it has learned what a model cannot take."""


class Fitness:
    """Looks before every try, and at every failure; raises Unfit as long as nothing was said."""

    def __init__(self, desk: Desk, course: Course) -> None:
        self._desk = desk
        self._course = course

    def check(self) -> None:
        """See whether a sibling found out meanwhile that the model cannot be asked like this."""
        if self._course.number == 1 and not self._desk.is_current():
            raise Unfit

    def heed(self, cause: str) -> None:
        """See whether a turn was given up since it was asked for in the wrong way."""
        if self._course.number == 1 and cause in UNFIT:
            self._desk.forget()
            raise Unfit
        # What was blanked in the transcript may be what a service wants back as it was.
        first = self._desk.recall.turns + 1
        if self._course.number == first > 1 and cause.startswith("bad_request"):
            raise Unfit
