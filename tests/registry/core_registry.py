"""Writes the repository's own registry.toml from the bundles in `skills/`; `--check` compares.

A row whose bundle did not change stays as it is, with its time. A bundle that was released gets a
new version when it changes: its old row would promise other files.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from hocket.cli.pack import inspect_here
from hocket.registry.authoring.packing import pack
from hocket.registry.authoring.rows import package_text, row_of, row_text
from hocket.registry.forms.toml_text import lines
from hocket.registry.indexes import index as indexes

ROOT = Path(__file__).parents[2]
COMMAND = "python tests/registry/core_registry.py"
HEAD = f"# The registry `core`: what comes with hocket. Written by: {COMMAND}\n"


def main():
    """Repair the file, or with `--check` say that it is not what the bundles are."""
    file = ROOT / "registry.toml"
    old, new = file.read_bytes(), written(ROOT, datetime.now(UTC).replace(microsecond=0))
    if "--check" in sys.argv:
        if old != new:
            sys.stdout.write(f"registry.toml: a bundle changed: {COMMAND}\n")
        return int(old != new)
    file.write_bytes(new)
    return 0


def written(root, now):
    """Give the file as it shall be; the very bytes that are there, if nothing changed."""
    content = (root / "registry.toml").read_bytes()
    old = indexes.read(content)
    text = ""
    for folder in sorted(path.parent for path in (root / "skills").glob("*/bundle.toml")):
        packed = pack(folder, inspect_here())
        row = row_of(packed, f"skills/{folder.name}", now)
        known = old.row(row.name, row.version)
        if known is not None and replace(row, published=known.published) == known:
            row = known
        text += package_text(packed) + row_text(row)
    same = whole(old, old.serial, old.updated, text)
    stays = same.encode() == content
    return (same if stays else whole(old, old.serial + 1, now, text)).encode()


def whole(old, serial, updated, text):
    head = {
        "schema": 1,
        "name": old.name,
        "description": old.description,
        "serial": serial,
        "updated": updated,
    }
    return HEAD + lines(head) + text


if __name__ == "__main__":
    sys.exit(main())
