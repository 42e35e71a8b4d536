"""Where `meta` stands, and what it says: S03 and S04."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, TypeGuard

from hocket.scripts.check.fields import read_fields
from hocket.scripts.check.literal import Literal
from hocket.scripts.check.reader import Reader
from hocket.scripts.check.tree import Breach

if TYPE_CHECKING:
    from hocket.api.scripts import Manifest
    from hocket.scripts.check.tree import Tree

_WRITE = 'write meta = {"name": "…", "description": "…"} after the imports'


def read_meta(tree: Tree) -> tuple[Manifest | None, list[Breach]]:
    """Read the manifest; it is None when there is no `meta` to read it from."""
    found = [each for each in tree.module.body if _is_meta(each)]
    if not found:
        return None, [Breach(tree.module, "S03", "meta is missing", _WRITE)]
    breaches = [Breach(each, "S03", "meta is given twice") for each in found[1:]]
    if found[0] is not _first(tree.module):
        message = "meta must be the first statement after the imports"
        breaches.append(Breach(found[0], "S03", message, _WRITE))
    value = found[0].value
    if not isinstance(value, ast.Dict):
        message = "meta must be a dict, written out"
        return None, [*breaches, Breach(value or found[0], "S03", message, _WRITE)]
    literal = Literal()
    docstring = ast.get_docstring(tree.module) or ""
    manifest = read_fields(Reader(literal), literal.read(value, "meta"), docstring)
    return manifest, breaches + literal.breaches


def _is_meta(node: ast.stmt) -> TypeGuard[ast.Assign | ast.AnnAssign]:
    match node:
        case ast.Assign(targets=[ast.Name(id="meta")]) | ast.AnnAssign(target=ast.Name(id="meta")):
            return True
        case _:
            return False


def _first(module: ast.Module) -> ast.stmt | None:
    body = module.body[1:] if ast.get_docstring(module, clean=False) is not None else module.body
    return next((each for each in body if not isinstance(each, (ast.Import, ast.ImportFrom))), None)
