"""The backend: one session of Claude Code for each call."""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from hocket.api.calls import Bound, EndState, Outcome
from hocket.api.ceiling import KEYS
from hocket.api.protocols import TurnGivenUp
from hocket_plugins.backends.claude_code import options, places, sdk, words
from hocket_plugins.backends.claude_code.gate import Gate
from hocket_plugins.backends.claude_code.session import Broken, Session
from hocket_plugins.backends.claude_code.silence import Silence

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from pydantic import JsonValue

    from hocket.api.calls import Call
    from hocket.api.protocols import CallContext
    from hocket_plugins.backends.claude_code.settings import ClaudeCodeSection

_LIMITS = {
    "error_max_turns": (EndState.OVER_CAP, "turns"),
    "error_max_budget_usd": (EndState.OVER_BUDGET, "call_usd"),
}


class ClaudeCode:
    """Runs calls by sessions of the `claude` program; its bound is soft, since it counts itself."""

    name = "claude_code"
    has_workspace = True
    checks_pass = False
    enforces = frozenset(KEYS) - {"env", "network", "shell"}
    """What its gate can hold: its shell and its fetching are its own."""

    def __init__(self, section: ClaudeCodeSection, env: Mapping[str, str] = os.environ) -> None:
        self._section, self._env = section, env

    def found(self, env: Mapping[str, str]) -> str | None:
        """Say why it can work here, or None; starts and imports nothing."""
        return places.found(self._section, env)

    def lacks(self, env: Mapping[str, str]) -> str | None:
        """Say what is missing although it was asked for."""
        return places.lacks(self._section, env)

    def advice(self) -> str:
        """Say what to install so that it can work."""
        return places.advice()

    def bound(self, call: Call) -> Bound:
        """Give what a call is expected to stay below; the program may exceed it by a turn."""
        tokens = self._section.max_turns * self._section.turn_tokens
        most = tokens if call.options.max_tokens is None else min(tokens, call.options.max_tokens)
        return Bound(most, round(self._section.call_usd * 1_000_000))

    async def run(self, call: Call, context: CallContext) -> Outcome:
        """Run the call to its end."""
        program = places.program(self._section, self._env)
        unable = self._unable(call, program)
        if program is None or unable is not None:
            return Outcome(EndState.ERROR, cause=unable)
        try:
            with self._home() as home:
                return await self._lived(call, context, program, home)
        except Broken as broken:
            stalled = str(broken).startswith("claude_stalled")
            return Outcome(EndState.STALLED if stalled else EndState.ERROR, cause=str(broken))
        except TurnGivenUp as given:
            return Outcome(given.state, cause=given.cause)

    async def aclose(self) -> None:
        """Nothing is held open between calls."""

    def _unable(self, call: Call, program: str | None) -> str | None:
        """Say why a call cannot even begin here."""
        if program is None:
            return "claude_missing: there is no `claude` on PATH, and no cli_path names one"
        if not sdk.installed():
            return f"claude_missing: {places.EXTRA}"
        if call.options.agent_type is not None:
            return "claude_code: this backend has no agent types"
        stranger = options.stranger(call)
        return None if stranger is None else f"claude_code: this backend has no tool '{stranger}'"

    async def _lived(
        self, call: Call, context: CallContext, program: str, home: Path | None
    ) -> Outcome:
        section, gate = self._section, Gate(call, context, Silence(call.options.stall_s))
        given = options.options(call, section, context.tools, program, home)
        lane = f"claude_code|{program}|default|{given['model'] or 'default'}"
        async with Session.open(given, gate, section.start_s) as session:
            prompt = words.first(call, context.tools.workspace)
            while True:
                said = await session.ask(prompt, context, lane)
                if said.subtype in _LIMITS:
                    state, cause = _LIMITS[said.subtype]
                    partial = said.answer or None
                    return Outcome(state, cause=cause, partial=partial, label=gate.label)
                complaint = await _offered(call, context, said.answer)
                if isinstance(complaint, Outcome):
                    return replace(complaint, label=gate.label)
                prompt = complaint

    @contextmanager
    def _home(self) -> Generator[Path | None]:
        if not self._section.own_home:
            yield None
            return
        with tempfile.TemporaryDirectory(prefix="hocket-claude-") as folder:
            yield Path(folder)


async def _offered(call: Call, context: CallContext, answer: JsonValue) -> Outcome | str:
    """Submit an answer; gives the end, or what to say in the same session."""
    shaped = call.options.schema is not None
    if shaped and isinstance(answer, str):
        answer = _parsed(answer)
    said = await (context.missing() if shaped and answer == "" else context.submit(answer))
    if said.accepted:
        return Outcome(EndState.OK, answer)
    if said.complaint is None:
        return Outcome(EndState.INVALID, cause="no answer was accepted", partial=answer or None)
    return said.complaint


def _parsed(text: str) -> JsonValue:
    """Read an answer that was written instead of given; the engine judges what it is."""
    try:
        value: JsonValue = json.loads(text)
    except ValueError:
        return text
    return value
