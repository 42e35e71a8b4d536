"""The view as a whole: it hears everything, draws little, and no screen can hurt the run."""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import pty
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from hocket.api import events
from hocket.api.settings import PluginSettings
from hocket.testing import run
from hocket_plugins.views import progress
from hocket_plugins.views.progress.surface import Surface
from hocket_plugins.views.progress.view import ProgressView


class Screen(io.StringIO):
    """Counts what was written to it."""

    def __init__(self) -> None:
        super().__init__()
        self.frames = 0

    def write(self, text: str) -> int:
        self.frames += 1
        return super().write(text)


def pens() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "hocket-progress"]


def test_without_a_terminal_a_run_is_a_few_lines(story):
    async def watched() -> str:
        stream = Screen()
        async with ProgressView(Surface(stream)).watch() as tell:
            tell(story.opened("audit", "Find"))
            for event in story.calls(3, 3, "Find"):
                tell(event)
            await asyncio.sleep(5)
            tell(events.Logged("half of it"))
            tell(story.asked(9))
            await asyncio.sleep(30)
            tell(story.finished(9))
        return stream.getvalue()

    assert run(watched()).splitlines() == [
        "Find:  3/3  300 tokens  $0.06  0 s",
        "half of it",
        "audit:  3/4  1 waiting  300 tokens  $0.06  30 s  about 10 s left",
        "Audit:  1/1  100 tokens  $0.02  30 s",
    ]


def test_twenty_four_thousand_events_are_thirty_frames(story):
    """The counterpart of bench W11: the number of frames does not depend on that of events."""

    async def watched() -> tuple[int, str]:
        stream = Screen()
        async with ProgressView(Surface(stream, live=True)).watch() as tell:
            tell(story.opened())
            for tenth in range(30):
                for number in range(tenth * 33, tenth * 33 + 33):
                    tell(story.asked(number))
                    tell(events.CallStarted(number))
                    for _ in range(21):
                        tell(events.CallProgress(number, "reading"))
                    tell(story.finished(number))
                await asyncio.sleep(0.1)
        return stream.frames, stream.getvalue()

    frames, text = run(watched())
    assert 2 <= frames <= 32
    assert "audit  990/990 calls  99,000 tokens  $19.80  " in text.splitlines()[-2]


def test_a_reader_that_left_ends_the_view_and_not_the_run(story):
    reading, writing = os.pipe()
    os.close(reading)

    async def watched() -> str:
        with os.fdopen(writing, "w") as stream:
            async with ProgressView(Surface(stream)).watch() as tell:
                for number in range(5):
                    tell(events.Logged(f"line {number}"))
                    await asyncio.sleep(1)
            return "the run ended by itself"

    assert run(watched()) == "the run ended by itself"


def test_a_closed_stream_is_a_reader_that_left(story):
    """Once the pen found out, the view draws no more: its timer ends with it."""

    async def watched() -> str:
        stream = io.StringIO()
        async with ProgressView(Surface(stream)).watch() as tell:
            stream.close()
            tell(events.Logged("nobody reads this"))
            await asyncio.sleep(0.15)
            for pen in pens():
                await asyncio.to_thread(pen.join, 10)
            tell(events.Logged("nor this"))
            await asyncio.sleep(60)
        return "ended"

    assert run(watched()) == "ended"


def test_a_reader_that_never_reads_costs_itself_only(story):
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    with contextlib.suppress(BlockingIOError):
        while os.write(writing, b"x" * 65536):
            pass
    os.set_blocking(writing, True)
    stream = os.fdopen(writing, "w")

    async def watched() -> float:
        async with ProgressView(Surface(stream), patience_s=0.01).watch() as tell:
            for number in range(3000):
                tell(events.Logged(f"line {number}"))
                await asyncio.sleep(0.1)
        return asyncio.get_running_loop().time()

    try:
        assert run(watched()) == pytest.approx(300)
    finally:
        # The reader leaves: the pen's thread ends, so that no test inherits it.
        os.close(reading)
        for pen in pens():
            pen.join(10)
        stream.close()


def test_a_terminal_shows_the_run_live_and_its_own_size(story):
    leader, follower = pty.openpty()
    with os.fdopen(follower, "w") as stream:
        surface = Surface.of(stream, {"TERM": "xterm"})
        assert (surface.live, surface.colour) == (True, True)
        assert not Surface.of(stream, {"NO_COLOR": "1"}).colour
        assert not Surface.of(stream, {"TERM": "dumb"}).live
        assert len(surface.size()) == 2

        async def watched() -> None:
            async with ProgressView(surface).watch() as tell:
                tell(story.opened())
                tell(story.finished(1))
                tell(events.Asked("q", "May I?"))

        run(watched())
        assert b"audit" in os.read(leader, 65536)
    os.close(leader)


def test_what_the_stream_cannot_encode_is_escaped():
    reading, writing = os.pipe()
    with os.fdopen(writing, "w", encoding="ascii") as stream:
        Surface(stream).write("caf\u00e9\n")
    with os.fdopen(reading, "rb") as read:
        assert read.read() == b"caf\\xe9\n"


def test_an_error_of_the_run_comes_through_unchanged(story):
    async def watched() -> None:
        async with ProgressView(Surface(io.StringIO())).watch() as tell:
            tell(story.opened())
            raise KeyError("the run's own")

    with pytest.raises(KeyError, match="the run's own"):
        run(watched())


def test_nothing_is_left_behind(story):
    before = threading.active_count()

    async def watched() -> int:
        for _ in range(20):
            async with ProgressView(Surface(io.StringIO())).watch() as tell:
                tell(story.opened())
        return len(asyncio.all_tasks())

    assert run(watched()) == 1
    assert threading.active_count() == before


def test_without_any_stderr_nothing_is_drawn(story):
    surface = Surface.of(None, {})
    assert (surface.live, surface.colour, surface.size()) == (False, False, (80, 24))

    async def watched() -> None:
        async with ProgressView(surface).watch() as tell:
            tell(events.Logged("into the void"))

    run(watched())


def test_a_stream_that_is_closed_already_is_no_terminal():
    stream = io.StringIO()
    stream.close()
    assert not Surface.of(stream, {}).live


def test_hook_hocket_register_views_hands_over_progress():
    (view,) = progress.hocket_register_views(PluginSettings(Path()))
    assert view.name == "progress"


def test_loading_the_plugin_loads_neither_rich_nor_asyncio():
    code = (
        "import sys, hocket_plugins.views.progress;"
        "print(sorted({'rich', 'asyncio', 'pydantic'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
