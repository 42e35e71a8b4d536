"""The two facts a store reads out of a journal: its last epoch, and when it was begun."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING
from zlib import crc32

from hocket_plugins.stores.files.folder import read_at
from hocket_plugins.stores.files.steal import JOURNAL

if TYPE_CHECKING:
    from hocket_plugins.stores.files.folder import Folder

_TAIL = 1 << 18
"""Several times the longest line: the last whole record lies in it."""
_RECORD = re.compile(rb'\{"crc":"([0-9a-f]{8})",("n":\d{1,15},"e":(\d{1,15}),.*)', re.DOTALL)
_BORN = re.compile(rb'"n":0,"e":\d{1,15},"t":"header","at":(\d{1,15}),')
_HEAD = 200


def last_epoch(folder: Folder) -> int:
    """Read the epoch of the journal's last whole record; 0 when there is none."""
    try:
        fd = folder.open(JOURNAL, os.O_RDONLY)
    except FileNotFoundError:
        return 0
    try:
        size = os.fstat(fd).st_size
        tail = read_at(fd, max(0, size - _TAIL), _TAIL)
        return _last_epoch(tail) or _last_epoch(read_at(fd, 0, size))
    finally:
        os.close(fd)


def _last_epoch(lines: bytes) -> int:
    for line in reversed(lines.split(b"\n")):
        found = _RECORD.fullmatch(line)
        if found and found[1] == b"%08x" % crc32(found[2]):
            return int(found[3])
    return 0


def born_ms(folder: Folder) -> int:
    """Say when the run was begun; for one without a header, when its folder last changed."""
    found = _BORN.search(folder.read(JOURNAL, _HEAD) or b"")
    return int(found[1]) if found else os.fstat(folder.fd).st_mtime_ns // 1_000_000
