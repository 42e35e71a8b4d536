"""A registry on a branch: an edit is one commit, made of objects and moved in one step.

Only the files of the edit are touched, in the commit and in the index of git. A branch that is
not checked out is edited without its files. On the current branch the files are put before the
commit; when an edit was killed in between they are as it wanted them, and the same command typed
again commits them.
"""

from __future__ import annotations

import hashlib
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from hocket.api.inert import visible
from hocket.errors import HocketError
from hocket.registry.authoring.reading import SIGNATURE
from hocket.registry.forms.names import written
from hocket.registry.indexes.index import FILE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hocket.registry.authoring.change import Change
    from hocket.registry.authoring.folder import Folder
    from hocket.registry.authoring.git import Git

_MODES = {"f": "100644", "x": "100755"}
_NONE = ""
_SHA1 = 40


class Branch:
    """A registry in a repository, as one of its branches has it."""

    def __init__(self, git: Git, folder: Folder, branch: str) -> None:
        self._git, self._folder = git, folder
        self._prefix = git.line("rev-parse", "--show-prefix")
        self._current = git.line("symbolic-ref", "-q", "HEAD")
        self._ref = f"refs/heads/{branch}" if branch else self._current
        if not self._ref:
            raise _detached()
        if branch:
            # The one judges the name as people type it, the other what it would stand for.
            git.ask("check-ref-format", "--branch", branch)
            git.ask("check-ref-format", self._ref)
        self._tip = git.line("rev-parse", "-q", "--verify", f"{self._ref}^{{commit}}")
        self._base = self._tip or git.line("rev-parse", "-q", "--verify", "HEAD^{commit}")

    @property
    def is_current(self) -> bool:
        """Whether it is the branch whose files lie in the folder."""
        return self._ref == self._current

    def read(self, path: str) -> bytes | None:
        """Give a file of the last commit."""
        if self._id(path) == _NONE:
            return None
        return self._git.ask("cat-file", "blob", f"{self._base}:{self._prefix}{path}")

    def matching(self, glob: str) -> list[str]:
        """List regular files of the last commit."""
        return [
            path
            for path, (mode, _id) in self._listed.items()
            if mode in _MODES.values()
            and path.count("/") == glob.count("/")
            and fnmatchcase(path, glob)
        ]

    def half_done(self) -> bytes | None:
        """Give the index in the folder when it is another one than the commit has."""
        if not self.is_current:
            return None
        found = self._folder.read(FILE)
        return None if found == self.read(FILE) else found

    def settle(self, change: Change) -> str:
        """Commit the change, and put its files where the branch is the current one."""
        entries = self._objects(change)
        if self.is_current:
            self._judge(change, entries)
            self._folder.put(change)
            self._stage(entries)
        commit = self._commit(change, entries)
        self._git.ask("update-ref", "-m", change.message, self._ref, commit, self._tip or "0" * 40)
        return commit

    def _objects(self, change: Change) -> dict[str, tuple[str, str]]:
        """Write every file of the change into the repository; give mode and id by path."""
        tree = change.tree.entries if change.tree else ()
        files = {FILE: change.index, **change.files}
        files |= {} if change.signature is None else {SIGNATURE: change.signature}
        told = [("f", path, content) for path, content in files.items()]
        told += [(kind, f"{change.folder}/{path}", content) for kind, path, content in tree]
        ids = self._written([content for _kind, _path, content in told])
        return {path: (_MODES[kind], one) for (kind, path, _), one in zip(told, ids, strict=True)}

    def _written(self, contents: Sequence[bytes]) -> list[str]:
        """Write blobs as they are, by one process, and give their ids."""
        with TemporaryDirectory(prefix="hocket-") as folder:
            files = [Path(folder, str(n)) for n in range(len(contents))]
            for file, content in zip(files, contents, strict=True):
                file.write_bytes(content)
            named = "".join(f"{file}\n" for file in files).encode()
            words = ("hash-object", "-w", "--no-filters", "--stdin-paths")
            return self._git.ask(*words, given=named).decode().split()

    def _judge(self, change: Change, entries: Mapping[str, tuple[str, str]]) -> None:
        """Refuse where a person edited what the change would overwrite."""
        staged = self._staged()
        edited = [
            path
            for path, (_mode, new) in sorted(entries.items())
            if not {self._lying(path), staged.get(path, _NONE)} <= {self._id(path), new}
        ]
        if edited:
            listed = ", ".join(visible(path) for path in edited[:3])
            raise HocketError(
                "registry",
                found=f"{listed} differ{'' if len(edited) > 1 else 's'} from the last commit",
                expected="nothing uncommitted in the files to be edited",
                hint=f"Nothing was changed. Commit or undo that first; then: {change.message}",
            )

    def _lying(self, path: str) -> str:
        content = self._folder.read(path)
        return _NONE if content is None else _blob_id(content, len(self._base))

    def _commit(self, change: Change, entries: Mapping[str, tuple[str, str]]) -> str:
        date = written(change.now)
        dated = {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
        with TemporaryDirectory(prefix="hocket-") as folder:
            aside = {"GIT_INDEX_FILE": str(Path(folder, "index"))}
            if self._base:
                self._git.ask("read-tree", self._base, env=aside)
            self._stage(entries, aside)
            tree = self._git.ask("write-tree", env=aside).decode().strip()
        parent = ("-p", self._base) if self._base else ()
        message = change.message.encode()
        made = self._git.ask("commit-tree", tree, *parent, given=message, env=dated)
        return made.decode().strip()

    def _stage(
        self, entries: Mapping[str, tuple[str, str]], env: Mapping[str, str] | None = None
    ) -> None:
        told = b"".join(
            f"{mode} {one}\t{self._prefix}{path}".encode() + b"\0"
            for path, (mode, one) in sorted(entries.items())
        )
        self._git.ask("update-index", "--add", "-z", "--index-info", given=told, env=env)

    def _id(self, path: str) -> str:
        return self._listed.get(path, (_NONE, _NONE))[1]

    @cached_property
    def _listed(self) -> dict[str, tuple[str, str]]:
        """Mode and id of every file of the registry in the last commit."""
        if not self._base:
            return {}
        raw = self._git.ask("ls-tree", "-r", "-z", "--full-tree", self._base)
        return self._own(raw, 2)

    def _staged(self) -> dict[str, str]:
        raw = self._git.ask("ls-files", "-s", "-z", "--full-name")
        return {path: one for path, (_mode, one) in self._own(raw, 1).items()}

    def _own(self, raw: bytes, at: int) -> dict[str, tuple[str, str]]:
        """Read lines of mode, words and path; `at` is the word with the id."""
        found: dict[str, tuple[str, str]] = {}
        for one in raw.split(b"\0"):
            head, _, name = one.partition(b"\t")
            path = name.decode("utf-8", "surrogateescape")
            if path.startswith(self._prefix) and head:
                words = head.decode().split()
                found[path.removeprefix(self._prefix)] = words[0], words[at]
        return found


def _blob_id(content: bytes, digits: int) -> str:
    """Name a file as git does, in a repository whose names are so long."""
    made = hashlib.new("sha256" if digits > _SHA1 else "sha1", usedforsecurity=False)
    made.update(b"blob %d\0" % len(content) + content)
    return made.hexdigest()


def _detached() -> HocketError:
    return HocketError(
        "registry",
        found="no branch is checked out",
        expected="a branch to commit on",
        hint="Nothing was changed. Name one: --branch NAME",
    )
