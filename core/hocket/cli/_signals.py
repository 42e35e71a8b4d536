"""Ctrl-C and its kind: the first stops a run cleanly, the second at once, and nothing is lost."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING

from hocket.cli._output import tell

if TYPE_CHECKING:
    from collections.abc import Generator

    from hocket.engine.run import Run

STOPS = {signal.SIGINT: 130, signal.SIGTERM: 143}


class Signals:
    """What signals mean while a run lives in this process."""

    def __init__(self) -> None:
        self.code = 0
        """The exit code of the signal that stopped the run; 0 when none did."""
        self._cause = ""
        self._run: Run | None = None

    @contextmanager
    def heard(self) -> Generator[None]:
        """Hear them instead of dying; a terminal that goes away ends the view, not the run."""
        loop = asyncio.get_running_loop()
        with ExitStack() as undo:
            for number in STOPS:
                loop.add_signal_handler(number, self._stop, number)
                undo.callback(loop.remove_signal_handler, number)
            loop.add_signal_handler(signal.SIGHUP, _ignore)
            undo.callback(loop.remove_signal_handler, signal.SIGHUP)
            yield

    def ready(self, run: Run) -> None:
        """Take the run that is to be stopped; a signal that came before counts."""
        self._run = run
        self._leave()

    def _stop(self, number: signal.Signals) -> None:
        if self.code:
            os._exit(self.code)  # pragma: no cover  (what was measured dies with it)
        self.code, self._cause = STOPS[number], f"by {number.name}"
        self._leave()
        # The terminal may be gone, which is why the signal came.
        with suppress(OSError):
            tell("hocket: stopping; calls in flight get 10 s (once more: leave at once)")

    def _leave(self) -> None:
        if self._run is not None and self._cause:
            self._run.leave("stopped", self._cause)


def _ignore() -> None:
    """Go on: whoever hung up can look at the run later."""
