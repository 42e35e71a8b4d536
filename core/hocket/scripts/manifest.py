"""A Python script read without running it: its text, its digest and its `meta`."""

from __future__ import annotations

from hocket.api.scripts import Finding, Script
from hocket.errors import ScriptRejected
from hocket.scripts import source as texts
from hocket.scripts.check.meta import read_meta
from hocket.scripts.check.tree import parse

LANGUAGE = "python"


def read(source: str, path: str) -> Script:
    """Read a script; raises ScriptRejected with all that is wrong with its text or `meta`."""
    source = texts.normalise(source, path)
    tree = parse(source)
    if isinstance(tree, Finding):
        raise ScriptRejected(path, texts.render(path, [tree]))
    manifest, breaches = read_meta(tree)
    found = tree.findings(breaches) + ([tree.broken] if tree.broken else [])
    if found or manifest is None:
        raise ScriptRejected(path, texts.render(path, found))
    return Script(path, source, texts.digest(source), LANGUAGE, manifest)
