"""Hostile archives and their benign twins, with the means to write what no tool would write.

They are small: a bomb is zeros, and what is large only says so.
"""

from __future__ import annotations

import gzip
import io
import stat
import tarfile
import warnings
import zipfile
from typing import TYPE_CHECKING, NamedTuple

from hostile_trees import GOOD, MIB, Case

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Item(NamedTuple):
    """A member of an archive, as it is to be written."""

    name: str
    content: bytes = b""
    mode: int = stat.S_IFREG | 0o644
    type: bytes = tarfile.REGTYPE
    headers: tuple[tuple[str, str], ...] = ()


def files(contents: Mapping[str, bytes]) -> list[Item]:
    """Take plain files."""
    return [Item(name, content) for name, content in contents.items()]


def zipped(items: Iterable[Item], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Write a zip, whatever its members are called."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", packing) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for item in items:
            info = zipfile.ZipInfo(item.name)
            info.create_system, info.external_attr = 3, item.mode << 16
            info.compress_type = packing
            archive.writestr(info, item.content)
    return held.getvalue()


def tarred(items: Iterable[Item], level: int = 6) -> bytes:
    """Write a tar.gz, whatever its members are called."""
    return gzip.compress(tar(items), level, mtime=0)


def tar(items: Iterable[Item]) -> bytes:
    """Write a tar."""
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for item in items:
            info = tarfile.TarInfo(item.name)
            info.mode, info.type, info.size = item.mode & 0o777, item.type, len(item.content)
            info.linkname = "../evil" if item.type in {tarfile.SYMTYPE, tarfile.LNKTYPE} else ""
            info.pax_headers = dict(item.headers)
            archive.addfile(info, io.BytesIO(item.content))
    return held.getvalue()


def noise(size: int) -> bytes:
    """Give bytes that no packing makes much smaller."""
    found, state = bytearray(), 1
    while len(found) < size:
        state = state * 6364136223846793005 + 1442695040888963407 & (1 << 64) - 1
        found += state.to_bytes(8, "big")
    return bytes(found[:size])


def _flagged(raw: bytes, bits: int) -> bytes:
    """Set bits of the flags of a zip's only member, in both its headers."""
    changed = bytearray(raw)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = raw.index(signature) + offset
        flags = int.from_bytes(raw[place : place + 2], "little") | bits
        changed[place : place + 2] = flags.to_bytes(2, "little")
    return bytes(changed)


def _declared(raw: bytes, size: int) -> bytes:
    """Let the directory of a zip say another size of its only member."""
    place = raw.index(b"PK\x01\x02") + 24
    return raw[:place] + size.to_bytes(4, "little") + raw[place + 4 :]


def _broken(raw: bytes, block: int) -> bytes:
    """Break a header in the middle of a tar."""
    return raw[: block * 512 + 148] + b"xxxxxx" + raw[block * 512 + 154 :]


GOOD_ITEMS = files(GOOD)
_LINKS = stat.S_IFLNK | 0o777
_PIPE = stat.S_IFIFO | 0o644
_ONE = zipped([Item("one.md", b"some words, not many")], zipfile.ZIP_STORED)
_ZEROS = [Item("zeros.bin", bytes(12 * MIB))]
_THREE = tar(files({"a": b"1", "b": b"2", "c": b"3"}))


def _typed(kind: bytes, **more: str) -> bytes:
    return tarred([*GOOD_ITEMS, Item("evil", type=kind, headers=tuple(more.items()))])


HOSTILE_ARCHIVES = [
    Case("zip: link", zipped([*GOOD_ITEMS, Item("evil", b"/etc", _LINKS)]), "'evil': is a link"),
    Case("zip: pipe", zipped([*GOOD_ITEMS, Item("evil", b"", _PIPE)]), "'evil': is a special file"),
    Case("zip: folder that is a file", zipped([Item("evil/")]), "'evil': is a special file"),
    Case(
        "zip: folder with content",
        zipped([Item("evil/", b"x", stat.S_IFDIR)]),
        "'evil': is a folder with content",
    ),
    Case("zip: twice", zipped([*GOOD_ITEMS, Item("SKILL.md", b"x")]), "'SKILL.md': is there twice"),
    Case("zip: encrypted", _flagged(_ONE, 1), "'one.md': is encrypted"),
    Case("zip: strongly encrypted", _flagged(_ONE, 0x40), "'one.md': is encrypted"),
    Case(
        "zip: other packing",
        zipped(GOOD_ITEMS, zipfile.ZIP_LZMA),
        "'SKILL.md': is compressed by method 14",
    ),
    Case(
        "zip: name with NUL",
        _ONE.replace(b"one.md", b"o\0e.md"),
        "'o\\x00e.md': is there under two names",
    ),
    Case(
        "zip: name in no encoding",
        _ONE.replace(b"one.md", b"\xe9ne.md"),
        "is named in an unknown encoding",
    ),
    Case(
        "zip: name in a wrong encoding",
        _flagged(_ONE.replace(b"one.md", b"\xe9ne.md"), 0x800),
        "no zip that can be read",
    ),
    Case(
        "zip: another name inside", _ONE.replace(b"one.md", b"two.md", 1), "'one.md' cannot be read"
    ),
    Case("zip: changed content", _ONE.replace(b"words", b"weeds"), "'one.md' cannot be read"),
    Case("zip: less than it says", _declared(_ONE, 30), "'one.md': has other than the 30 bytes"),
    Case("zip: more than it says", _declared(_ONE, 10), "'one.md' cannot be read"),
    Case("zip: bomb", zipped(_ZEROS), "it becomes more than 50 times its size"),
    Case(
        "zip: bomb that says little", _declared(zipped(_ZEROS), 1000), "'zeros.bin' cannot be read"
    ),
    Case("zip: members", b"PK\x03\x04" + b"PK\x01\x02" * 100_001, "more than 100,000 members"),
    Case("zip: cut", _ONE[:-30], "no zip that can be read"),
    Case("zip: empty", zipped([]), "neither zip nor tar.gz"),
    Case("zip: behind something", b"#!/bin/sh\n" + _ONE, "neither zip nor tar.gz"),
    Case("tar: link", _typed(tarfile.SYMTYPE), "'evil': is a link"),
    Case("tar: hard link", _typed(tarfile.LNKTYPE), "'evil': is a hard link"),
    Case("tar: device", _typed(tarfile.CHRTYPE), "'evil': is a device"),
    Case("tar: block device", _typed(tarfile.BLKTYPE), "'evil': is a device"),
    Case("tar: pipe", _typed(tarfile.FIFOTYPE), "'evil': is a pipe"),
    Case("tar: contiguous", _typed(tarfile.CONTTYPE), "'evil': is a special file"),
    Case("tar: unknown", _typed(b"Z"), "'evil': is a special file"),
    Case(
        "tar: sparse",
        tarred(
            [
                Item(
                    "evil",
                    b"0\n" + bytes(510),
                    headers=(
                        ("GNU.sparse.major", "1"),
                        ("GNU.sparse.minor", "0"),
                        ("GNU.sparse.name", "evil"),
                        ("GNU.sparse.realsize", "9" * 12),
                    ),
                )
            ]
        ),
        "'evil': is a special file",
    ),
    Case(
        "tar: link, then through it",
        tarred([Item("a", type=tarfile.SYMTYPE), Item("a/b", b"x"), *GOOD_ITEMS]),
        "'a': is a link",
    ),
    Case("tar: twice", tarred([*GOOD_ITEMS, Item("SKILL.md", b"x")]), "'SKILL.md': is there twice"),
    Case(
        "tar: less than nothing",
        _typed(tarfile.REGTYPE, size="-512"),
        "a member has less than no bytes",
    ),
    Case("tar: long header", _typed(tarfile.REGTYPE, comment="x" * 5000), "a header is too long"),
    Case("tar: bomb", tarred(_ZEROS), "it becomes more than 50 times its size"),
    Case(
        "tar: small bomb",
        tarred([Item("zeros.bin", bytes(MIB // 2))]),
        "it becomes more than 50 times its size",
    ),
    Case(
        "tar: broken first header", gzip.compress(_broken(_THREE, 0)), "no tar.gz that can be read"
    ),
    Case(
        "tar: broken header inside",
        gzip.compress(_broken(_THREE, 2)),
        "something follows where the archive ends",
    ),
    Case(
        "tar: something behind",
        gzip.compress(_THREE + b"more"),
        "something follows where the archive ends",
    ),
    Case(
        "tar: cut",
        gzip.compress(tar([Item("a", noise(2000))])[:1500]),
        "no tar.gz that can be read",
    ),
    Case("tar: cut gzip", tarred(GOOD_ITEMS)[:-20], "no tar.gz that can be read"),
    Case("tar: nothing", tarred([]), "no files"),
    Case("tar: not packed", tar(GOOD_ITEMS), "neither zip nor tar.gz"),
    Case("gzip of words", gzip.compress(b"words " * 200), "no tar.gz that can be read"),
    Case("words", b"words", "neither zip nor tar.gz"),
    Case("no bytes", b"", "neither zip nor tar.gz"),
    Case("larger than any package", lambda: bytes(64 * MIB + 1), "an archive of more than 64 MiB"),
]


def streamed(items: Iterable[Item]) -> bytes:
    """Write a zip as a server does that cannot go back: sizes stand behind the contents."""
    parts: list[bytes] = []

    class Stream(io.RawIOBase):
        def writable(self) -> bool:
            return True

        def write(self, part: object, /) -> int:
            parts.append(bytes(part))
            return len(parts[-1])

    with zipfile.ZipFile(Stream(), "w", zipfile.ZIP_DEFLATED) as archive:
        for item in items:
            archive.writestr(item.name, item.content)
    return b"".join(parts)


def of_git(items: Iterable[Item]) -> bytes:
    """Write a tar.gz as `git archive` does: its commit stands in a header of its own."""
    held = io.BytesIO()
    comment = {"comment": "1f0c9ab2e41d" * 3}
    with tarfile.open(fileobj=held, mode="w", pax_headers=comment) as archive:
        for item in items:
            info = tarfile.TarInfo(item.name)
            info.size = len(item.content)
            archive.addfile(info, io.BytesIO(item.content))
    return gzip.compress(held.getvalue())


_FOLDER = stat.S_IFDIR | 0o755


def _beneath(top: str) -> list[Item]:
    folders = [Item(f"{top}", mode=_FOLDER, type=tarfile.DIRTYPE)] if top else []
    inner = Item(f"{top}references/", mode=_FOLDER, type=tarfile.DIRTYPE)
    return [*folders, inner, *(Item(f"{top}{path}", content) for path, content in GOOD.items())]


BENIGN_ARCHIVES = {
    f"{name}{top or 'bare'}": form(_beneath(top))
    for name, form in (("zip: ", zipped), ("tar: ", tarred))
    for top in ("", "demo-1.0/", "./", "./demo/")
} | {
    "zip: streamed": streamed(GOOD_ITEMS),
    "tar: of git": of_git([item._replace(name=f"demo-1.0/{item.name}") for item in GOOD_ITEMS]),
    "tar: many headers": tarred(
        [
            *GOOD_ITEMS,
            *(Item(f"empty/{n}/", mode=_FOLDER, type=tarfile.DIRTYPE) for n in range(3000)),
        ]
    ),
}
"""All of them hold what GOOD holds."""
