"""The tool that changes a passage of a file."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

from hocket.api.tools import Effect, ToolOutput
from hocket_plugins.tools.files import content, passage
from hocket_plugins.tools.files.desk import FileTool
from hocket_plugins.tools.files.input import EditInput
from hocket_plugins.tools.files.protection import may_read, may_write
from hocket_plugins.tools.files.replacement import put
from hocket_plugins.tools.files.trouble import Trouble

if TYPE_CHECKING:
    from hocket_plugins.tools.files.confinement import Place
    from hocket_plugins.tools.files.desk import Desk


class Edit(FileTool[EditInput]):
    """Replaces one exact passage, or every occurrence of it."""

    name = "Edit"
    description = (
        "Replace a passage of a UTF-8 text file. old_string must stand in the file exactly once, "
        "or give replace_all. Refused when the file changed since you read it."
    )
    effects = frozenset({Effect.WRITE_WORKSPACE})
    input = EditInput

    async def use(self, wish: EditInput, desk: Desk) -> ToolOutput:
        """Change it; raises Trouble, and then nothing is changed."""
        place = desk.locate(wish.file_path)
        may_write(desk.context, place, self.name)
        may_read(desk.context, place)
        return await asyncio.to_thread(self._change, wish, place, desk)

    def _change(self, wish: EditInput, place: Place, desk: Desk) -> ToolOutput:
        before, old = self._before(place, desk)
        try:
            done = passage.replace(
                before, wish.old_string, wish.new_string, everywhere=wish.replace_all
            )
        except Trouble as cause:
            raise Trouble(f"{place.name}: {cause}") from cause
        after = content.encoded(done.text)
        desk.seen.wrote(place, after, put(place, after, old))
        times, where = len(done.lines), ", ".join(map(str, done.lines[:20]))
        return ToolOutput(
            f"{place.name}: changed at line {where}"
            if times == 1
            else f"{place.name}: changed {times} times, at lines {where}"
        )

    def _before(self, place: Place, desk: Desk) -> tuple[str, os.stat_result]:
        with desk.ground.file(place) as file:
            state = os.fstat(file.fileno())
            if state.st_size > self.limits.edit_bytes:
                most = self.limits.edit_bytes
                raise Trouble(f"{place.name}: it is larger than the {most:,} bytes Edit takes")
            desk.seen.check(place, file)
            raw = file.read()
        text, is_utf8 = content.mended(raw)
        why = content.binary(raw[: content.HEAD]) or (None if is_utf8 else "not UTF-8")
        if why:
            raise Trouble(f"{place.name}: it is {why}; Edit changes UTF-8 text only")
        return text, state
