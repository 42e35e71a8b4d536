"""Addresses: everything git would take that is no plain URL is refused before git sees it."""

from __future__ import annotations

import pytest
import shops

from hocket.errors import PackageRefused
from hocket.registry.indexes.rows import Source
from hocket.registry.sources import addresses
from hocket.registry.sources.addresses import Kind

REV = "a" * 40
SHA = "b" * 64
GOOD = "https://git.acme.example/patterns.git"
EVIL = [
    "--upload-pack=touch /tmp/evil",
    "-u",
    "ext::sh -c touch% /tmp/evil",
    "fd::17/foo",
    "file:///srv/registry",
    "http://git.acme.example/x.git",
    "git://git.acme.example/x.git",
    "ftp://git.acme.example/x.git",
    "git@git.acme.example:x.git",
    "https://user:secret@git.acme.example/x.git",
    "https://token@git.acme.example/x.git",
    "ssh://git:secret@git.acme.example/x.git",
    "ssh://-oProxyCommand=evil/x",
    "ssh://-oProxyCommand=evil@host/x",
    "https://git.acme.example/x.git\n--upload-pack=evil",
    "https://git.acme.example/x\x1b[2J",
    "https://git.acme.example/x?y=1",
    "https://git.acme.example/x#y",
    "https://git.acme.example\\@evil.example/x",
    "https://",
    "https://-x.example/y.git",
    "HTTPS://git.acme.example/x.git",
    "gh:acme",
    "gh:acme/a/b",
    "gh:-acme/b",
    "gh:acme/b c",
    "C:\\registry",
    "",
    "./nowhere",
    "~nobody-of-this-name/x",
    "a\0b",
    "./no\nwhere",
]


@pytest.mark.parametrize("text", EVIL)
def test_other_forms_are_refused_everywhere(text, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    if text:
        check = [lambda: addresses.checked("acme/x", Source(git=text, rev=REV))]
    else:
        check = [lambda: addresses.checked("acme/x", Source())]
    for each in (lambda: addresses.read(text or "gone"), *check):
        with pytest.raises(PackageRefused) as caught:
            each()
        assert (caught.value.code, caught.value.exit_code) == ("source", 3)
        assert caught.value.message.isprintable()


@pytest.mark.parametrize(
    "source",
    [
        Source(git=GOOD, rev="main"),
        Source(git=GOOD, rev="a" * 39),
        Source(git=GOOD, rev="A" * 40),
        Source(git=GOOD, rev=""),
        Source(git=GOOD, rev="--output=x"),
        Source(git=GOOD, rev=REV, tag="--upload-pack=x"),
        Source(git=GOOD, rev=REV, tag="v1:refs/heads/main"),
        Source(git=GOOD, rev=REV, subdir="../.."),
        Source(git=GOOD, rev=REV, subdir="a//b"),
        Source(git=GOOD, rev=REV, path="a"),
        Source(path="../../outside"),
        Source(path="/etc"),
        Source(path="a\\b"),
        Source(archive="http://acme.example/x.zip", sha256=SHA),
        Source(archive="https://acme.example/x.zip"),
        Source(archive="https://acme.example/x.zip", sha256="b" * 63),
        Source(),
    ],
)
def test_sources_in_other_forms_are_refused(source):
    with pytest.raises(PackageRefused) as caught:
        addresses.checked("acme/x", source)
    assert (caught.value.code, caught.value.who) == ("source", "acme/x")


def test_what_each_address_is(tmp_path, monkeypatch):
    def told(text):
        found = addresses.read(text)
        return found.kind, found.url, found.folder

    assert told(GOOD) == (Kind.GIT, GOOD, None)
    assert told("ssh://git@acme.example:2222/x.git")[0] is Kind.GIT
    short = "https://github.com/acme/pat.terns.git"
    assert told("gh:acme/pat.terns") == told("gh:acme/pat.terns.git") == (Kind.GIT, short, None)
    for ending in ("zip", "tar.gz", "tgz"):
        url = f"https://acme.example/registry.{ending}"
        assert told(url) == (Kind.ARCHIVE, url, None)
    plain = tmp_path / "plain"
    plain.mkdir()
    (tmp_path / "link").symlink_to(plain)
    monkeypatch.chdir(tmp_path)
    assert told("plain") == told("./link") == (Kind.FOLDER, str(plain), plain)
    shops.committed(plain)
    assert told(str(plain)) == (Kind.GIT, str(plain), plain)
    (plain / "bundles").mkdir()
    assert told("plain/bundles")[0] is Kind.FOLDER
    shops.git(tmp_path, "clone", "-q", "--bare", "plain", "bare")
    assert told("bare")[0] is Kind.GIT
    assert told(told("./link")[1]) == told("./link")
