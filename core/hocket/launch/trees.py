"""The trees of a run, and the checks in them, as the engine asks for them."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, replace
from functools import cached_property, partial
from hashlib import sha256
from typing import TYPE_CHECKING

from hocket.api.tools import Enclosing, Workspace
from hocket.engine.grounds import Ran
from hocket.errors import HocketError, RefusedError, UsageError
from hocket.workspaces.checks import Checks
from hocket.workspaces.preparing import Preparation
from hocket.workspaces.shelf import short
from hocket.workspaces.workspaces import Workspaces

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path
    from types import TracebackType

    from hocket.api.branches import Branch
    from hocket.api.calls import Call, Check, JsonObject
    from hocket.api.storage import HeldRun, Store
    from hocket.engine.grounds import Examine, Granted, Opening
    from hocket.launch.project import Project
    from hocket.workspaces.workspaces import Opening as Opened

UNSAID = "[what it printed may come from outside and is not told: {}]"
TIME_IS_UP = 124
"""What a shell's `timeout` gives for a command that took too long."""


class Shared:
    """The project's own tree: there is nothing to make and nothing to bring home."""

    changes: JsonObject | None = None

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    async def __aenter__(self) -> Workspace:
        """Give it."""
        return self._workspace

    async def __aexit__(self, *ended: object) -> None:
        """Leave it as it is."""


class Own:
    """A tree for one call."""

    def __init__(self, opened: Opened, roots: tuple[Path, ...] = ()) -> None:
        self._opened = opened
        self._roots = roots

    @property
    def changes(self) -> JsonObject | None:
        """What the call changed, as it is kept in the journal."""
        changes = self._opened.changes
        return None if changes is None else asdict(changes)

    async def __aenter__(self) -> Workspace:
        """Make it."""
        made = await self._opened.__aenter__()
        return replace(made, roots=(*made.roots, *self._roots))

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool | None:
        """Bring home what changed."""
        return await self._opened.__aexit__(kind, error, trace)


class Trees:
    """Gives the calls of a run their trees, and runs checks in them, in a sandbox if there is one.

    `seen` are the variables that commands may see.
    """

    def __init__(
        self, project: Project, run_id: str, held: HeldRun, seen: Mapping[str, str]
    ) -> None:
        self.mark = mark(run_id, project.root)
        self._project = project
        self._held = held
        self._seen = seen
        self._told = project.loaded.settings.worktree
        prepared = Preparation(self._told.link, self._told.setup, seen, self.mark)
        self._workspaces = workspaces(project, run_id, held, prepared)
        self._shared = Shared(Workspace(project.root, roots=project.roots))

    @property
    def is_edited(self) -> bool:
        """Whether a call of this run has the turn at the project's own tree."""
        return self._workspaces.is_edited

    def open(self, call: Call, *, isolated: bool) -> Opening:
        """Give a call a tree of its own, or the project's."""
        if not isolated:
            return self._shared
        opened = self._workspaces.open(call, base=call.options.base or self._told.base)
        return Own(opened, self._project.roots)

    def branch(
        self, base: str, name: str | None, examine: Examine
    ) -> AbstractAsyncContextManager[Branch]:
        """Open a branch; the patches on it are those that this run keeps."""
        return self._workspaces.branch(base, name, self._held.get, examine)

    def editing(self) -> AbstractAsyncContextManager[None]:
        """Take the turn at the project's own tree."""
        return self._workspaces.editing()

    async def obstacle(self, check: Check, granted: Granted) -> str | None:
        """Say why a check may not run here, if so."""
        anywhere = Workspace(self._project.root)
        try:
            await asyncio.to_thread(self._wrapped, check, granted, ("true",), anywhere)
        except RefusedError as refusal:
            return refusal.found
        return None

    async def check(
        self,
        check: Check,
        workspace: Workspace,
        call_id: str,
        granted: Granted,
        given: bytes | None = None,
    ) -> Ran:
        """Run a check in a call's tree."""
        checks = Checks(self._seen, partial(self._wrapped, check, granted))
        ended = await checks.run(check, workspace, call_id, given)
        told = self._unsaid(check, granted) or ended.output
        if ended.code is None:
            return Ran(TIME_IS_UP, f"{told}\n[stopped after {check.timeout_s:g} s]")
        return Ran(ended.code, told)

    def _unsaid(self, check: Check, granted: Granted) -> str:
        """Say why nobody hears what a check printed: an agent with rights would read it."""
        settings = self._project.plugin_settings
        if not settings.is_trusted:
            return UNSAID.format("nobody trusts this project (hocket trust)")
        if settings.outside:
            return UNSAID.format("some files here are marked as outside (outside_paths)")
        return UNSAID.format("it may use the network") if _networked(check, granted) else ""

    def _wrapped(
        self, check: Check, granted: Granted, argv: tuple[str, ...], workspace: Workspace
    ) -> tuple[str, ...]:
        """Put the sandbox around a command; raises RefusedError where there has to be one."""
        roots = workspace.roots if check.bundle is None else (*workspace.roots, check.bundle)
        seen = replace(workspace, roots=roots)
        network = _networked(check, granted)
        for sandbox in self._sandboxes:
            wrapped = sandbox.wrap(argv, seen, network=network)
            if wrapped is not None:
                return wrapped
        if granted(rule := f"Bash({check.typed})"):
            return argv
        raise RefusedError(
            f'check "{check.name}"',
            found=f"there is no sandbox here, and without one it needs the rule {rule}",
        )

    @cached_property
    def _sandboxes(self) -> tuple[Enclosing, ...]:
        tools = self._project.host.tools(self._project.plugin_settings)
        named = (tools[name] for name in sorted(tools))
        return tuple(tool for tool in named if isinstance(tool, Enclosing))


def _networked(check: Check, granted: Granted) -> bool:
    return granted(f"Network({check.typed})")


def workspaces(
    project: Project, run_id: str, held: HeldRun, prepared: Preparation | None = None
) -> Workspaces:
    """Give the workspaces of a run that this process holds; what changed is kept with the run."""
    return Workspaces(
        project.root,
        run_id,
        partial(keep, held),
        partial(is_alive, project.store()),
        cache(project),
        preparation=prepared or Preparation(),
    )


def cache(project: Project) -> Path:
    """Say where trees are made: in the person's folder for what can be made again."""
    folder = project.plugin_settings.cache
    if folder is None:
        raise UsageError("isolation", found="there is no folder for trees", expected="one")
    return folder


def keep(held: HeldRun, content: bytes) -> str:
    """Keep bytes with a run and give their digest."""
    digest = sha256(content).hexdigest()
    held.put(digest, content)
    return digest


def nowhere(_content: bytes) -> str:
    """Keep nothing: for those who only look, and never bring a tree home."""
    raise HocketError("patch", found="nobody keeps it")


def is_alive(store: Store, run_id: str) -> bool:
    """Say whether a process lives a run; one that nobody can ask about counts as alive."""
    try:
        return store.holder(run_id) is not None
    except UsageError:
        return False  # there is no such run, any more
    except HocketError:
        return True


def mark(run_id: str, project: Path) -> str:
    """Name a run so that no run of another project has the same name."""
    return f"{run_id}.{short(project)}"


def marked_run(project: Path) -> Callable[[str], str | None]:
    """Give what reads the run out of the mark of a process, if it is one of this project."""
    ending = mark("", project)

    def run_of(marked: str) -> str | None:
        name = marked.partition("/")[0]
        return name.removesuffix(ending) if name.endswith(ending) else None

    return run_of
