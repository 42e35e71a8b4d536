"""What `hocket info` tells of a package, as rows for people and as data for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.ceiling import AGENTS, FLAGS, LISTS
from hocket.registry.forms.names import written
from hocket.registry.known.searching import badges

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hocket.api.calls import JsonObject
    from hocket.api.ceiling import Ceiling
    from hocket.registry.known.advisories import Advisory
    from hocket.registry.known.describing import Description, Listed

_KILO = 1000


def facts(told: Description) -> list[tuple[str, str]]:
    """List what a person reads before they install it."""
    row, package = told.row, told.package
    return [
        ("package", f"{told.key} {row.version}"),
        ("kind", f"{package.kind.value}, {package.license}"),
        ("says", f'"{package.description}" (not checked)'),
        *_repeated("command", (f"/{one}" for one in row.commands)),
        *_repeated("advisory", map(_warning, told.advisories)),
        *([("yanked", row.yanked)] if row.yanked is not None else []),
        *_repeated("may", allowed(row.capabilities)),
        ("", told.capability_hash),
        *_repeated("needs", (f"{key} {value}" for key, value in told.dependencies.items())),
        ("hocket", f"{row.requires_hocket}"),
        *([("files", f"{row.files} files, {size(row.size)}")] if row.files else []),
        ("listed", f"about {told.always_loaded} tokens wherever its name is shown to an agent"),
        ("digest", row.digest or "taken when it is installed for the first time"),
        ("source", row.reference),
        ("signed", _signed(told)),
    ]


def allowed(ceiling: Ceiling) -> Iterator[str]:
    """Say what a run may do at most, a line for each kind of thing."""
    for key in LISTS:
        if items := ceiling.items(key):
            yield f"{key}: {', '.join(items)}"
    if ceiling.agents:
        yield f"{AGENTS}: {ceiling.agents} per run"
    yield from (key for key in FLAGS if ceiling.has(key))
    if not ceiling.is_declared:
        yield "what it may do is not declared: every effect is asked"


def size(count: int) -> str:
    """Show a number of bytes."""
    return f"{count} bytes" if count < _KILO else f"{round(count / _KILO)} kB"


def as_row(one: Listed) -> tuple[str, str, str, str]:
    """Show a version among others."""
    state = f"yanked: {one.yanked}" if one.yanked is not None else ""
    return (str(one.version), written(one.published)[:10], one.signer, one.refused or state)


def as_data(told: Description) -> JsonObject:
    """Give all of it to programs."""
    row = told.row
    return {
        "package": told.key,
        "version": str(row.version),
        "kind": row.kind.value,
        "description": told.package.description,
        "license": told.package.license,
        "published": written(row.published),
        "commands": [*row.commands],
        "capabilities": {key.replace("-", "_"): v for key, v in row.capabilities.table().items()},
        "capability_hash": told.capability_hash,
        "badges": [*badges(row.capabilities)],
        "dependencies": {key: str(value) for key, value in told.dependencies.items()},
        "requires_hocket": str(row.requires_hocket),
        "files": row.files,
        "size": row.size,
        "always_loaded_tokens": told.always_loaded,
        "digest": row.digest,
        "source": row.reference,
        "signer": told.signer or None,
        "fingerprints": [*told.fingerprints],
        "yanked": row.yanked,
        "renamed_from": told.renamed_from or None,
        "versions": [_version(one) for one in told.versions],
        "hidden": [*told.hidden],
        "advisories": [_advisory(one) for one in told.advisories],
    }


def _repeated(title: str, lines: Iterator[str]) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(lines):
        yield ("" if number else title, line)


def _signed(told: Description) -> str:
    if told.key.startswith("core/"):
        return "comes with hocket, and is trusted with it"
    if not told.signer:
        name = told.key.partition("/")[2]
        missing = f"no, though its registry has signers: --accept=unsigned:{name}"
        return missing if told.is_of_signers else "no: its registry has no signers"
    keys = ", ".join(told.fingerprints) or "not a signer of this registry"
    return f"says {told.signer} ({keys}); verified when it is installed"


def _warning(one: Advisory) -> str:
    fixed = f", fixed in {one.fixed}" if one.fixed else ", not fixed yet"
    return f"{one.id} {one.severity}: {one.text}{fixed}"


def _version(one: Listed) -> JsonObject:
    return {
        "version": str(one.version),
        "published": written(one.published),
        "signer": one.signer or None,
        "yanked": one.yanked,
        "refused": one.refused or None,
    }


def _advisory(one: Advisory) -> JsonObject:
    return {
        "id": one.id,
        "severity": one.severity,
        "versions": str(one.versions),
        "fixed": str(one.fixed) if one.fixed else None,
        "text": one.text,
    }
