"""Makes a registry: a folder that others can read, and a repository where there is git."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.api.protocols import Tree
from hocket.errors import HocketError, UsageError
from hocket.registry.authoring.branch import Branch
from hocket.registry.authoring.change import Change
from hocket.registry.authoring.folder import Folder
from hocket.registry.authoring.git import Git, has_git, repository
from hocket.registry.authoring.making import make
from hocket.registry.forms.names import quoted
from hocket.registry.forms.toml_text import lines
from hocket.registry.indexes import index as indexes
from hocket.registry.indexes.index import FILE
from hocket.registry.trees.digest import hk1

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from hocket.registry.forms.toml_text import Value

_README = """\
# {name}

A registry of [hocket](https://pypi.org/project/hocket/) bundles: workflows that run in a sandbox,
each with a digest and a list of what it may do at most. Nothing in here is executed by reading it.

```bash
hocket registry add URL-OF-THIS-REPOSITORY
hocket search --registry {name}
hocket install {name}/BUNDLE
```

`registry.toml` is the index, `packages/` has one file a package with a row for each version, and
`bundles/VERSION/NAME/` the files that a row's digest is about. Rows never change: a version that
was wrong is yanked, and stays for those who have it.

Whoever keeps this registry writes it with

```bash
hocket publish FOLDER --registry .
hocket yank NAME@VERSION --reason "what is wrong with it" --registry .
```
"""
_HEAD = """\
# The index of a registry. `hocket publish` and `hocket yank` keep it; all else is yours to edit.
# Sign what you publish:  trust = {{ signers = "allowed_signers", index-signature = true }}
{}"""


@dataclass(frozen=True, slots=True)
class Opened:
    """What was made."""

    files: tuple[str, ...]
    commit: str = ""
    note: str = ""
    """Why there is no commit, where one was to be expected."""


def registry_files(name: str, now: datetime) -> dict[str, bytes]:
    """Write the files of a registry without packages."""
    head: dict[str, Value] = {
        "schema": indexes.SCHEMA,
        "name": name,
        "description": f"Workflows of {name}",
        "serial": 1,
        "updated": now,
        "include": ("packages/*.toml",),
        "include-digest": hk1(Tree(())),
    }
    return {
        FILE: _HEAD.format(lines(head)).encode(),
        "README.md": _README.format(name=name).encode(),
    }


def open_registry(folder: Path, name: str, now: datetime) -> Opened:
    """Make it and commit it; raises UsageError where there is one, or anything else, already."""
    if (folder / FILE).exists():
        raise UsageError(
            "registry init",
            found=f"{quoted(folder.name)} has a {FILE} already",
            expected="a folder that is no registry yet",
            hint="Nothing was written. Publish into it: hocket publish DIR --registry PATH",
        )
    files = registry_files(name, now.replace(microsecond=0))
    make("registry init", folder, files)
    if not has_git() or repository(folder) is not None:
        return Opened(tuple(sorted(files)))
    try:
        Git(folder).ask("init", "-q")
        change = Change(
            f"registry {name}", now, files[FILE], files={"README.md": files["README.md"]}
        )
        return Opened(tuple(sorted(files)), Branch(Git(folder), Folder(folder), "").settle(change))
    except HocketError as why:
        return Opened(tuple(sorted(files)), note=f"not committed: {why.message}")
