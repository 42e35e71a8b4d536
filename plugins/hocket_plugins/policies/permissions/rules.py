"""A rule as a person writes it: `Tool`, or `Tool(what)`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase

COMMANDS = frozenset({"Bash", "Network"})
"""Tools whose rules name the words of a command."""
ADDRESSES = frozenset({"WebFetch"})
"""Tools whose rules name a host."""
READERS = frozenset({"Read", "Glob", "Grep"})
WRITERS = frozenset({"Edit", "Write"})

_FORM = re.compile(r"(?P<tool>[A-Za-z_*][\w.*-]*)(?:\((?P<what>.*)\))?", re.DOTALL)
_ALL = frozenset({"*", ":*"})


@dataclass(frozen=True, slots=True)
class Rule:
    """A tool, and which uses of it; None means all."""

    tool: str
    what: str | None

    def __str__(self) -> str:
        """Write it as a person does."""
        return self.tool if self.what is None else f"{self.tool}({self.what})"

    def names(self, tool: str) -> bool:
        """Say whether it is about exactly this tool; of a server's tools a `*` means all."""
        if self.tool == tool:
            return True
        is_server = self.tool.startswith("mcp__")
        return is_server and (fnmatchcase(tool, self.tool) or tool.startswith(f"{self.tool}__"))

    def concerns(self, tool: str) -> bool:
        """Say whether it is about this tool, or one that does the same to what it names."""
        mine, other = self.tool.casefold(), tool.casefold()
        if fnmatchcase(other, mine) or (mine.startswith("mcp__") and self.names(tool)):
            return True
        kin = [{one.casefold() for one in family} for family in (READERS, WRITERS)]
        return self.what is not None and any({mine, other} <= family for family in kin)


def parse(text: str) -> Rule:
    """Read a rule; raises ValueError that says what is wrong with it."""
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"'{text}' is no rule; a rule is Tool or Tool(what), as in Edit(src/**)")
    what = found["what"]
    if what is not None and not what.strip():
        raise ValueError(f"'{text}' names nothing; write {found['tool']} for all uses of it")
    what = None if what is None else what.strip()
    # Of files, `*` is a pattern: all that lie in the workspace.
    is_all = what in _ALL and found["tool"] not in READERS | WRITERS
    return Rule(found["tool"], None if is_all else what)
