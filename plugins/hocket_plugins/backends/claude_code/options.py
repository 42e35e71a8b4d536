"""With which options the program is started: nothing of the person's or the project's is loaded."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from hocket.api.reach import has_tool, is_free
from hocket_plugins.backends.claude_code import words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from hocket.api.calls import Call
    from hocket.api.tools import ToolContext
    from hocket_plugins.backends.claude_code.settings import ClaudeCodeSection

    Options = dict[str, object]

TOOLS = ("Read", "Glob", "Grep", "Edit", "Write", "Bash", "WebSearch", "WebFetch")
"""What it has under the same names as hocket; a call that names none gets all of them."""
NEVER = ["Agent", "Task", "Workflow"]
"""Its own agents would be outside of every cap."""
_SEARCHING = ("Glob", "Grep")
"""They pass over nothing that a bundle may not read, so beneath a ceiling there are none."""
_SIZES = {"small": "haiku", "medium": "sonnet", "large": "opus"}
_SECRET = re.compile(r"KEY|TOKEN|SECRET|PASSWORD|CREDENTIAL", re.IGNORECASE)
_ITS_OWN = re.compile(r"(ANTHROPIC|CLAUDE|AWS|GOOGLE|AZURE)_")
ENV = {
    "ENABLE_TOOL_SEARCH": "false",
    "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
    "CLAUDE_CODE_SUBPROCESS_ENV_SCRUB": "1",
}


def tools(call: Call) -> list[str]:
    """Give the tools of a call by name, without those it must not have."""
    options = call.options
    named = [name for name in TOOLS if has_tool(options.ceiling, name)]
    if options.tools is not None:
        named = [*options.tools]
    without = () if is_free(options.ceiling) else _SEARCHING
    return [name for name in named if name not in {*without, *options.disallowed_tools}]


def stranger(call: Call) -> str | None:
    """Name a tool of the call that the program does not have."""
    return next((name for name in tools(call) if name not in TOOLS), None)


def options(
    call: Call, section: ClaudeCodeSection, lent: ToolContext, program: str, home: Path | None
) -> Options:
    """Put the options together; the gate is added where the session is made."""
    schema = call.options.schema
    return {
        "cli_path": program,
        "cwd": str(lent.workspace.path),
        "add_dirs": [str(root) for root in lent.workspace.roots],
        "system_prompt": {"type": "preset", "preset": "claude_code", "append": words.FRAME},
        "tools": tools(call),
        "allowed_tools": [],
        "disallowed_tools": NEVER,
        "permission_mode": "default",
        "setting_sources": [],
        "strict_mcp_config": True,
        "skills": [],
        "verbatim_prompts": True,
        "model": model(call, section),
        "effort": call.options.effort,
        "max_turns": section.max_turns,
        "max_budget_usd": section.call_usd,
        "output_format": None if schema is None else {"type": "json_schema", "schema": schema},
        "sandbox": {
            "enabled": True,
            "autoAllowBashIfSandboxed": False,
            "allowUnsandboxedCommands": False,
        },
        "env": environment(lent.call_id, home, os.environ),
        "stderr": _nothing,
    }


def model(call: Call, section: ClaudeCodeSection) -> str | None:
    """Name the model as the program knows it; it resolves short names by itself."""
    wanted = (call.options.model or section.model or "").removeprefix("anthropic/")
    return _SIZES.get(wanted, wanted) or None


def environment(call_id: str, home: Path | None, env: Mapping[str, str]) -> dict[str, str]:
    """Mark its processes, and empty every secret that is not for it: none can be left out."""
    secret = {name: "" for name in env if _SECRET.search(name) and not _ITS_OWN.match(name)}
    own = {} if home is None else {"HOME": str(home), "CLAUDE_CONFIG_DIR": str(home)}
    return {**secret, **ENV, **own, "HOCKET_CALL": call_id}


def _nothing(_line: str) -> None:
    """Take what it writes to stderr away from the person's terminal."""
