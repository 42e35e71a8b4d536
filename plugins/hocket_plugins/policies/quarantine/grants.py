"""What the tools that a call names can do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.api import grants
from hocket.api.tools import ACTING, Effect

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hocket.api.calls import Options
    from hocket.api.sealing import RunAccess
    from hocket.api.tools import Tool


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
        self._reads = grants.reading(is_trusted=is_trusted)
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
        effects = {name: grants.effects(tool) for name, tool in installed.items()}
        found = sorted(grants.behind(rules, without, effects).items())
        reading = tuple(name for name, has in found if has & self._reads)
        surely = any(Effect.READ_OUTSIDE in has for _, has in found)
        return Grants(
            reading,
            tuple(name for name, has in found if has & ACTING),
            tuple(word for word in map(grants.tool_of, rules) if not _is_there(word, installed)),
            bool(reading) and not surely,
        )


def _is_there(word: str, installed: Iterable[str]) -> bool:
    return any(grants.is_named(name, word) for name in installed)
