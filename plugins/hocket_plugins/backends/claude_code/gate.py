"""The gate before every tool use: hocket's policies decide, and nothing passes by default."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from hocket.api.approval import Use, Verdict
from hocket.api.tools import ACTING, Effect, Label
from hocket_plugins.backends.claude_code.options import tools

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pydantic import JsonValue

    from hocket.api.calls import Call
    from hocket.api.protocols import CallContext
    from hocket_plugins.backends.claude_code.silence import Silence

ANSWER = "StructuredOutput"
"""Its tool for an answer in a shape: it touches nothing."""
A_DAY_S = 86_400.0
"""A person may take long to answer; without a limit of ours the program goes on after a minute."""
_EFFECTS = {
    **dict.fromkeys(("Read", "Glob", "Grep"), frozenset({Effect.READ_PROJECT})),
    **dict.fromkeys(("Edit", "Write"), frozenset({Effect.WRITE_WORKSPACE})),
    "Bash": frozenset({Effect.EXECUTE}),
    "WebSearch": frozenset({Effect.READ_OUTSIDE}),
    "WebFetch": frozenset({Effect.READ_OUTSIDE}),
}
_PATHS = ("file_path", "path", "notebook_path")


class Gate:
    """The tool uses of one call, judged one by one."""

    def __init__(self, call: Call, context: CallContext, silence: Silence) -> None:
        self._context, self._names = context, tools(call)
        self.label = Label(outside=call.options.untrusted)
        """Where all comes from that it has read."""
        self.silence = silence

    @property
    def matcher(self) -> Mapping[str, object]:
        """Give the hook as the SDK takes it; one that fails blocks the use."""
        return {"hooks": [self.judge], "timeout": A_DAY_S, "on_failure": "block"}

    async def judge(
        self, asked: Mapping[str, JsonValue], use_id: str | None, _context: object
    ) -> dict[str, JsonValue]:
        """Answer the program's question whether a tool may be used."""
        name, given = str(asked.get("tool_name")), asked.get("tool_input")
        arguments = given if isinstance(given, dict) else {}
        against = None if name == ANSWER else await self._against(name, arguments, use_id or "")
        answer: dict[str, JsonValue] = {
            "hookEventName": "PreToolUse",
            "permissionDecision": "allow" if against is None else "deny",
        }
        if against is not None:
            answer["permissionDecisionReason"] = against
        return {"hookSpecificOutput": answer}

    async def _against(self, name: str, arguments: dict[str, JsonValue], use_id: str) -> str | None:
        """Say what is against a use, or note that it begins."""
        if name not in self._names:
            return f"there is no tool {name} here; there are {', '.join(self._names) or 'none'}"
        effects, shown = _EFFECTS[name], self._shown(name, arguments)
        against = self._closed(name, arguments)
        if against is not None:
            return against
        tree = self._context.tools.workspace.path
        use = Use(name, shown, effects, arguments, self.label, tree)
        with self.silence.asking():
            judged = await self._context.decide(use)
        allowed = judged.verdict is Verdict.ALLOW
        fields: dict[str, JsonValue] = {"use": use_id, "tool": name, "shown": shown}
        verdict = {"verdict": judged.verdict.name.lower(), "why": judged.reason}
        self._context.record("permission", {**fields, **verdict})
        if not allowed:
            return f"not allowed: {judged.reason or shown}"
        if not self._context.record("tool_start", fields) and effects & ACTING:
            # A resume could not tell that it may have run.
            return "its beginning cannot be written down, so it must not run"
        self._began(name, use_id, effects)
        return None

    def _began(self, name: str, use_id: str, effects: frozenset[Effect]) -> None:
        self.silence.began(use_id)
        self._context.progress(name)
        if Effect.READ_OUTSIDE in effects:
            # What it gives is in the conversation before the next question comes.
            self.label |= Label(outside=True, sources=frozenset({name}))
            self._context.reads(self.label)

    def _closed(self, name: str, arguments: dict[str, JsonValue]) -> str | None:
        """Say what no rule can open: other trees, and addresses nobody gave."""
        if name == "WebFetch" and not self._context.tools.may_fetch(str(arguments.get("url"))):
            return "this address stands in no trusted text and no search result"
        if name == "Bash" and "dangerouslyDisableSandbox" in arguments:
            return "no command runs outside the sandbox"
        outside = next((path for path in self._paths(arguments) if not self._is_here(path)), None)
        return None if outside is None else "it is outside of the workspace"

    def _paths(self, arguments: dict[str, JsonValue]) -> list[Path]:
        tree = self._context.tools.workspace.path
        return [tree / str(arguments[key]) for key in _PATHS if key in arguments]

    def _is_here(self, path: Path) -> bool:
        workspace, real = self._context.tools.workspace, path.resolve()
        roots = [root.resolve() for root in (workspace.path, *workspace.roots)]
        return any(real.is_relative_to(root) for root in roots)

    def _shown(self, name: str, arguments: dict[str, JsonValue]) -> str:
        """Write a use as hocket's own tool would, with paths from the workspace on."""
        paths = self._paths(arguments)
        if paths:
            tree = self._context.tools.workspace.path
            return f"{name}({os.path.relpath(os.path.normpath(paths[0]), tree)})"
        said = arguments.get({"Bash": "command", "WebFetch": "url"}.get(name, "query"), "")
        return f"{name}({said})" if said else f"{name}(.)"
