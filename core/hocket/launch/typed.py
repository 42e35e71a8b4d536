"""From a command line to what would run: the script, and its arguments from words and flags."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.launch import arguments, locate
from hocket.launch.prepare import Demand, prepare, prepared

if TYPE_CHECKING:
    from hocket.launch.prepare import Prepared
    from hocket.launch.project import Project


@dataclass(frozen=True, slots=True)
class Line:
    """What a person typed after `run`."""

    text: str
    args: str | None = None
    words: tuple[str, ...] = ()
    """What follows, flags among it."""
    plain: tuple[str, ...] = ()
    """What follows `--`: no flags."""

    def prepare(self, project: Project) -> Prepared:
        """Read and check what was typed; raises before a run exists."""
        if self.args is not None:
            return prepare(project, Demand(self.text, self.args, self._free))
        found = locate.find(project, self.text)
        given = arguments.from_words(self.words, self.plain, found.script.manifest)
        return prepared(project, found, given)

    @property
    def _free(self) -> str | None:
        return " ".join((*self.words, *self.plain)) if self.words or self.plain else None
