"""The tool that writes a whole file."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

from hocket.api.tools import Effect, ToolOutput
from hocket_plugins.tools.files import content, passage
from hocket_plugins.tools.files.desk import FileTool
from hocket_plugins.tools.files.input import WriteInput
from hocket_plugins.tools.files.protection import may_write
from hocket_plugins.tools.files.replacement import put

if TYPE_CHECKING:
    from hocket_plugins.tools.files.confinement import Place
    from hocket_plugins.tools.files.desk import Desk


class Write(FileTool[WriteInput]):
    """Makes a file, or replaces one as a whole."""

    name = "Write"
    description = (
        "Write a whole file; missing folders are made. Refused when the file changed since you "
        "read it. To change a part of a file use Edit."
    )
    effects = frozenset({Effect.WRITE_WORKSPACE})
    input = WriteInput

    async def use(self, wish: WriteInput, desk: Desk) -> ToolOutput:
        """Write it; raises Trouble, and then nothing is changed."""
        place = desk.locate(wish.file_path)
        may_write(desk.context, place, self.name)
        return await asyncio.to_thread(self._put, wish, place, desk)

    def _put(self, wish: WriteInput, place: Place, desk: Desk) -> ToolOutput:
        if not os.path.lexists(place.real):
            after = content.encoded(wish.content)
            desk.seen.wrote(place, after, put(place, after, None))
            return ToolOutput(f"{place.name}: made, {len(after):,} bytes")
        with desk.ground.file(place) as file:
            desk.seen.check(place, file)
            state = os.fstat(file.fileno())
            before, _ = content.mended(file.read(self.limits.read_bytes))
        unread = "" if desk.seen.knows(place) else "; you had not read what was there"
        after = content.encoded(passage.with_ends_of(before, wish.content))
        desk.seen.wrote(place, after, put(place, after, state))
        return ToolOutput(f"{place.name}: replaced, {len(after):,} bytes{unread}")
