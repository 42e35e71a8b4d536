"""Listeners hear everything in order; one that breaks is told about and dropped."""

from __future__ import annotations

from hocket.api.events import Logged
from hocket.launch.audience import Audience


def test_one_that_raises_hears_no_more_and_the_others_everything():
    heard, warnings = [], []

    def broken(event):
        heard.append("broken")
        raise RuntimeError(event.text)

    audience = Audience([heard.append, broken, lambda e: heard.append(e.text)], warnings.append)
    audience.tell(Logged("a"))
    audience.tell(Logged("b"))
    assert heard == [Logged("a"), "broken", "a", Logged("b"), "b"]
    assert warnings == ["a listener raised RuntimeError: it hears nothing more; the run goes on."]
