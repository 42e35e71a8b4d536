"""Where workspaces lie: a folder each in the person's cache, by project, run and call.

Never in the project: test runners would walk into it. A folder holds the tree, under the name of
the project's own folder, and beside it what hocket needs to bring the changes home after a crash.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from contextlib import suppress
from dataclasses import asdict, dataclass
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hocket.api.calls import Call

_LONGEST = 40
_COMMIT = re.compile(r"([0-9a-f]{40}|[0-9a-f]{64})?")


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of a workspace before it is made."""

    kind: str
    name: str
    """The tree's folder."""
    title: str
    """The call, for the message of a commit."""
    base: str = ""
    branch: str = ""

    @classmethod
    def read(cls, content: bytes) -> Record | None:
        """Read a record; None for anything that hocket would not have written."""
        try:
            fields = cast("dict[str, object]", json.loads(content))
            texts = {name: one for name, one in fields.items() if isinstance(one, str)}
            record = cls(**texts)
        except (ValueError, TypeError, AttributeError, RecursionError):
            return None
        return record if texts == fields and record.is_ours else None

    @property
    def is_ours(self) -> bool:
        """Whether it leads nowhere but into its own folder, and to a branch of hocket's."""
        named = self.name not in {"", ".", ".."} and "/" not in self.name
        branched = self.branch.startswith("hocket/") or not self.branch
        return named and branched and _COMMIT.fullmatch(self.base) is not None


@dataclass(frozen=True, slots=True)
class Entry:
    """The folder of one workspace."""

    folder: Path
    record: Record

    @property
    def run_id(self) -> str:
        """The run it belongs to."""
        return self.folder.parent.name

    @property
    def tree(self) -> Path:
        """The tree that the agent works in."""
        return self.folder / "tree" / self.record.name

    @property
    def gone(self) -> Path:
        """What was the tree, once its changes are kept: leaving is one step."""
        return self.folder / "gone" / self.record.name

    @property
    def index(self) -> Path:
        """The index as it was when the agent began; without it nobody began."""
        return self.folder / "index"

    @property
    def repository(self) -> Path:
        """The history of a copy: a repository of hocket's own, out of its tree."""
        return self.folder / "repository"

    @property
    def excluded(self) -> Path:
        """Names that are no work of the agent's: links into the project."""
        return self.folder / "excluded"

    @property
    def is_there(self) -> bool:
        """Whether anything is where the tree was."""
        return os.path.lexists(self.tree)

    @property
    def is_whole(self) -> bool:
        """Whether the tree is still a folder of ours, not a link put in its place."""
        return self.tree.is_dir() and not self.tree.is_symlink()

    def make(self) -> bool:
        """Make the folder with its record; False when somebody has it."""
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        try:
            self.folder.mkdir(mode=0o700)
        except FileExistsError:
            return False
        self.tree.parent.mkdir()
        self.gone.parent.mkdir()
        draft = self.folder / "record.new"
        draft.write_text(json.dumps(asdict(self.record)), "utf-8")
        draft.rename(self.folder / "record")
        return True

    def leave(self) -> None:
        """Take the tree away in one step; what is left of it is rubbish."""
        if self.is_there:
            self.tree.rename(self.gone)

    def remove(self) -> None:
        """Delete the folder; what cannot be deleted now is tried again by the next clean-up."""
        drop(self.folder)
        with suppress(OSError):
            self.folder.parent.rmdir()


class Shelf:
    """All workspaces of one project."""

    def __init__(self, cache: Path, project: Path) -> None:
        # git names worktrees by their real path.
        self.cache = Path(os.path.realpath(cache))
        self.folder = self.cache / "worktrees" / short(project)

    def entry(self, run_id: str, name: str, record: Record) -> Entry:
        """Name the folder of a workspace."""
        return Entry(self.folder / run_id / name, record)

    def names(self, call: Call) -> Iterator[str]:
        """Offer names for a call: one that runs again may find the first ones taken."""
        first = slug(call)
        yield first
        yield from (f"{first}-{number}" for number in count(2))

    def entries(self) -> Iterator[tuple[Path, Entry | None]]:
        """List the folders of workspaces; None where no record says what it is."""
        for folder in sorted(self.folder.glob("*/*/")):
            record = None
            with suppress(OSError):
                record = Record.read((folder / "record").read_bytes())
            yield folder, Entry(folder, record) if record else None


def short(path: Path) -> str:
    """Give a short name that only this path has."""
    return sha256(os.fsencode(os.path.realpath(path))).hexdigest()[:16]


def slug(call: Call) -> str:
    """Name a call in a branch and a folder: its number, then what its label has of plain words."""
    words = re.sub(r"[^a-z0-9]+", "-", call.label.lower())[:_LONGEST].strip("-")
    return f"{call.number}-{words}" if words else str(call.number)


def drop(folder: Path) -> None:
    """Delete a folder as far as possible, also where an agent took the right to."""
    for path, names, _ in os.walk(folder):
        for name in names:
            inner = Path(path, name)
            with suppress(OSError):
                if not inner.is_symlink():
                    inner.chmod(0o700)
    shutil.rmtree(folder, ignore_errors=True)
