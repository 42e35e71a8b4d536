"""The fields of `meta`: each one read, or refused with its path."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.scripts import Manifest, Phase
from hocket.scripts.check.commands import read_checks
from hocket.scripts.check.reader import kind
from hocket.scripts.check.schema import schema_fault

if TYPE_CHECKING:
    from pydantic import JsonValue

    from hocket.scripts.check.reader import Object, Reader

LONGEST_NAME = 64
MOST_AT_ONCE = 256

_META = ("name", "description", "when_to_use", "phases", "args", "checks", "limits")
_PHASE = ("title", "detail", "model", "optional")
_LIMITS = ("agents", "concurrency")


def read_fields(reader: Reader, value: JsonValue, docstring: str) -> Manifest:
    """Read every field; the docstring's first line stands in for the description."""
    meta = reader.mapping(value, "meta", _META)
    limits = reader.mapping(meta.get("limits"), "meta.limits", _LIMITS)
    return Manifest(
        name=_name(reader, meta),
        description=_description(reader, meta, docstring.strip().split("\n")[0]),
        when_to_use=reader.text(meta, "meta", "when_to_use"),
        phases=_phases(reader, meta),
        args=_args(reader, meta),
        checks=read_checks(reader, meta),
        agents=reader.count(limits, "meta.limits", "agents"),
        concurrency=reader.count(limits, "meta.limits", "concurrency", MOST_AT_ONCE),
        notes=tuple(reader.notes),
    )


def _name(reader: Reader, meta: Object) -> str:
    name = _required(reader, meta, "name")
    if len(name) > LONGEST_NAME:
        found = f"has {len(name)} characters; at most {LONGEST_NAME} are allowed"
        reader.wrong("meta.name", found)
    return name


def _description(reader: Reader, meta: Object, docstring: str) -> str:
    if docstring and "description" not in meta:
        return docstring
    return _required(reader, meta, "description", "the docstring's first line can stand in for it")


def _required(reader: Reader, meta: Object, key: str, hint: str = "") -> str:
    text = reader.text(meta, "meta", key)
    if key not in meta:
        reader.wrong(f"meta.{key}", "is missing", hint)
    elif meta[key] == text and not text.strip():
        reader.wrong(f"meta.{key}", "is empty", hint)
    return text


def _phases(reader: Reader, meta: Object) -> tuple[Phase, ...]:
    entries = enumerate(reader.sequence(meta.get("phases"), "meta.phases"))
    found = [_phase(reader, entry, f"meta.phases[{i}]") for i, entry in entries]
    return tuple(phase for phase in found if phase is not None)


def _phase(reader: Reader, value: JsonValue, path: str) -> Phase | None:
    if not isinstance(value, (str, dict)):
        reader.wrong(path, f"must be a title or a dict with a title; found {kind(value)}")
        return None
    entry: Object = {"title": value}
    if isinstance(value, dict):
        entry = reader.mapping(value, path, _PHASE)
    title = reader.text(entry, path, "title")
    if not title.strip():
        reader.notes.append(f"{path} has no title and is left out")
        return None
    return Phase(
        title=title,
        detail=reader.text(entry, path, "detail"),
        model=reader.text(entry, path, "model"),
        optional=reader.flag(entry, path, "optional"),
    )


def _args(reader: Reader, meta: Object) -> Object | None:
    schema = reader.mapping(meta.get("args"), "meta.args")
    if not isinstance(meta.get("args"), dict):
        return None
    if schema.get("type") != "object":
        reader.wrong("meta.args", 'must be a JSON Schema with "type": "object"')
        return None
    fault = schema_fault(schema, "meta.args")
    if fault is not None:
        reader.wrong(*fault)
    return schema
