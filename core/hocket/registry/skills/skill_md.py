"""Reads SKILL.md as people write it: what is odd is told as data, nothing is ever raised."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from hocket.registry.forms.names import Unfit
from hocket.registry.skills import fields as skill_fields
from hocket.registry.skills import front_matter
from hocket.registry.skills.front_matter import Refused, Skipped
from hocket.registry.skills.name import key_of_folder, name_remarks
from hocket.registry.skills.remark import Remark

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hocket.registry.skills.front_matter import Front
    from hocket.registry.skills.plain_yaml import Value

FILE = "SKILL.md"
FILES = (FILE, FILE.lower())
"""In the order in which they are looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Skill:
    """A SKILL.md that can be used."""

    key: str
    """What it is known by: the folder's name, made a NAME."""
    name: str
    """What it calls itself; empty where it does not."""
    description: str
    license: str = ""
    compatibility: str = ""
    metadata: Mapping[str, str]
    allowed_tools: tuple[str, ...] = ()
    """A wish. It grants nothing."""
    others: Mapping[str, Value]
    """Fields beyond the six, kept and ignored."""
    body: str
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class Unread:
    """A SKILL.md that cannot be used: refused with its package, or left out and listed so."""

    verdict: Literal["refused", "skipped"]
    reason: str

    def __str__(self) -> str:
        """Write it as one line."""
        return f"{FILE}: {self.verdict}: {self.reason}"


def read(raw: bytes, folder: str, file: str = FILE) -> Skill | Unread:
    """Read a file that lies in a folder of this name."""
    try:
        front = front_matter.read(front_matter.text_of(raw))
        return _skill(front, folder, file)
    except Refused as why:
        return Unread("refused", str(why))
    except Skipped as why:
        return Unread("skipped", str(why))


def _skill(front: Front, folder: str, file: str) -> Skill:
    remarks: list[Remark] = []
    if file != FILE:
        remarks.append(Remark("warn", "", f"the file is called {file}"))
    if front.was_quoted:
        remarks.append(Remark("note", "", "read after quoting values with a colon"))
    fields = front.fields
    name = skill_fields.text(fields, "name", remarks)
    remarks.extend(name_remarks(name, folder))
    return Skill(
        key=_key(folder),
        name=name,
        description=skill_fields.description(fields, remarks),
        license=skill_fields.text(fields, "license", remarks),
        compatibility=skill_fields.compatibility(fields, remarks),
        metadata=skill_fields.metadata(fields, remarks),
        allowed_tools=skill_fields.allowed_tools(fields, remarks),
        others=skill_fields.others(fields, remarks),
        body=front.body,
        remarks=tuple(remarks),
    )


def _key(folder: str) -> str:
    try:
        return key_of_folder(folder)
    except Unfit as cause:
        raise Skipped(f"the folder gives no name: {cause}") from cause
