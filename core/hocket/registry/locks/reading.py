"""Reads `hocket.lock` as strictly as it is written: anything else is refused with its line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.errors import StructureError
from hocket.registry.forms import names
from hocket.registry.forms import values as forms
from hocket.registry.forms.names import Unfit, quoted
from hocket.registry.forms.ranges import parse
from hocket.registry.forms.tables import Misread, Table
from hocket.registry.forms.tables import parse as parse_toml
from hocket.registry.indexes.rows import Kind
from hocket.registry.locks.local import LOCAL, is_local
from hocket.registry.locks.lock import FILE, FORMAT, Lock, Locked, Registry, dump
from hocket.registry.locks.places import first_difference, line_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_HINT = "It is written by hocket only. Take the committed one back, then run: hocket install"


def read(content: bytes, who: str = FILE) -> Lock:
    """Read it; raises StructureError with line and reason for every byte hocket did not write."""
    top = parse_toml(content, who)
    try:
        lock = _lock(top)
        _judge(lock)
    except Misread as misread:
        where = f"{who}:{line_of(content, misread.where, misread.key)}"
        raise StructureError(where, found=_told(misread), hint=_HINT) from misread
    if difference := first_difference(content, dump(lock)):
        number, found, expected = difference
        raise StructureError(f"{who}:{number}", found=found, expected=expected, hint=_HINT)
    return lock


def _lock(top: Table) -> Lock:
    version = top.get("version", forms.whole)
    if version != FORMAT:
        newer = "needs a newer hocket" if version > FORMAT else f"is not {FORMAT}"
        raise top.misread("version", f"{version} {newer}")
    registries = tuple(_registry(one) for one in top.tables("registry"))
    packages = tuple(_locked(one) for one in top.tables("package"))
    top.close()
    return Lock(registries, packages)


def _registry(one: Table) -> Registry:
    registry = Registry(
        name=one.get("name", forms.registry),
        url=one.get("url", forms.line),
        rev=one.find("rev", names.rev, ""),
        serial=one.get("serial", forms.whole),
        signers=one.find("signers", names.sha256, ""),
    )
    one.close()
    return registry


def _locked(one: Table) -> Locked:
    locked = Locked(
        name=one.get("name", forms.qualified),
        kind=one.get("kind", _kind),
        version=one.get("version", names.version),
        requested=one.find("requested", parse, None),
        digest=one.get("digest", names.digest),
        capabilities=one.get("capabilities", names.sha256),
        signer=one.find("signer", forms.line, ""),
        source=one.get("source", forms.reference),
        dependencies=one.every("dependencies", _pinned),
    )
    one.close()
    return locked


def _judge(lock: Lock) -> None:
    """Judge what no single key tells: names that are there twice, or that lead nowhere."""
    for kind, found in (
        ("registry", [one.name for one in lock.registries]),
        ("package", [one.name for one in lock.packages]),
    ):
        for at, name in enumerate(found, 1):
            if name in found[: at - 1]:
                raise Misread(f"{kind} {at}", "name", f"{quoted(name)} is there twice")
    for fault in _loose_ends(lock):
        raise fault


def _loose_ends(lock: Lock) -> Iterator[Misread]:
    registries = {one.name for one in lock.registries}
    if LOCAL in registries:
        at = [one.name for one in lock.registries].index(LOCAL) + 1
        what = f"{quoted(LOCAL)} is for packages of no registry"
        yield Misread(f"registry {at}", "name", what)
    present = {one.reference for one in lock.packages}
    for at, one in enumerate(lock.packages, 1):
        registry = one.name.partition("/")[0]
        if registry not in registries and not is_local(one.name):
            what = f"{quoted(one.name)} is of a registry that is not in the lock"
            yield Misread(f"package {at}", "name", what)
        for wanted in one.dependencies:
            if wanted not in present:
                what = f"{quoted(wanted)} is not in the lock"
                yield Misread(f"package {at}", "dependencies", what)


def _kind(value: object) -> Kind:
    if value not in set(Kind):
        raise Unfit(f"{quoted(value)} is not one of {', '.join(Kind)}")
    return Kind(str(value))


def _pinned(value: object) -> str:
    name, at, version = str(value).partition("@")
    if not at:
        raise Unfit(f"{quoted(value)} is not REGISTRY/NAME@VERSION")
    return f"{forms.qualified(name)}@{names.version(version)}"


def _told(misread: Misread) -> str:
    return ": ".join(part for part in (misread.key, misread.what) if part)
