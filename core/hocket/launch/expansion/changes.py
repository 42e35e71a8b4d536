"""`git-diff`: what was changed, as hunks."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from hocket.launch.expansion.found import EVERY, Found, Nowhere, Unusable, pointer
from hocket.launch.expansion.ground import PROJECT
from hocket.launch.expansion.hunks import added, hunks
from hocket.launch.expansion.reading import text_in
from hocket.launch.expansion.tracked import Tracked
from hocket.launch.values import MOST_BYTES

if TYPE_CHECKING:
    from hocket.launch.expansion.asking import Asking
    from hocket.launch.expansion.hunks import Hunk

_DIFF = (
    *("diff", "--no-ext-diff", "--no-textconv", "--no-color", "--no-renames", "--unified=3"),
    *("--inter-hunk-context=0", "--src-prefix=a/", "--dst-prefix=b/", "--ignore-submodules=all"),
)
"""No program of the repository runs, and no setting of it changes how a patch is written."""
_MAIN = ("refs/remotes/origin/HEAD", "origin/main", "origin/master", "main", "master")
_WANTED = "a commit, branch or range like main..HEAD"


def changes(asking: Asking) -> Found:
    """List the hunks."""
    typed = asking.word if asking.typed else ""
    tracked = Tracked.of(asking.ground.root)
    if tracked is None:
        raise Nowhere("the project is no git repository", "one, for its changes")
    read = asking.reader.redactor.text
    found = [hunk.value() for hunk in Changes(asking, tracked).typed(typed)]
    for hunk in found:
        hunk["text"] = read(str(hunk["text"]))
    return Found([*found], _outside(asking, [str(hunk["file"]) for hunk in found]))


class Changes:
    """What git says was changed."""

    def __init__(self, asking: Asking, tracked: Tracked) -> None:
        self._asking = asking
        self._git = tracked

    def typed(self, ref: str) -> list[Hunk]:
        """Give the changes since a commit, in a range, or those that are not committed."""
        if not ref:
            return self._uncommitted() or self._branch()
        dots = "..." if "..." in ref else ".."
        begin, is_range, end = ref.partition(dots)
        if is_range:
            return self._diff(f"{self._commit(begin)}{dots}{self._commit(end)}")
        return [*self._diff(self._commit(ref)), *self._new()]

    def _uncommitted(self) -> list[Hunk]:
        return [*self._diff(self._known("HEAD") or self._nothing()), *self._new()]

    def _nothing(self) -> str:
        """Name the tree without files, which every repository knows."""
        return os.fsdecode(self._git.ask("hash-object", "-t", "tree", os.devnull).out.strip())

    def _branch(self) -> list[Hunk]:
        """Compare the branch with where it left the main one."""
        head = self._known("HEAD")
        main = next((one for name in _MAIN if (one := self._known(name))), None)
        if head is None or main is None or head == main:
            return []
        return self._diff(f"{main}...{head}")

    def _diff(self, what: str) -> list[Hunk]:
        prefix = self._git.repository.prefix
        relative = (f"--relative={prefix}",) if prefix else ("--no-relative",)
        ended = self._git.ask(*_DIFF, *relative, what, "--")
        if ended.code:
            said = ended.err.decode("utf-8", "replace").strip().splitlines()
            raise Unusable(f"git diff failed ({said[-1] if said else ended.code})", _WANTED)
        if len(ended.out) > MOST_BYTES:
            raise Unusable("the changes are larger than 4 MiB", "a narrower range")
        return [*hunks(ended.out.decode("utf-8", "replace"))]

    def _new(self) -> list[Hunk]:
        """Give files that git does not know yet as hunks that add all of them."""
        found: list[Hunk] = []
        left = MOST_BYTES
        for name in self._git.names(untracked_only=True):
            content = self._content(name)
            left -= len(content)
            if left < 0:
                raise Unusable(
                    "files that are not committed are larger than 4 MiB",
                    "fewer of them, or a range",
                )
            if text := text_in(content):
                found.append(added(name, text))
        return found

    def _content(self, name: str) -> bytes:
        """Read a file; what is not a regular one has no text."""
        place = self._asking.ground.root / name
        if place.is_symlink() or not place.is_file():
            return b""
        return self._asking.reader.content(place, name)

    def _commit(self, ref: str) -> str:
        """Find a commit; a side of a range that nobody named is the last one."""
        found = self._known(ref or "HEAD")
        if found is None:
            raise Unusable(f"'{ref}' is no commit here", _WANTED)
        return found

    def _known(self, ref: str) -> str | None:
        ended = self._git.ask(
            "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}"
        )
        return None if ended.code else os.fsdecode(ended.out.strip())


def _outside(asking: Asking, files: list[str]) -> dict[str, tuple[str, ...]]:
    words = ("file", "text")
    if not asking.ground.is_trusted:
        return {pointer(EVERY, word): (PROJECT,) for word in words}
    doubted = [at for at, file in enumerate(files) if asking.ground.doubts.hold(file)]
    return {pointer(at, word): (files[at],) for at in doubted for word in words}
