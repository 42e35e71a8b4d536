"""Lists the members of a tar.gz by the standard reader, and cuts their bytes out of it."""

from __future__ import annotations

import gzip
import tarfile
import zlib
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING

from hocket.registry.trees.intake import MIB, MOST_BYTES, MOST_MEMBERS
from hocket.registry.trees.members import FOLDER, MOST_RATIO, Member, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from tarfile import TarInfo

SIGNATURE = b"\x1f\x8b"
_MOST_HEADER_BYTES = 4096
_FRAME = 2 * tarfile.BLOCKSIZE
"""What each member may take beside its content: a header, and blanks up to the next."""
_MOST_FRAMES = 8 * MIB
"""Headers of many small files become far smaller than any content: they have no ratio."""
_MOST_HELD = MOST_BYTES + MOST_MEMBERS * _FRAME
_OWNER_EXECUTES = 0o100
_OTHERS = {
    tarfile.SYMTYPE: "a link",
    tarfile.LNKTYPE: "a hard link",
    tarfile.CHRTYPE: "a device",
    tarfile.BLKTYPE: "a device",
    tarfile.FIFOTYPE: "a pipe",
}
_TROUBLE = (tarfile.TarError, ValueError, ArithmeticError, EOFError, OSError, RecursionError)


class _Headers(BytesIO):
    """Gives the reader of headers no more than a header needs."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Read; raises Unreadable for a header that is not one."""
        if size is None or not 0 <= size <= _MOST_HEADER_BYTES:
            raise Unreadable("a header is too long")
        return super().read(size)


def members(raw: bytes) -> Iterator[Member]:
    """Give every member; raises Unreadable."""
    held = _unpacked(raw)
    try:
        with tarfile.open(fileobj=_Headers(held), mode="r:", encoding="utf-8") as archive:
            for info in archive:
                yield _member(held, info)
            end = archive.offset
    except _TROUBLE as cause:
        raise Unreadable("no tar.gz that can be read") from cause
    # The reader takes a broken header for the end: nothing may come behind it.
    if len(held.rstrip(b"\0")) > end:
        raise Unreadable("something follows where the archive ends")


def _unpacked(raw: bytes) -> bytes:
    most = min(_MOST_HELD, MOST_RATIO * len(raw) + _MOST_FRAMES)
    try:
        with gzip.GzipFile(fileobj=BytesIO(raw)) as file:
            held = file.read(most + 1)
    except (zlib.error, EOFError, OSError) as cause:
        raise Unreadable("no tar.gz that can be read") from cause
    if len(held) > most:
        raise Unreadable(f"it becomes more than {MOST_RATIO} times its size")
    return held


def _member(held: bytes, info: TarInfo) -> Member:
    if info.size < 0:
        raise Unreadable("a member has less than no bytes")
    cut = partial(_cut, held, info.offset_data, info.size)
    return Member(info.name, _kind(info), info.size, cut)


def _kind(info: TarInfo) -> str:
    if info.isdir():
        return FOLDER
    if info.type not in {tarfile.REGTYPE, tarfile.AREGTYPE} or info.issparse():
        return _OTHERS.get(info.type, "a special file")
    return "x" if info.mode & _OWNER_EXECUTES else "f"


def _cut(held: bytes, start: int, size: int) -> bytes:
    return held[start : start + size]
