"""Takes the fields of a SKILL.md in whatever shape they were written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hocket.registry.forms.names import quoted
from hocket.registry.skills.front_matter import Skipped
from hocket.registry.skills.plain_yaml import Flow, Scalar, as_json
from hocket.registry.skills.remark import Remark

if TYPE_CHECKING:
    from hocket.registry.skills.plain_yaml import Value
    from hocket.registry.skills.remark import Level

SIX = ("name", "description", "license", "compatibility", "metadata", "allowed-tools")
"""The fields of the Agent Skills specification."""
LONGEST_DESCRIPTION, LONGEST_COMPATIBILITY = 1024, 500
_RULE = re.compile(r"[^\s,(]+(?:\([^)]*\)?)?|\([^)]*\)?")

Fields = dict[str, "Value"]
Remarks = list[Remark]


def text(fields: Fields, key: str, remarks: Remarks) -> str:
    """Take a text; a list or a mapping is joined to one."""
    value = fields.get(key)
    if value is None or isinstance(value, str):
        return "" if value is None else str(value).strip()
    remarks.append(Remark("warn", key, "is not a text, joined to one"))
    return _joined(value)


def description(fields: Fields, remarks: Remarks) -> str:
    """Take the description; raises Skipped where there is none."""
    found = text(fields, "description", remarks)
    if not found:
        raise Skipped("no description")
    _limit("description", found, LONGEST_DESCRIPTION, remarks)
    return found


def compatibility(fields: Fields, remarks: Remarks) -> str:
    """Take what the skill needs to run."""
    found = text(fields, "compatibility", remarks)
    _limit("compatibility", found, LONGEST_COMPATIBILITY, remarks)
    return found


def metadata(fields: Fields, remarks: Remarks) -> dict[str, str]:
    """Take the metadata; what is no text is kept as its JSON."""
    value = fields.get("metadata")
    if value is None:
        return {}
    if not isinstance(value, dict):
        remarks.append(Remark("warn", "metadata", "is not a mapping, ignored"))
        return {}
    odd = sorted(key for key, one in value.items() if not _is_text(one))
    if odd:
        named = ", ".join(map(quoted, odd))
        # In braces it is JSON as its author wrote it: nothing changes.
        level: Level = "note" if isinstance(value, Flow) else "warn"
        remarks.append(Remark(level, "metadata", f"kept as JSON text: {named}"))
    return {key: str(one) if _is_text(one) else as_json(one) for key, one in value.items()}


def allowed_tools(fields: Fields, remarks: Remarks) -> tuple[str, ...]:
    """Take the tools that the skill wishes for, as rules."""
    value = fields.get("allowed-tools")
    if isinstance(value, dict):
        remarks.append(Remark("warn", "allowed-tools", "is not a list of tools, ignored"))
        return ()
    parts = value if isinstance(value, list) else [value]
    return tuple(rule for part in parts if isinstance(part, str) for rule in rules(part))


def rules(text: str) -> tuple[str, ...]:
    """Split a text into rules, at blanks and commas that are not in parentheses."""
    return tuple(_RULE.findall(text))


def others(fields: Fields, remarks: Remarks) -> Fields:
    """Take the fields that are none of the six; one remark tells of all."""
    found = {key: value for key, value in fields.items() if key not in SIX}
    if found:
        named = ", ".join(quoted(key) for key in sorted(found))
        remarks.append(Remark("note", "", f"fields that hocket ignores: {named}"))
    return found


def _is_text(value: Value) -> bool:
    return isinstance(value, str) and not isinstance(value, Scalar)


def _joined(value: Value) -> str:
    if isinstance(value, list):
        return ", ".join(one for one in map(_joined, value) if one)
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_joined(one)}" for key, one in value.items())
    return "" if value is None else str(value).strip()


def _limit(key: str, found: str, most: int, remarks: Remarks) -> None:
    if len(found) > most:
        remarks.append(Remark("warn", key, f"{len(found)} characters, {most} allowed"))
