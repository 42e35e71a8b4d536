"""`hocket store`: the trees that were installed, by digest."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hocket import paths
from hocket.cli._output import emit, json_option, write

if TYPE_CHECKING:
    from hocket.registry.scopes import Scope


@click.group(no_args_is_help=True)
def store() -> None:
    """Look after the store of what was installed."""


@store.command()
@json_option
def gc() -> None:
    """Drop what no receipt names, of any project."""
    from hocket.launch.verifying import used
    from hocket.registry.installing.holding import held
    from hocket.registry.installing.store import Store

    scope = _scope()
    with held(scope):
        gone = Store(scope.store).gc(used(scope.data))
    emit("store gc", {"dropped": [*gone]}, lambda: write(f"dropped {len(gone)}"))


def _scope() -> Scope:
    from hocket.launch.receipts import scopes

    return scopes(paths.project_root(_here()), os.environ)[1]


def _here() -> Path:
    return Path.cwd()
