"""Writes SKILL.md as the Agent Skills specification has it: six fields, and nothing odd."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import yaml

from hocket.registry.forms import names
from hocket.registry.forms.fields import line
from hocket.registry.forms.names import Unfit, quoted
from hocket.registry.skills.fields import LONGEST_COMPATIBILITY, LONGEST_DESCRIPTION, rules
from hocket.registry.skills.front_matter import MOST_FRONT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hocket.registry.bundles.manifest import Manifest

_LONGEST_VALUE = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Portable:
    """What a SKILL.md says to every host."""

    name: str
    description: str
    license: str = ""
    compatibility: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict[str, str])
    allowed_tools: tuple[str, ...] = ()
    body: str = ""


def portable(
    manifest: Manifest, body: str, allowed_tools: tuple[str, ...] = (), *, dated: bool = True
) -> Portable:
    """Say of a bundle what fits into the six fields; all else stays in bundle.toml.

    One that is not `dated` leaves the version out, for a source: it is told in one place there.
    """
    commands = " ".join(command.name for command in manifest.commands)
    ours = {
        "hocket-bundle": manifest.name,
        "hocket-version": str(manifest.version) if dated else "",
        "hocket-commands": commands,
    }
    return Portable(
        name=manifest.name,
        description=manifest.description,
        license=manifest.license,
        metadata={key: value for key, value in ours.items() if value},
        allowed_tools=allowed_tools,
        body=body,
    )


def write(skill: Portable) -> bytes:
    """Write it, equal bytes for equal values; raises Unfit for what no strict host would take."""
    fields: dict[str, str | dict[str, str]] = {
        "name": _said("name", skill.name, 64),
        "description": _said("description", skill.description, LONGEST_DESCRIPTION),
    }
    names.name(skill.name)
    for key, value, most in (
        ("license", skill.license, _LONGEST_VALUE),
        ("compatibility", skill.compatibility, LONGEST_COMPATIBILITY),
        ("allowed-tools", _rules(skill.allowed_tools), MOST_FRONT),
    ):
        if value:
            fields[key] = _said(key, value, most)
    if skill.metadata:
        fields["metadata"] = _metadata(skill.metadata)
    front = yaml.safe_dump(fields, allow_unicode=True, sort_keys=False, width=MOST_FRONT * 2)
    return _whole(front, skill.body)


def _whole(front: str, body: str) -> bytes:
    if len(front.encode()) > MOST_FRONT:
        raise Unfit(f"front matter of more than {MOST_FRONT >> 10} KiB")
    plain = body.replace("\r\n", "\n")
    if "\0" in plain:
        raise Unfit("the body holds a NUL")
    try:
        return f"---\n{front}---\n{plain}".encode()
    except UnicodeEncodeError as cause:
        raise Unfit("the body holds half a character") from cause


def _said(key: str, value: str, most: int) -> str:
    try:
        return line(most)(value).strip()
    except Unfit as cause:
        raise Unfit(f"{key}: {cause}") from cause


def _metadata(given: Mapping[str, str]) -> dict[str, str]:
    return {
        _said("metadata", key, _LONGEST_VALUE): _said("metadata", given[key], _LONGEST_VALUE)
        for key in sorted(given)
    }


def _rules(given: tuple[str, ...]) -> str:
    for rule in given:
        if rules(rule) != (rule,):
            raise Unfit(f"allowed-tools: {quoted(rule)} is not one rule")
    return " ".join(given)
