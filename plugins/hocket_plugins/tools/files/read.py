"""The tool that shows a file."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

from hocket.api.tools import Attachment, Effect, ToolOutput
from hocket_plugins.tools.files import content, window
from hocket_plugins.tools.files.desk import FileTool
from hocket_plugins.tools.files.input import ReadInput
from hocket_plugins.tools.files.protection import is_declared, may_read
from hocket_plugins.tools.files.trouble import Trouble

if TYPE_CHECKING:
    from io import BufferedReader

    from hocket_plugins.tools.files.confinement import Place
    from hocket_plugins.tools.files.desk import Desk


class Read(FileTool[ReadInput]):
    """Shows a window of a text, or hands over a picture or a PDF."""

    name = "Read"
    description = (
        "Show a file of the workspace: text with line numbers, images, PDF. At most 2,000 lines "
        "or 256 KiB at once; use offset and limit for the rest of a long file."
    )
    effects = frozenset({Effect.READ_PROJECT})
    input = ReadInput

    async def use(self, wish: ReadInput, desk: Desk) -> ToolOutput:
        """Show it; raises Trouble."""
        place = desk.locate(wish.file_path)
        is_declared(desk.context, place)
        may_read(desk.context, place)
        text, kind, whole = await asyncio.to_thread(self._read, wish, place, desk)
        # Kept here, not in the thread: the context belongs to the loop.
        attached = (Attachment(kind, desk.context.keep(whole)),) if kind else ()
        return ToolOutput(text, attachments=attached)

    def _read(self, wish: ReadInput, place: Place, desk: Desk) -> tuple[str, str | None, bytes]:
        with desk.ground.file(place) as file:
            head = file.read(content.HEAD)
            file.seek(0)
            kind = content.media_type(head)
            if why := None if kind else content.binary(head):
                size = os.fstat(file.fileno()).st_size
                raise Trouble(f"{place.name}: it is {why} ({size:,} bytes), not shown")
            whole = self._whole(kind, place, file) if kind else b""
            desk.seen.note(place, file)
            said = f"{place.name}: {kind}, {len(whole):,} bytes"
            return said if kind else self._text(wish, file), kind, whole

    def _whole(self, kind: str, place: Place, file: BufferedReader) -> bytes:
        pdf = kind == "application/pdf"
        most = self.limits.pdf_bytes if pdf else self.limits.image_bytes
        whole = file.read(most + 1)
        if len(whole) > most:
            raise Trouble(f"{place.name}: it is {kind} of more than {most:,} bytes, not shown")
        return whole

    def _text(self, wish: ReadInput, file: BufferedReader) -> str:
        lines = min(wish.limit or self.limits.read_lines, self.limits.read_lines)
        seen = window.look(file, wish.offset, lines, self.limits.read_bytes)
        if not seen.lines:
            return _nothing(wish.offset)
        numbered, notes = _numbered(wish.offset, seen)
        return "\n".join((*numbered, *(f"[{note}]" for note in notes)))


def _nothing(first: int) -> str:
    return "[the file is empty]" if first == 1 else f"[the file ends before line {first}]"


def _numbered(first: int, seen: window.Window) -> tuple[list[str], list[str]]:
    raw = b"".join(seen.lines)
    text, is_utf8 = content.mended(raw)
    clean = content.harmless(text)
    last = first + len(seen.lines) - 1
    notes = {
        "the line ends are CRLF": b"\r\n" in raw,
        "not UTF-8: other bytes are shown as \ufffd, and Edit refuses the file": not is_utf8,
        "control characters are not shown": clean != text.replace("\r\n", "\n"),
        f"line {last} is longer than what is shown": seen.cut,
        f"there is more: offset={last + 1}": seen.more and not seen.cut,
    }
    shown = clean.removesuffix("\n").split("\n")
    numbered = [f"{number:6d}\t{line}" for number, line in enumerate(shown, first)]
    return numbered, [note for note, holds in notes.items() if holds]
