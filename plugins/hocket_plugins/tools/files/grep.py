"""The tool that finds lines in files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.tools import Effect, ToolOutput
from hocket_plugins.tools.files.desk import FileTool
from hocket_plugins.tools.files.hunt import Hunt
from hocket_plugins.tools.files.input import GrepInput
from hocket_plugins.tools.files.search import Findings, visit

if TYPE_CHECKING:
    from hocket_plugins.tools.files.desk import Desk


class Grep(FileTool[GrepInput]):
    """Shows the lines, or the files, in which a regular expression occurs."""

    name = "Grep"
    description = (
        "Find lines by a regular expression (Rust syntax), as path:line:text. Ignored files, "
        ".git and binary files are left out. At most 200 files or 100 KiB."
    )
    effects = frozenset({Effect.READ_PROJECT})
    input = GrepInput

    async def use(self, wish: GrepInput, desk: Desk) -> ToolOutput:
        """Find them; raises Trouble."""
        top = desk.locate(wish.path)
        findings = Findings(self.limits.search_bytes, self.limits.search_paths)
        hunt = Hunt(wish, desk, top, findings)
        complete = await visit(desk, top, hunt.wanted, hunt.look, self.limits.search_s)
        return findings.output(desk, self.limits, complete=complete)
