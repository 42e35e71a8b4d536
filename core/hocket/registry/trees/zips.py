"""Lists the members of a zip by the standard reader, and reads them one by one."""

from __future__ import annotations

import stat
import struct
import zlib
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from hocket.registry.trees.intake import MOST_MEMBERS
from hocket.registry.trees.members import FOLDER, Member, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zipfile import ZipInfo

SIGNATURE = b"PK\x03\x04"
_LISTED = b"PK\x01\x02"
"""How an entry of the directory begins, which is read as a whole: they are counted before."""
_ENCRYPTED, _UTF8 = 0x0041 | 0x2000, 0x0800
_UNIX = 3
_TROUBLE = (BadZipFile, zlib.error, struct.error, ValueError, EOFError, OSError, RuntimeError)
"""What the reader raises for bytes that are no zip; NotImplementedError is a RuntimeError."""


def members(raw: bytes) -> Iterator[Member]:
    """Give every member; raises Unreadable."""
    if raw.count(_LISTED) > MOST_MEMBERS:
        raise Unreadable(f"more than {MOST_MEMBERS:,} members")
    try:
        archive = ZipFile(BytesIO(raw))
    except _TROUBLE as cause:
        raise Unreadable("no zip that can be read") from cause
    for info in archive.infolist():
        name = info.orig_filename.removesuffix("/")
        yield Member(name, _kind(info), info.file_size, partial(_read, archive, info))


def _kind(info: ZipInfo) -> str:
    if strange := _strange(info):
        return strange
    mode = info.external_attr >> 16 if info.create_system == _UNIX else 0
    is_folder = info.orig_filename.endswith("/")
    wanted = stat.S_IFDIR if is_folder else stat.S_IFREG
    if stat.S_IFMT(mode) not in {0, wanted}:
        return "a link" if stat.S_ISLNK(mode) else "a special file"
    if is_folder:
        return FOLDER if not info.file_size else "a folder with content"
    return "x" if mode & stat.S_IXUSR else "f"


def _strange(info: ZipInfo) -> str | None:
    if info.flag_bits & _ENCRYPTED:
        return "encrypted"
    if info.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        return f"compressed by method {info.compress_type}"
    if info.filename != info.orig_filename:
        return "there under two names"
    if not (info.orig_filename.isascii() or info.flag_bits & _UTF8):
        return "named in an unknown encoding"
    return None


def _read(archive: ZipFile, info: ZipInfo) -> bytes:
    """Read what the directory says, no more; the reader compares names and checksum."""
    try:
        with archive.open(info) as file:
            return file.read(info.file_size + 1)
    except _TROUBLE as cause:
        raise Unreadable(f"{info.orig_filename!r} cannot be read") from cause
