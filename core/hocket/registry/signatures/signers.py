"""Reads a file of signers (`allowed_signers` of ssh), more strictly than ssh does.

ssh knows patterns, authorities and lines that hold for every namespace. Each of them would let a
key speak for more than a person sees, so a file with one of them is refused as a whole.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64decode
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.registry.forms.names import Unfit, quoted
from hocket.registry.indexes.statement import INDEX_NAMESPACE, NAMESPACE
from hocket.registry.signatures import sshsig
from hocket.registry.signatures.refusing import all_refused, refused
from hocket.registry.signatures.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_BYTES, MOST_IN_A_LINE = 1 << 20, 16 << 10
OURS = frozenset((NAMESPACE, INDEX_NAMESPACE))

_TYPES = frozenset(
    (
        "ssh-ed25519",
        "ssh-rsa",
        "sk-ssh-ed25519@openssh.com",
        "sk-ecdsa-sha2-nistp256@openssh.com",
        "ecdsa-sha2-nistp256",
        "ecdsa-sha2-nistp384",
        "ecdsa-sha2-nistp521",
    )
)
_WORD = r"[A-Za-z0-9@._+/:-]+"
_WORDS = re.compile(rf"{_WORD}(?:,{_WORD})*", re.ASCII)
_OPTION = re.compile(r'([A-Za-z-]+)(?:="([^"\\]*)")?', re.ASCII)
_LINE = re.compile(
    r"(\S+)(?:[ \t]+([^\s=]+=\S*|cert-authority))?[ \t]+(\S+)[ \t]+(\S+)(?:[ \t].*)?"
)
_MOMENT = re.compile(r"[0-9]{8}(?:[0-9]{4}(?:[0-9]{2})?)?Z?", re.ASCII)
_LIMITS = ("valid-after", "valid-before")


@dataclass(frozen=True, slots=True)
class Signer:
    """A key, who signs with it, and what for."""

    principals: tuple[str, ...]
    key: bytes
    namespaces: frozenset[str]
    limits: Mapping[str, str]
    """`valid-after` and `valid-before`, as they were written."""

    @property
    def fingerprint(self) -> str:
        """Name the key as ssh does."""
        return sshsig.fingerprint(self.key)

    def speaks(self, who: str, namespace: str) -> bool:
        """Whether the key is that person's, for that purpose."""
        return who in self.principals and namespace in self.namespaces


@dataclass(frozen=True, slots=True)
class Signers:
    """All keys of a registry."""

    all: tuple[Signer, ...]

    @property
    def principals(self) -> tuple[str, ...]:
        """Name everybody, sorted."""
        return tuple(sorted({who for one in self.all for who in one.principals}))

    @property
    def fingerprints(self) -> Mapping[str, tuple[str, ...]]:
        """Give the keys of everybody, as a person compares them."""
        return {
            who: tuple(sorted({one.fingerprint for one in self.all if who in one.principals}))
            for who in self.principals
        }

    def of(self, key: bytes) -> list[Signer]:
        """Find the lines of a key."""
        return [one for one in self.all if one.key == key]


def hash(content: bytes) -> str:  # noqa: A001  (read as `signers.hash`)
    """Give the hash that pins a file of signers."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def read(content: bytes, who: str = "allowed_signers") -> Signers:
    """Read the file; raises PackageRefused with every line that is not taken."""
    if len(content) > MOST_BYTES:
        raise refused(who, f"{len(content):,} bytes, {MOST_BYTES:,} allowed")
    found: list[Signer] = []
    problems: list[str] = []
    for number, raw in enumerate(content.split(b"\n"), 1):
        try:
            text = _text(raw)
            found += [_signer(text)] if text and not text.startswith("#") else []
        except Unfit as unfit:
            problems.append(f"line {number}: {unfit}")
    if not found and not problems:
        problems.append("names nobody")
    all_refused(who, problems)
    return Signers(tuple(found))


def _text(raw: bytes) -> str:
    if len(raw) > MOST_IN_A_LINE:
        raise Unfit(f"has {len(raw):,} bytes, {MOST_IN_A_LINE:,} allowed")
    try:
        text = raw.decode()
    except UnicodeDecodeError as cause:
        raise Unfit("is not UTF-8") from cause
    if any(one < " " and one != "\t" for one in text):
        raise Unfit("holds a control character")
    return text.strip(" \t")


def _signer(text: str) -> Signer:
    parts = _LINE.fullmatch(text)
    if parts is None:
        raise Unfit('is not WHO namespaces="…" TYPE KEY')
    who, options, kind, key = (parts[at] or "" for at in range(1, 5))
    if not _WORDS.fullmatch(who):
        raise Unfit(f"{quoted(who)} is no list of names: patterns could be anybody")
    told = _options(options)
    namespaces = frozenset(told.pop("namespaces", "").split(",")) - {""}
    if not namespaces & OURS:
        raise Unfit(f"allows neither {NAMESPACE} nor {INDEX_NAMESPACE}")
    return Signer(tuple(who.split(",")), _key(kind, key), namespaces, told)


def _options(text: str) -> dict[str, str]:
    told: dict[str, str] = {}
    # ssh reads them in any case, so a capital may not hide one.
    for name, value in _split(text):
        if name == "cert-authority":
            raise Unfit("cert-authority: an authority could make anybody a signer")
        if name == "namespaces" and not _WORDS.fullmatch(value):
            raise Unfit(f"namespaces: {quoted(value)} is no list of names")
        if name in _LIMITS and not _MOMENT.fullmatch(value):
            raise Unfit(f"{name}: {quoted(value)} is not YYYYMMDD[HHMM[SS]][Z]")
        if name not in ("namespaces", *_LIMITS) or name in told:
            raise Unfit(f"the option {quoted(name)} is unknown or there twice")
        told[name] = value
    return told


def _split(text: str) -> list[tuple[str, str]]:
    if text and not re.fullmatch(rf"{_OPTION.pattern}(?:,{_OPTION.pattern})*", text, re.ASCII):
        raise Unfit(f"{quoted(text)} are no options")
    return [(found[1].lower(), found[2] or "") for found in _OPTION.finditer(text)]


def _key(kind: str, text: str) -> bytes:
    if kind not in _TYPES:
        raise Unfit(f"{quoted(kind)} is no kind of key that may sign")
    try:
        key = b64decode(text, validate=True)
        inside = Wire(key).word()
    except ValueError as cause:
        raise Unfit("its key cannot be read") from cause
    if inside != kind:
        raise Unfit(f"its key is {quoted(inside)} and not {kind}")
    return key
