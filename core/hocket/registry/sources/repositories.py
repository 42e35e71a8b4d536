"""The bare repositories of the cache: one for each address, filled commit by commit.

What is there may be read; what is fetched gets a reference, and a commit counts as here only if
it has one. A process that died while it fetched leaves a mark, and the next one begins anew.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from hocket.api.inert import visible
from hocket.registry.forms import names
from hocket.registry.forms import values as forms
from hocket.registry.forms.names import Unfit
from hocket.registry.sources.complaints import OtherHash, failure, is_unknown
from hocket.registry.sources.failing import Incomplete, SourceLost, offline, on_disk, refused

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from hocket.registry.sources.git import Ended, Git

_MARK = "hocket-fetching"
_HEAD = "refs/hocket/head"
_ALL = 2_147_483_647
"""The depth that git takes for no limit."""
_LONG = "-sha256"


@dataclass(frozen=True, slots=True)
class Repository:
    """What is here of one address."""

    git: Git
    url: str
    offline: bool

    @contextmanager
    def held(self) -> Generator[None]:
        """Keep other processes out of it meanwhile; what turns out damaged is not kept."""
        with on_disk(self.url):
            self.git.folder.parent.mkdir(parents=True, exist_ok=True)
            lock = os.open(f"{self.git.folder}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX)
                yield
            except Incomplete:
                if not self.offline:
                    _discard(self.git.folder)
                raise
            finally:
                os.close(lock)

    def has(self, rev: str) -> bool:
        """Whether a commit is here with all that belongs to it."""
        return self._ref(f"refs/hocket/revs/{rev}").is_file()

    def head(self) -> str:
        """Fetch the newest commit of the default branch and name it; offline the last one."""
        if not self.offline:
            ended = self._fetch(f"+HEAD:{_HEAD}", depth=1)
            if ended.code != 0:
                raise failure(self._who, ended)
        elif not self._ref(_HEAD).is_file():
            known = self.git.folder.with_name(f"{self.git.folder.name}{_LONG}")
            raise OtherHash(self._who, found="") if known.exists() else offline(self._who, "it")
        rev = self._ref(_HEAD).read_text("ascii").strip()
        self._keep(rev)
        return rev

    def need(self, rev: str, tag: str = "") -> None:
        """Have a commit here: by its id, else by its tag, else with all of the default branch.

        Some servers give no bare commit. Wherever it comes from, it must be this one.
        """
        if self.has(rev):
            return
        if self.offline:
            raise offline(self._who, f"commit {rev}")
        ways = [(rev, 1)] + ([(f"refs/tags/{tag}", 1)] if tag else []) + [("HEAD", _ALL)]
        for what, depth in ways:
            ended = self._fetch(f"+{what}:refs/hocket/fetched", depth=depth)
            if ended.code == 0 and self._is_here(rev):
                self._keep(rev)
                return
            if ended.code != 0 and not is_unknown(ended):
                raise failure(self._who, ended)
        hint = "Nothing of it was taken. A tag that was moved has another commit."
        raise refused(self._who, f"has no commit {rev}", hint)

    def tags(self) -> dict[str, str]:
        """Ask which tags there are, each with its commit."""
        if self.offline:
            raise offline(self._who, "the list of its tags")
        self._begin()
        ended = self.git.run("ls-remote", "--tags", "--quiet", "--", self.url)
        if ended.code != 0:
            raise failure(self._who, ended)
        lines = ended.out.decode("utf-8", "backslashreplace").splitlines()
        # What an annotated tag stands for comes after it, as the same name with `^{}`.
        found = dict(tag for line in lines for tag in _tag(line))
        return dict(sorted(found.items()))

    @property
    def _who(self) -> str:
        return visible(self.url)

    def _ref(self, name: str) -> Path:
        return self.git.folder / name

    def _is_here(self, rev: str) -> bool:
        ended = self.git.run("rev-parse", "--verify", "--quiet", f"{rev}^{{commit}}")
        return ended.out.decode("ascii").strip() == rev

    def _keep(self, rev: str) -> None:
        if not self.has(rev):
            self.git.run("update-ref", f"refs/hocket/revs/{rev}", rev)

    def _fetch(self, what: str, *, depth: int) -> Ended:
        self._begin()
        mark = self.git.folder / _MARK
        mark.touch()
        words = ("fetch", "--quiet", "--no-write-fetch-head", f"--depth={depth}", "--no-tags")
        try:
            return self.git.run(*words, "--no-recurse-submodules", "--", self.url, what)
        finally:
            # An exception stopped git as well; a killed process comes not here.
            self._swept()
            mark.unlink()

    def _begin(self) -> None:
        """Have a repository that nobody left half-done."""
        folder = self.git.folder
        if (folder / _MARK).exists() or not (folder / "HEAD").exists():
            _discard(folder)
            made = Path(mkdtemp(prefix=".new-", dir=folder.parent))
            form = "sha256" if folder.name.endswith(_LONG) else "sha1"
            words = ("init", "--quiet", "--bare", "--template=", f"--object-format={form}")
            ended = self.git.run(*words, "--", str(made))
            if ended.code != 0:
                raise SourceLost(self._who, found=ended.words, code="io")
            made.replace(folder)

    def _swept(self) -> None:
        """Take away locks and halves of packs that a stopped git left."""
        for left in (*self.git.folder.glob("*.lock"), *self.git.folder.glob("objects/pack/tmp_*")):
            left.unlink(missing_ok=True)


def folder_name(url: str, *, is_long: bool) -> str:
    """Say under which name the repository of an address is kept, for either hash."""
    return hashlib.sha256(url.encode()).hexdigest()[:32] + (_LONG if is_long else "")


def _tag(line: str) -> Iterator[tuple[str, str]]:
    """Read a line of a list of tags; names that no row could have are left out."""
    rev, _, ref = line.partition("\t")
    name = ref.removeprefix("refs/tags/").removesuffix("^{}")
    with suppress(Unfit):
        yield forms.tag(name), names.rev(rev)


def _discard(folder: Path) -> None:
    if folder.exists():
        # A git that outlived its hocket goes on writing there, in nobody's way.
        trash = Path(mkdtemp(prefix=".old-", dir=folder.parent))
        folder.replace(trash / "it")
        shutil.rmtree(trash, ignore_errors=True)
