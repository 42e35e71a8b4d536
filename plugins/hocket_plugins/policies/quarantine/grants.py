"""What the tools that a call names can do."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from hocket.api.tools import ACTING, Conditional, Effect

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hocket.api.calls import Options
    from hocket.api.sealing import RunAccess
    from hocket.api.tools import Tool

SERVED = ("WebFetch", "WebSearch")
"""Tools that a model's service may run itself: they read from outside, installed or not."""
SERVERS = "mcp__"


@dataclass(frozen=True, slots=True)
class Grants:
    """The named tools by what they can do; a tool can stand in both lists."""

    reading: tuple[str, ...] = ()
    acting: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    """Rules that name no installed tool: they grant nothing here, and a backend refuses them."""
    only_untrusted: bool = False
    """Whether they read from outside only because nobody trusts the project."""


NOTHING = Grants()


class Granting:
    """Looks tools up among those that are installed; equal lists are looked up once."""

    def __init__(self, *, is_trusted: bool) -> None:
        self._trusts = is_trusted
        self._known: dict[tuple[tuple[str, ...], tuple[str, ...]], Grants] = {}

    def of(self, options: Options, run: RunAccess) -> Grants:
        """Give what a call is granted by name; nothing when it names no tools."""
        if not options.tools:
            return NOTHING
        key = options.tools, options.disallowed_tools
        if key not in self._known:
            self._known[key] = self._looked_up(*key, run.tools)
        return self._known[key]

    def _looked_up(
        self, rules: Iterable[str], without: Iterable[str], installed: Mapping[str, Tool]
    ) -> Grants:
        wanted = [_tool(rule) for rule in rules]
        # As they are: a rule such as Bash(rm:*) takes off some uses of a tool, not the tool.
        off = [rule.strip() for rule in without]
        names = [
            name
            for name in sorted({*installed, *SERVED})
            if _named(name, wanted) and not _named(name, off)
        ]
        effects = {name: _effects(name, installed) for name in names}
        surely = [name for name in names if Effect.READ_OUTSIDE in effects[name]]
        reading = [name for name in names if effects[name] & self._reads]
        acting = [name for name in names if effects[name] & ACTING]
        unknown = [word for word in wanted if not any(_named(name, [word]) for name in installed)]
        return Grants(tuple(reading), tuple(acting), tuple(unknown), bool(reading) and not surely)

    @property
    def _reads(self) -> frozenset[Effect]:
        if self._trusts:
            return frozenset({Effect.READ_OUTSIDE})
        return frozenset({Effect.READ_OUTSIDE, Effect.READ_PROJECT, Effect.EXECUTE})


def _effects(name: str, installed: Mapping[str, Tool]) -> frozenset[Effect]:
    tool = installed.get(name)
    effects = tool.effects if tool is not None else frozenset[Effect]()
    is_lacking = tool is None or (isinstance(tool, Conditional) and tool.lacks() is not None)
    # Where ours cannot work the service's own may, and that one reads the web.
    return effects | {Effect.READ_OUTSIDE} if name in SERVED and is_lacking else effects


def _tool(rule: str) -> str:
    return rule.partition("(")[0].strip()


def _named(name: str, words: Iterable[str]) -> bool:
    return any(
        fnmatchcase(name, word) or (word.startswith(SERVERS) and name.startswith(f"{word}__"))
        for word in words
    )
