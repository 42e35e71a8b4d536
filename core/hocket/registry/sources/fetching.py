"""Fetches registries and packages: from git, from archives and from folders."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from hocket import bundled
from hocket.api.protocols import Tree
from hocket.registry.sources import addresses, local, typed
from hocket.registry.sources.addresses import Kind
from hocket.registry.sources.archive_cache import Archives
from hocket.registry.sources.complaints import OtherHash
from hocket.registry.sources.failing import on_disk, refused
from hocket.registry.sources.git import Git, surroundings
from hocket.registry.sources.git_trees import read_tree
from hocket.registry.sources.limits import Limits
from hocket.registry.sources.objects import Objects
from hocket.registry.sources.repositories import Repository, folder_name
from hocket.registry.sources.served import Served
from hocket.registry.sources.typed import Typed
from hocket.registry.sources.wanted import Offer, served
from hocket.registry.trees.archives import read_archive
from hocket.registry.trees.folders import read_folder
from hocket.registry.trees.intake import MOST_MEMBERS, checked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import httpx2

    from hocket.registry.indexes.rows import Source
    from hocket.registry.sources.addresses import Address

_WHOLE = Limits()
_SHA1 = 40
COMPILED, NOTHING = frozenset({"__pycache__"}), frozenset[str]()


class Fetcher:
    """Everything that comes from elsewhere comes through here; it writes into its cache only."""

    def __init__(
        self,
        cache: Path,
        *,
        offline: bool = False,
        interactive: bool = False,
        env: Mapping[str, str] = os.environ,
        limits: Limits = _WHOLE,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        self._cache, self._offline, self._interactive = cache, offline, interactive
        self._env, self._limits = env, limits
        self._archives = Archives(cache / "archives", limits, offline, transport)

    def registry(self, url: str) -> Served:
        """Fetch what a registry serves now; offline what it served last."""
        address = addresses.read(url)
        if address.kind is Kind.GIT:
            return self._git_registry(address)
        if address.kind is Kind.ARCHIVE:
            rev, raw = self._archives.newest(address.url)
            tree = read_archive(address.url, raw)
            return Served(address.url, rev, served(address.url, partial(_offers_of, tree)))
        with on_disk(address.url):
            found = served(address.url, partial(local.offers, address.url, Path(address.url)))
        return Served(address.url, "", found, address.folder)

    def tree(self, who: str, source: Source, url: str, rev: str) -> Tree:
        """Fetch the files of a version that a registry at `url` lists, as of its commit `rev`."""
        addresses.checked(who, source)
        if source.git:
            address = addresses.read(source.git)
            return self._git_tree(who, address, source, source.rev)
        if source.archive:
            return read_archive(who, self._archives.get(source.archive, source.sha256))
        address = addresses.read(url)
        if address.kind is Kind.GIT and rev:
            return self._git_tree(who, address, source, rev)
        if address.kind is Kind.ARCHIVE:
            whole = read_archive(who, self._archives.get(address.url, rev))
            return _beneath(who, whole, source.path)
        if address.folder is None:
            raise refused(who, "a path of a repository needs its commit")
        litter = COMPILED if address.folder == bundled.root() else NOTHING
        return read_folder(who, address.folder, source.path, litter)

    def typed(self, spec: str, project: Path | None) -> Typed:
        """Fetch what a person typed; a folder must lie in the project if there is one."""
        read = typed.read(spec, project)
        if read.folder is not None:
            tree = read_folder(read.name, read.folder)
        else:
            tree = self.tree(read.name, read.source, "", "")
        return Typed(read.name, str(read.source), read.source, tree)

    def commit_time(self, url: str, rev: str) -> datetime:
        """Say when a commit was made."""
        address = addresses.read(url)
        repository = self._repository(address, is_long=len(rev) > _SHA1)
        with repository.held():
            repository.need(rev)
            with Objects(repository.git, address.url).reading() as blobs:
                raw = blobs.read(rev, "commit")
        return _time(address.url, raw)

    def tags(self, url: str) -> Mapping[str, str]:
        """List the tags of a repository, each with its commit."""
        repository = self._repository(addresses.read(url))
        with repository.held():
            return repository.tags()

    def _git_registry(self, address: Address) -> Served:
        try:
            return self._newest(address, self._repository(address))
        except OtherHash:
            return self._newest(address, self._repository(address, is_long=True))

    def _newest(self, address: Address, repository: Repository) -> Served:
        objects = Objects(repository.git, address.url)
        with repository.held():
            rev = repository.head()
            listed = objects.entries(rev, "", MOST_MEMBERS)
            if len(listed) == MOST_MEMBERS:
                raise refused(address.url, f"{MOST_MEMBERS:,} files or more")
            with objects.reading() as blobs:
                offers = [
                    Offer(one.path, one.size, partial(blobs.read, one.id))
                    for one in listed
                    if one.is_file
                ]
                found = served(address.url, lambda: offers)
        return Served(address.url, rev, found, address.folder)

    def _git_tree(self, who: str, address: Address, source: Source, rev: str) -> Tree:
        if address.kind is not Kind.GIT:
            raise refused(who, "is no git repository")
        repository = self._repository(address, is_long=len(rev) > _SHA1)
        with repository.held():
            repository.need(rev, source.tag)
            return read_tree(Objects(repository.git, who), rev, source.subdir or source.path)

    def _repository(self, address: Address, *, is_long: bool = False) -> Repository:
        env = surroundings(
            self._env, is_local=address.folder is not None, interactive=self._interactive
        )
        folder = self._cache / "git" / folder_name(address.url, is_long=is_long)
        git = Git(folder, env, self._limits, self._interactive)
        return Repository(git, address.url, self._offline)


def _offers_of(tree: Tree) -> Iterator[Offer]:
    for _kind, path, content in tree.entries:
        yield Offer(path, len(content), partial(bytes, content))


def _beneath(who: str, whole: Tree, folder: str) -> Tree:
    entries = (
        (kind, path.removeprefix(f"{folder}/"), content)
        for kind, path, content in whole.entries
        if path.startswith(f"{folder}/")
    )
    return checked(who, Tree(tuple(entries)))


def _time(who: str, commit: bytes) -> datetime:
    head = commit.partition(b"\n\n")[0].splitlines()
    told = next((line for line in head if line.startswith(b"committer ")), b"")
    try:
        return datetime.fromtimestamp(int(told.split()[-2]), UTC)
    except (ValueError, IndexError, OverflowError, OSError) as cause:
        raise refused(who, "has a commit without a time") from cause
