"""Writes the row of a version, as it stands in a registry for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.registry.forms.toml_text import block
from hocket.registry.indexes.rows import Kind, Row, Source

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hocket.api.ceiling import Ceiling
    from hocket.registry.authoring.packing import Packed
    from hocket.registry.forms.toml_text import Value

_VERSION = "package.version"


def row_of(packed: Packed, path: str, published: datetime) -> Row:
    """Make the row of a bundle whose files lie at a path of its registry."""
    manifest = packed.manifest
    return Row(
        name=manifest.name,
        version=manifest.version,
        kind=Kind.BUNDLE,
        published=published,
        digest=packed.digest,
        requires_hocket=manifest.requires_hocket,
        size=packed.size,
        files=packed.files,
        commands=tuple(command.name for command in manifest.commands),
        dependencies=manifest.dependencies,
        capabilities=manifest.ceiling,
        source=Source(path=path),
    )


def package_text(packed: Packed) -> str:
    """Write the head of a package that is new to its registry."""
    manifest = packed.manifest
    told = {
        "name": manifest.name,
        "kind": Kind.BUNDLE.value,
        "description": manifest.description,
        "license": manifest.license,
    }
    return block("[[package]]", told)


def row_text(row: Row) -> str:
    """Write a row below the head of its package."""
    told: dict[str, Value] = {
        "version": str(row.version),
        "published": row.published,
        "digest": row.digest,
        "size": row.size,
        "files": row.files,
        "requires-hocket": row.requires_hocket.text,
        "commands": row.commands,
    }
    text = block(f"[[{_VERSION}]]", told)
    needs = {name: wanted.text for name, wanted in sorted(row.dependencies.items())}
    tables: Mapping[str, Mapping[str, Value]] = {
        "dependencies": needs,
        "capabilities": _declared(row.capabilities),
        "source": {"path": row.source.path if row.source else ""},
    }
    for key, values in tables.items():
        text += block(f"[{_VERSION}.{key}]", values) if values else ""
    for one in row.signatures:
        text += block(f"[[{_VERSION}.signature]]", {"signer": one.signer, "value": one.value})
    return text


def _declared(ceiling: Ceiling) -> dict[str, Value]:
    """Give what is not empty: the rest says nothing."""
    told: dict[str, Value] = {}
    for key, value in ceiling.table().items():
        if isinstance(value, list) and value:
            told[key] = tuple(map(str, value))
        elif isinstance(value, int) and value:
            told[key] = value
    return told
