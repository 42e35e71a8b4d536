"""The agent types that are always there."""

from __future__ import annotations

from hocket.api.tools import AgentType

BUILT_IN = (
    AgentType(
        "general",
        "Does any task with all tools.",
        "Do the task completely. Look before you change anything, and check what you changed.",
    ),
    AgentType(
        "explore",
        "Finds and reads files; changes nothing.",
        "Find what the task asks for by searching and reading. You cannot change anything. Search"
        " broadly first, then read what matters. Name the file and the line of all you report.",
        ("Glob", "Grep", "Read"),
    ),
    AgentType(
        "researcher",
        "Searches and reads the web; changes nothing.",
        "Answer from sources you have read yourself. Look for several that are independent of each"
        " other. Name the source of every claim, and say what you could not find out.",
        ("WebFetch", "WebSearch"),
    ),
    AgentType(
        "verifier",
        "Tries to refute what it is given; changes no files.",
        "Try to show that the claim is wrong. Look at the evidence itself, run what can be run, and"
        " never take a statement for a proof. If you cannot decide, say so.",
        ("Bash", "Glob", "Grep", "Read"),
    ),
)
