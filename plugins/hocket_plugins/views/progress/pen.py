"""The hand that draws: a thread, since a terminal may be stopped and a pipe may be full."""

from __future__ import annotations

import threading
from queue import SimpleQueue
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hocket_plugins.views.progress.surface import Surface


class Pen:
    """Writes texts in order; who asks `busy` first never queues more than one."""

    def __init__(self, surface: Surface) -> None:
        self._surface = surface
        self._texts: SimpleQueue[str | None] = SimpleQueue()
        self._left = 0
        self._changed = threading.Condition()
        self.gone = False
        """Whether nobody can see anything any more: the reader left, or the terminal did."""
        # A daemon: a write that never returns must not keep the process from leaving.
        self._thread = threading.Thread(target=self._work, name="hocket-progress", daemon=True)
        self._thread.start()

    @property
    def busy(self) -> bool:
        """Whether something that was given is not written yet."""
        return self._left > 0

    def write(self, text: str) -> None:
        """Give a text to the thread; returns at once."""
        with self._changed:
            self._left += 1
        self._texts.put(text)

    def wait(self, patience_s: float) -> None:
        """Wait until all is written, or nobody is there, but not for ever."""
        with self._changed:
            self._changed.wait_for(lambda: self.gone or not self.busy, patience_s)

    def close(self, patience_s: float) -> None:
        """Let the thread end with the last text, which gets as much time as one text gets."""
        self._texts.put(None)
        self._thread.join(patience_s)

    def _work(self) -> None:
        while not self.gone and (text := self._texts.get()) is not None:
            try:
                self._surface.write(text)
            except (OSError, ValueError):
                self.gone = True
            with self._changed:
                self._left -= 1
                self._changed.notify_all()
