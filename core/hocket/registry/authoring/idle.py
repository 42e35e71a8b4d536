"""Capabilities that a bundle declares and nothing in it names: who asks for less is taken sooner.

Only words are compared, so this is advice. What a call gets without naming it is not seen.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hocket.registry.capabilities.difference import ids
from hocket.registry.capabilities.vocabulary import ANY, CHECKS
from hocket.registry.skills.skill_md import FILES

if TYPE_CHECKING:
    from hocket.api.ceiling import Ceiling
    from hocket.api.protocols import Tree

_SCRIPTS = (".py", ".js")
_AGENTS, _WORKFLOWS = "agents/", "workflows/"
_NAMED_BY = {
    "hooks": ("hooks",),
    "inline-exec": ("!`",),
    f"mcp:{ANY}": ("mcp__",),
    f"network:{ANY}": ("WebFetch", "WebSearch", "Bash"),
    "read": ("Read", "Grep", "Glob", "Bash"),
    "reveal": ("reveal",),
    f"shell:{ANY}": ("Bash",),
    f"shell:{CHECKS}": ("checks", "check"),
    "tools:mcp__*": ("mcp__",),
    "write": ("Write", "Edit", "Bash"),
}
"""By id, or by key for all ids of it: words of which one is enough."""
_USED = "agents"
"""Every script calls agents."""


def idle(ceiling: Ceiling, tree: Tree) -> tuple[str, ...]:
    """Give the ids of what is declared and named nowhere."""
    text = "\n".join(
        content.decode("utf-8", "replace") for _kind, path, content in tree.entries if _speaks(path)
    )
    return tuple(each for each in ids(ceiling) if not _is_named(each, text))


def _speaks(path: str) -> bool:
    """Whether a file may name what agents use: scripts, agents and the skill itself."""
    is_script = path.endswith(_SCRIPTS) and ("/" not in path or path.startswith(_WORKFLOWS))
    return is_script or path.startswith(_AGENTS) or path in FILES


def _is_named(wanted: str, text: str) -> bool:
    key, _, item = wanted.partition(":")
    if key == _USED:
        return True
    # A server is named without its version and hash.
    words = _NAMED_BY.get(wanted) or (*_NAMED_BY.get(key, ()), item.partition("@")[0])
    return any(word and re.search(_whole(word), text) for word in words)


def _whole(word: str) -> str:
    before, after = (r"\b" if one.isalnum() else "" for one in (word[0], word[-1]))
    return f"{before}{re.escape(word)}{after}"
