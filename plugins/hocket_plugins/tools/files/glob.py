"""The tool that finds files by their names."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from hocket.api.tools import Effect, ToolOutput
from hocket_plugins.tools.files.desk import FileTool
from hocket_plugins.tools.files.glob_pattern import glob
from hocket_plugins.tools.files.input import GlobInput
from hocket_plugins.tools.files.names import shown
from hocket_plugins.tools.files.protection import is_declared
from hocket_plugins.tools.files.search import Findings, visit
from hocket_plugins.tools.files.trouble import Trouble

if TYPE_CHECKING:
    from threading import Event

    from hocket_plugins.tools.files.confinement import Place
    from hocket_plugins.tools.files.desk import Desk


class Glob(FileTool[GlobInput]):
    """Lists the files whose paths fit a glob."""

    name = "Glob"
    description = (
        "Find files by name: `src/**/*.py`, `*.{js,ts}`. Ignored files and .git are left out. "
        "At most 200 paths."
    )
    effects = frozenset({Effect.READ_PROJECT})
    input = GlobInput

    async def use(self, wish: GlobInput, desk: Desk) -> ToolOutput:
        """List them; raises Trouble."""
        top = desk.locate(wish.path)
        with desk.ground.folder(top):
            fits = glob(wish.pattern)
        findings = Findings(self.limits.search_bytes, self.limits.search_paths)

        def look(place: Place, _stop: Event) -> bool:
            name = shown(os.path.relpath(place.real, top.real))
            if not fits.finds(name):
                return True
            try:
                is_declared(desk.context, place)
            except Trouble:
                findings.passed_over("no leave to read it")
                return True
            return findings.add(place)

        complete = await visit(desk, top, None, look, self.limits.search_s)
        return findings.output(desk, self.limits, complete=complete)
