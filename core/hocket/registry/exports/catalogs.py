"""Catalogue files by which other marketplaces offer what a registry has.

They are generated from the index and nothing else, so equal registries give equal bytes. Of each
package they name the highest version that was not withdrawn.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

from hocket.registry.indexes.rows import Kind
from hocket.registry.skills.skill_md import FILE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pydantic import JsonValue

    from hocket.api.protocols import Tree
    from hocket.registry.indexes.index import Index
    from hocket.registry.indexes.rows import Package, Row, Source

    Entry = dict[str, JsonValue]

WELL_KNOWN = ".well-known/agent-skills"
_SCHEMA = "https://schemas.agentskills.io/discovery/0.2.0/schema.json"


def claude(index: Index, rev: str = "", url: str = "") -> dict[str, bytes]:
    """Give the catalogue of Claude's plugins; `rev` and `url` are the registry's own."""
    plugins: list[JsonValue] = [
        {
            "name": package.name,
            "source": _claude_source(row.source, rev, url),
            "description": package.description,
            "version": str(row.version),
            "license": package.license,
            "strict": False,
            "skills": ["./"],
        }
        for package, row in _offered(index)
        if row.source and not row.source.archive
    ]
    head: Entry = {"name": index.name, "owner": _owner(index)}
    told: Entry = {**head, "metadata": {"description": index.description}, "plugins": plugins}
    return {".claude-plugin/marketplace.json": _text(told)}


def codex(index: Index) -> dict[str, bytes]:
    """Give the catalogue that Codex reads, as third parties describe it."""
    plugins: list[JsonValue] = [
        {
            "name": package.name,
            "source": {"source": "local", "path": f"./{row.source.path}"},
            "policy": {"installation": "AVAILABLE", "authentication": "ON_INSTALL"},
            "category": "Productivity",
        }
        for package, row in _offered(index)
        if row.source and row.source.path
    ]
    told: Entry = {
        "name": index.name,
        "interface": {"displayName": index.description},
        "plugins": plugins,
    }
    return {".agents/plugins/marketplace.json": _text(told)}


def well_known(index: Index, skill: Callable[[Row], Tree]) -> dict[str, bytes]:
    """Give an index of skills with the SKILL.md of each; `skill` gives its folder."""
    files: dict[str, bytes] = {}
    skills: list[JsonValue] = []
    for package, row in _offered(index):
        content = _skill_md(skill(row))
        path = f"{WELL_KNOWN}/{package.name}/{FILE}"
        files[path] = content
        entry: Entry = {
            "name": package.name,
            "type": "skill-md",
            "description": package.description,
            "url": f"/{path}",
            "digest": f"sha256:{sha256(content).hexdigest()}",
        }
        skills.append(entry)
    told: Entry = {"$schema": _SCHEMA, "skills": skills}
    return {f"{WELL_KNOWN}/index.json": _text(told), **files}


def _offered(index: Index) -> Iterator[tuple[Package, Row]]:
    """Give each bundle with the version that is offered of it."""
    for name, package in sorted(index.packages.items()):
        rows = [row for row in package.rows if row.yanked is None and not row.version.is_pre]
        if package.kind is Kind.BUNDLE and rows and index.current(name) == name:
            yield package, max(rows, key=lambda row: row.version)


def _claude_source(source: Source, rev: str, url: str) -> JsonValue:
    if source.path and not (rev and url):
        return f"./{source.path}"
    where = source.git or url
    at: dict[str, JsonValue] = {"sha": source.rev or rev}
    folder = source.path or source.subdir
    if folder:
        return {"source": "git-subdir", "url": where, "path": folder, **at}
    return {"source": "url", "url": where, **at}


def _owner(index: Index) -> JsonValue:
    return {"name": index.owner.get("name") or index.name}


def _skill_md(tree: Tree) -> bytes:
    return next(content for _kind, path, content in tree.entries if path == FILE)


def _text(told: Entry) -> bytes:
    return (json.dumps(told, indent=2, ensure_ascii=False) + "\n").encode()
