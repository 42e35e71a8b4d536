"""A machine of a person, and a registry that changes under it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import shops

from hocket.registry.known.policy import Policy
from hocket.registry.known.registries import Known
from hocket.registry.signatures import signing
from hocket.registry.sources.fetching import Fetcher

NAMESPACE = "hocket-registry@v1"


class Machine:
    """One person's folders, at a time that tests move on."""

    def __init__(self, folder):
        self.data, self.cache, self.now = folder / "data", folder / "cache", shops.NOW

    def known(self, *, offline=False, **policy):
        fetcher = Fetcher(self.cache, offline=offline, env={"PATH": "/usr/bin:/bin"})
        return Known(self.data, self.cache, fetcher, Policy(**policy), offline=offline)

    def add(self, folder, name="", **options):
        known = self.known(**options)
        return known.add(known.offer(str(folder), self.now, name), self.now)

    def later(self, **time):
        self.now += timedelta(**(time or {"hours": 2}))
        return self

    def refresh(self, *accepted, **options):
        return self.known(**options).refresh(None, self.now, accepted=accepted)

    def opened(self, **options):
        return self.known(**options).opened(self.now)

    def files(self):
        """List every file with its bytes, to see that nothing changed."""
        return {
            path.relative_to(self.data): path.read_bytes()
            for path in sorted(self.data.rglob("*"))
            if path.is_file() and path.suffix != ".lock"
        }


class Shop:
    """A registry in a folder, whose owner edits and signs it."""

    def __init__(self, folder):
        self.folder = folder

    @property
    def index(self):
        return self.folder / "registry.toml"

    def edit(self, old, new):
        """Change the index, under a new serial."""
        text = self.index.read_text("utf-8")
        assert re.search(old, text), old
        text = re.sub(old, new, text)
        serial = int(re.search(r"serial = (\d+)", text)[1]) + 1
        self.index.write_text(re.sub(r"serial = \d+", f"serial = {serial}", text), "utf-8")

    def trust(self, *lines, signed_by=None, index=False):
        """Name the signers; a key signs the index too."""
        (self.folder / "allowed_signers").write_text("".join(lines), "utf-8")
        if "trust =" not in self.index.read_text("utf-8"):
            told = f'{{ signers = "allowed_signers", index-signature = {str(index).lower()} }}'
            self.edit("(updated = .*)", rf"\1\ntrust = {told}")
        if signed_by:
            self.sign(signed_by)

    def sign(self, key, name="registry.toml", namespace=NAMESPACE):
        content = (self.folder / name).read_bytes()
        (self.folder / f"{name}.sig").write_text(signing.sign(key, namespace, content), "utf-8")


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path / "home")


@pytest.fixture
def shop(tmp_path):
    return Shop(shops.shop(tmp_path / "shop", "greet", "wave"))


@pytest.fixture(scope="session")
def keys(tmp_path_factory):
    """Give three keys: of before, of after, of a stranger."""
    folder = tmp_path_factory.mktemp("keys")
    return {name: shops.key(folder, name) for name in ("old", "new", "stranger")}
