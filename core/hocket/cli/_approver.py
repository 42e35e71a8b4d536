"""The approver of the terminal: the last one asked, and only where a person can answer."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from hocket.api.markers import hookimpl
from hocket.cli._output import tell
from hocket.cli._text import inert

if TYPE_CHECKING:
    from hocket.api.approval import Approver, Question
    from hocket.api.settings import PluginSettings

_LONGEST = 65_536


class TerminalApprover:
    """Asks on stderr and reads a line from the keyboard, one question at a time."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()

    async def answer(self, question: Question) -> str | None:
        """Ask until the answer is one of the options; an empty line takes the default."""
        async with self._turn:
            _show(question)
            while (typed := await _line()) is not None:
                chosen = _chosen(typed or question.default or "", question.options)
                if chosen is not None:
                    return chosen
                tell(f"Type one of the words, or a number from 1 to {len(question.options)}.")
            return None


def _show(question: Question) -> None:
    """Print a question; its words are foreign, so every line of it is set in."""
    tell("The run asks:")
    for line in question.text.splitlines():
        tell(f"  {inert(line)}")
    for number, option in enumerate(question.options, 1):
        tell(f"    {number}  {inert(option)}")
    tell(f"Answer, or Enter for {question.default!r}:" if question.default else "Answer:")


async def _line() -> str | None:
    """Wait for a line without a thread, which nobody could stop; None when nobody types any more.

    A terminal hands over whole lines, so there is nothing to put together.
    """
    loop = asyncio.get_running_loop()
    keyboard, ready = sys.stdin.fileno(), asyncio.Event()
    loop.add_reader(keyboard, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(keyboard)
    content = b""
    with suppress(OSError):
        content = os.read(keyboard, _LONGEST)
    return content.decode("utf-8", "replace").strip() if content else None


def _chosen(typed: str, options: tuple[str, ...]) -> str | None:
    if not options or typed in options:
        return typed
    if typed.isdecimal() and 1 <= int(typed) <= len(options):
        return options[int(typed) - 1]
    return None


@hookimpl(trylast=True)
def hocket_choose_approver(settings: PluginSettings, interactive: bool) -> Approver | None:  # noqa: ARG001, FBT001
    """Answer for the person at the terminal, if there is one."""
    return TerminalApprover() if interactive else None
