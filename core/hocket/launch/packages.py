"""What installing does beyond folders: Python packages, and the trust of what was shown."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from hocket.errors import RefusedError
from hocket.registry.indexes.rows import Kind
from hocket.registry.installing.kept import Kept
from hocket.registry.installing.looking import FILES
from hocket.registry.plugins import clashes, code, requirements
from hocket.registry.plugins.environment import look
from hocket.registry.plugins.installer import installer
from hocket.trust.candidates import look as look_at
from hocket.trust.store import Trust

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from hocket.launch.project import Project
    from hocket.registry.indexes.rows import Row
    from hocket.registry.installing.plan import Plan
    from hocket.registry.receipts.receipt import Distribution, Receipt, Target
    from hocket.registry.scopes import Scope


class Work:
    """The Python packages of a plan: those that come in, and those that go."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self.rows: Mapping[str, Row] = {
            step.key: step.parcel.row
            for step in plan.changes
            if step.parcel and step.parcel.row.wheels
        }

    def install(self) -> dict[str, tuple[Distribution, ...]]:
        """Install them; gives what came in of each, with its code."""
        told: dict[str, tuple[Distribution, ...]] = {}
        for key, row in self.rows.items():
            installer(look()).install(row)
            told[key] = code.taken(requirements.names(row), look())
        return told

    def take_out(self) -> None:
        """Take out what was removed, but for what another receipt rests on."""
        gone = {
            one.name
            for step in self._plan.changes
            if step.parcel is None and step.before
            for one in step.before.distributions
        }
        kept = Kept(self._plan.scope).all().values()
        left = gone - {one.name for receipt in kept for one in receipt.distributions}
        if left:
            installer(look()).uninstall(sorted(left))


def judge(plan: Plan, project: Project) -> None:
    """Refuse what could not be carried out: code beside others' code, or in a strange folder.

    Raises NoSolution, UsageError where nobody may install, and RefusedError.
    """
    for step in plan.changes:
        if step.parcel is None or step.parcel.row.kind is not Kind.PLUGIN:
            continue
        if step.parcel.row.wheels:
            there = look()
            clashes.judge(step.key, installer(there).planned(step.parcel.row), there)
        elif plan.scope.project is None or not project.is_trusted:
            raise RefusedError(
                step.key,
                found="a plugin that is one file goes into a project that you trust",
                expected="--project, in a trusted folder",
                hint="Trust the folder: hocket trust\nNothing was installed.",
            )


def trust(project: Project, receipts: Iterable[Receipt], scope: Scope) -> None:
    """Trust the files that were just put into a project: a person read what they may do."""
    if scope.project is None:
        return
    root = scope.project
    names = [
        (_folder(scope, target) / placed.path).relative_to(root).as_posix()
        for receipt in receipts
        for target in receipt.targets
        for placed in target.files
    ]
    seen = [look_at(root, name, None, lambda _digest: None) for name in names]
    # What cannot be kept is asked about at the next run, and lost nothing.
    with suppress(OSError):
        Trust(project.plugin_settings.data).pin(root, seen, folder=False)


def _folder(scope: Scope, target: Target) -> Path:
    """Give the folder that a target's files lie in: a single file names itself."""
    base = scope.base(target.place)
    return base if target.place in FILES else base / target.path
