"""The registries a person agreed to, as they were when they did: trust on first use."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hocket.errors import StructureError
from hocket.registry.forms import names
from hocket.registry.forms import values as forms
from hocket.registry.forms.tables import Misread, Table, parse
from hocket.registry.forms.toml_text import block, lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

VERSION = 1
FILE = "registries.toml"


@dataclass(frozen=True, slots=True)
class Pin:
    """A registry by the name it has here."""

    name: str
    url: str
    serial: int
    """The highest that was agreed to."""
    signers: str = ""
    """The hash of its file of signers; empty: it had none."""


def read(content: bytes, who: str = FILE) -> dict[str, Pin]:
    """Read the pins by local name; raises StructureError: a damaged file pins nothing."""
    top = parse(content, who)
    try:
        if (version := top.get("version", forms.whole)) != VERSION:
            raise top.misread("version", f"{version} is not {VERSION}")
        pins = [_pin(one) for one in top.tables("registry")]
        top.close()
    except Misread as misread:
        raise StructureError(who, found=str(misread)) from misread
    if len({one.name for one in pins}) < len(pins):
        raise StructureError(who, found="a name is there twice")
    return {one.name: one for one in pins}


def dump(pins: Iterable[Pin]) -> bytes:
    """Write them, sorted by name."""
    rows = (
        block(
            "[[registry]]",
            {
                "name": one.name,
                "url": one.url,
                "serial": one.serial,
                "signers": one.signers or None,
            },
        )
        for one in sorted(pins, key=lambda one: one.name)
    )
    return (lines({"version": VERSION}) + "".join(rows)).encode()


def added(pins: Mapping[str, Pin], new: Pin) -> dict[str, Pin]:
    """Pin a registry; raises StructureError where its name means another one already.

    A serial never falls; changed signers are for the caller to ask about before.
    """
    old = pins.get(new.name, new)
    if old.url != new.url:
        raise StructureError(
            f"registry {new.name}",
            found=f"the name is pinned to {old.url}",
            expected=new.url,
            hint=f"Give it another name: hocket registry add {new.url} --as NAME",
        )
    return {**pins, new.name: replace(new, serial=max(old.serial, new.serial))}


def same_signers(name: str, expected: str, served: str) -> None:
    """Raise StructureError unless a registry serves the signers that a pin or a lock names."""
    if expected != served:
        raise StructureError(
            f"registry {name}",
            found=f"its signers are {served or 'none'}",
            expected=expected or "none, as when it was pinned",
            hint=f"If the change is meant: --accept=signers:{served or 'none'}",
        )


def _pin(one: Table) -> Pin:
    pin = Pin(
        name=one.get("name", forms.registry),
        url=one.get("url", forms.line),
        serial=one.get("serial", forms.whole),
        signers=one.find("signers", names.sha256, ""),
    )
    one.close()
    return pin
