"""The approver of the terminal: the last one asked, and only where a person can answer."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import click

from hocket.api.markers import hookimpl
from hocket.cli._output import tell
from hocket.cli._text import inert

if TYPE_CHECKING:
    from hocket.api.approval import Approver, Question
    from hocket.api.settings import PluginSettings


class TerminalApprover:
    """Asks on stderr and reads a line from the keyboard, one question at a time."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()

    async def answer(self, question: Question) -> str | None:
        """Ask until the answer is one of the options; an empty line takes the default."""
        async with self._turn:
            return await asyncio.to_thread(self._read, question)

    def _read(self, question: Question) -> str | None:
        tell(inert(question.text, newlines="keep"))
        for number, option in enumerate(question.options, 1):
            tell(f"  {number}  {option}")
        while True:
            try:
                typed = click.prompt("answer", default=question.default or "", err=True)
            except click.Abort:
                return None
            chosen = _chosen(str(typed).strip(), question.options)
            if chosen is not None:
                return chosen


def _chosen(typed: str, options: tuple[str, ...]) -> str | None:
    if not options or typed in options:
        return typed
    if typed.isdigit() and 1 <= int(typed) <= len(options):
        return options[int(typed) - 1]
    return None


@hookimpl(trylast=True)
def hocket_choose_approver(settings: PluginSettings, interactive: bool) -> Approver | None:  # noqa: ARG001, FBT001
    """Answer for the person at the terminal, if there is one."""
    return TerminalApprover() if interactive else None
