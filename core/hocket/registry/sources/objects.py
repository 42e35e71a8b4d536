"""Reads commits, lists and blobs of a bare repository; nothing is ever checked out."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, NamedTuple, cast

from hocket.registry.sources.failing import incomplete, refused

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from hocket.registry.sources.git import Git

KINDS = {"100644": "f", "100755": "x"}
OTHERS = {"120000": "a link", "160000": "a submodule"}
_CHUNK = 64 << 10


class Entry(NamedTuple):
    """One line of a listing."""

    mode: str
    id: str
    size: int
    path: str

    @property
    def is_file(self) -> bool:
        """Whether it is a file that may be read."""
        return self.mode in KINDS


@dataclass(frozen=True, slots=True)
class Objects:
    """The objects of one repository."""

    git: Git
    who: str

    def entries(self, rev: str, folder: str, most: int) -> list[Entry]:
        """List all that is beneath a folder of a commit, up to a number of entries.

        A stranger's list may have no end, so reading stops there.
        """
        found: list[Entry] = []
        with self.git.started("ls-tree", "-r", "-z", "-l", f"{rev}:{folder}") as process:
            for line in _lines(_pipe(process.stdout)):
                found.append(self._entry(line))
                if len(found) == most:
                    return found
            code = process.wait()
        if code != 0:
            raise self._unlisted(rev, folder)
        return found

    @contextmanager
    def reading(self) -> Generator[Blobs]:
        """Read any number of objects by one process."""
        with self.git.started("cat-file", "--batch", talks=True) as process:
            yield Blobs(_pipe(process.stdin), _pipe(process.stdout), self.who)

    def _entry(self, line: bytes) -> Entry:
        head, _, path = line.partition(b"\t")
        mode, _kind, name, size = head.decode("ascii").split()
        if not size.isdecimal() and mode in KINDS:
            raise incomplete(self.who, f"the content {name} is not in the repository")
        return Entry(mode, name, int(size) if size.isdecimal() else 0, os.fsdecode(path))

    def _unlisted(self, rev: str, folder: str) -> Exception:
        # A folder that is not there, and one whose list is lost, end alike.
        lost = incomplete(self.who, f"a list of the commit {rev} is not in the repository")
        if self.git.run("cat-file", "-e", f"{rev}^{{tree}}").code != 0:
            return lost
        if self.git.run("rev-parse", "--verify", "--quiet", f"{rev}:{folder}").code != 0:
            return refused(self.who, f"the commit {rev} has no folder {folder!r}")
        kind = self.git.run("cat-file", "-t", f"{rev}:{folder}")
        if kind.code == 0 and kind.out != b"tree\n":
            return refused(self.who, f"{folder!r} is no folder in the commit {rev}")
        return lost


class Blobs:
    """A conversation with `cat-file`: an id goes in, bytes come out."""

    def __init__(self, questions: IO[bytes], answers: IO[bytes], who: str) -> None:
        self._questions, self._answers, self._who = questions, answers, who

    def read(self, name: str, kind: str = "blob") -> bytes:
        """Read one object whole; raises SourceLost if it is not there or is something else."""
        try:
            self._questions.write(f"{name}\n".encode())
            self._questions.flush()
            found, is_kind, size = self._answers.readline().decode("ascii").split()
            content = self._answers.read(int(size))
            is_whole = self._answers.read(1) == b"\n" and len(content) == int(size)
        except (ValueError, BrokenPipeError) as cause:
            raise incomplete(self._who, f"the {kind} {name} is not in the repository") from cause
        if not is_whole or (found, is_kind) != (name, kind):
            raise incomplete(self._who, f"{name} is no whole {kind}")
        return content


def _lines(pipe: IO[bytes]) -> Iterator[bytes]:
    """Split by NUL what comes."""
    left = b""
    while chunk := pipe.read(_CHUNK):
        *whole, left = (left + chunk).split(b"\0")
        yield from whole


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    return cast("IO[bytes]", pipe)
