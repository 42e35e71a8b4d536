"""What was installed here: the receipts of both scopes, by the folder a bundle lies in."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from hocket import paths
from hocket.launch.commands import BUNDLED, PROJECT
from hocket.registry.installing.kept import Kept
from hocket.registry.known.own import CORE
from hocket.registry.receipts.receipt import Place
from hocket.registry.scopes import Scope

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hocket.launch.commands import Command
    from hocket.registry.receipts.receipt import Receipt


def scopes(root: Path, env: Mapping[str, str] = os.environ) -> tuple[Scope, Scope]:
    """Give the scopes of a project: its own, and the person's."""
    data, home = paths.user_data(env), Path(os.path.expanduser("~"))  # noqa: PTH111
    return Scope(data, home, Path(os.path.realpath(root))), Scope(data, home)


@dataclass(frozen=True)
class Installed:
    """The receipts of a project and of the person, read once for a command."""

    project: Scope
    user: Scope

    @cached_property
    def _by_scope(self) -> dict[str, dict[str, Receipt]]:
        return {scope.name: _by_folder(scope) for scope in (self.project, self.user)}

    def receipt(self, command: Command) -> Receipt | None:
        """Give the receipt of a command's bundle, where it was installed."""
        scope = self.project if command.scope == PROJECT else self.user
        base = os.path.realpath(scope.base(Place.WORKFLOWS))
        if command.scope == BUNDLED or os.path.realpath(command.place.folder) != base:
            return None
        return self._by_scope[scope.name].get(command.bundle)

    def registry(self, command: Command) -> str:
        """Say which registry a command's bundle came from; empty: a person wrote it."""
        if command.scope == BUNDLED:
            return CORE
        receipt = self.receipt(command)
        return receipt.name.partition("/")[0] if receipt else ""


def _by_folder(scope: Scope) -> dict[str, Receipt]:
    return {
        target.path: receipt
        for receipt in Kept(scope).all().values()
        for target in receipt.targets
        if target.place is Place.WORKFLOWS
    }
