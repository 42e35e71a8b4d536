"""One command about packages: the scope, the registries, what the settings rule out, the time."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from hocket import __version__, bundled, paths
from hocket.config.settings import hours
from hocket.errors import UsageError
from hocket.launch import packages, receipts, renamed
from hocket.launch.elsewhere import Everywhere
from hocket.launch.inspecting import inspector
from hocket.registry.consent.deciding import decide
from hocket.registry.consent.granted import Granted
from hocket.registry.consent.managed import Managed
from hocket.registry.consent.needed import needed
from hocket.registry.installing.applying import apply
from hocket.registry.installing.kept import Kept
from hocket.registry.known.policy import Policy
from hocket.registry.known.registries import Known
from hocket.registry.planning.demand import Mode
from hocket.registry.planning.planning import Planner
from hocket.registry.resolving.rules import Rules

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hocket.config.settings import Settings
    from hocket.launch.project import Project
    from hocket.registry.consent.deciding import Ask
    from hocket.registry.consent.needed import Needs
    from hocket.registry.installing.applying import Done
    from hocket.registry.installing.plan import Plan
    from hocket.registry.known.opened import Opened
    from hocket.registry.planning.demand import Demand
    from hocket.registry.receipts.receipt import Consent
    from hocket.registry.scopes import Scope


PYTHON = ".".join(map(str, sys.version_info[:3]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was typed about where, and how."""

    user: bool | None = None
    """The person's own scope, or the project's; None: the project's if there is one."""
    offline: bool = False
    interactive: bool = False
    accepted: tuple[str, ...] = ()


@dataclass(frozen=True)
class Market:
    """Everything a command about packages works with."""

    project: Project
    scope: Scope
    known: Known
    fetcher: Everywhere
    asked: Asked
    now: datetime

    @classmethod
    def open(cls, project: Project, asked: Asked, now: datetime) -> Market:
        """Put it together from the settings; raises UsageError for a scope that is not there."""
        env, settings = project.typed.env, project.loaded.settings
        cache = paths.user_cache(env)
        fetcher = Everywhere(cache, offline=asked.offline, interactive=asked.interactive, env=env)
        fetcher.host = project.host
        known = Known(
            paths.user_data(env), cache, fetcher, policy_of(settings), offline=asked.offline
        )
        # Receipts and logs know whole seconds.
        moment = now.astimezone(UTC).replace(microsecond=0)
        return cls(project, _scope(project, asked), known, fetcher, asked, moment)

    @cached_property
    def opened(self) -> Opened:
        """The registries as they are now; those that were looked at long ago are fetched first."""
        self.told.extend(self.known.refresh(None, self.now, accepted=self.asked.accepted))
        return self.known.opened(self.now, self.asked.accepted)

    @cached_property
    def told(self) -> list[str]:
        """What refreshing had to say."""
        return []

    def planner(self, *, frozen: bool = False) -> Planner:
        """Give what plans; a frozen install opens no registry."""
        return Planner(
            scope=self.scope,
            opened=None if frozen else self.opened,
            fetcher=self.fetcher,
            inspect=inspector(self.project.host),
            now=self.now,
            hocket_version=__version__,
            python_version=PYTHON,
        )

    def rules(self) -> Rules:
        """Give what may be chosen at this moment."""
        return Rules(
            now=self.now,
            hocket=__version__,
            python=PYTHON,
            ages=self.opened.ages,
        )

    def planned(self, demand: Demand) -> Plan:
        """Plan what was demanded; nothing is written yet."""
        planner = self.planner(frozen=demand.mode is Mode.FROZEN or demand.command == "remove")
        verbs = {
            "install": planner.install,
            "export": planner.install,
            "update": planner.update,
            "remove": planner.remove,
        }
        plan = verbs[demand.command](demand)
        packages.judge(plan, self.project)
        return plan

    def needs(self, plan: Plan) -> Needs:
        """Find what must be agreed to before it is carried out."""
        settings, pins = self.project.loaded.settings, self.known.pins
        is_open = "opened" in self.__dict__
        granted = Granted(
            now=self.now,
            allow=settings.consent.allow,
            known=self._names(plan),
            builtin=_bundled(),
            pins=pins,
            stale=self._stale() if is_open else frozenset(),
            ages=self.opened.ages if is_open else {},
        )
        return needed(plan, granted)

    def agreed(self, needs: Needs, *, yes: bool, ask: Ask | None) -> Mapping[str, Consent]:
        """Get the consent; raises RefusedError with the ids that would give it."""
        return decide(
            needs,
            yes=yes,
            accepted=self.asked.accepted,
            policy=managed_of(self.project.loaded.settings),
            ask=ask,
            now=self.now,
        )

    def carried_out(self, plan: Plan, consents: Mapping[str, Consent]) -> Done:
        """Do it; what is put into a project's folders is trusted there as it was shown."""
        work = packages.Work(plan)
        done = apply(plan, consents, self.now, __version__, work.install if work.rows else None)
        work.take_out()
        packages.trust(self.project, done.receipts, self.scope)
        renamed.keep(plan)
        return done

    def _names(self, plan: Plan) -> list[str]:
        """List the names that a new package could be taken for: installed, or of other owners."""
        own = {step.key for step in plan.steps if step.before is None}
        owners = {key.partition("/")[0] for key in own}
        keys = {key for scope in self._scopes() for key in Kept(scope).all()}
        if "opened" in self.__dict__:
            indexes = self.opened.indexes.items()
            others = ((name, index) for name, index in indexes if name not in owners)
            keys |= {f"{name}/{one}" for name, index in others for one in index.packages}
        return sorted({key.partition("/")[2] for key in keys - own})

    def _scopes(self) -> Sequence[Scope]:
        return receipts.scopes(self.project.root, self.project.typed.env)

    def _stale(self) -> frozenset[str]:
        indexes = self.opened.indexes.items()
        return frozenset(n for n, one in indexes if one.expires and one.expires < self.now)


def policy_of(settings: Settings) -> Policy:
    """Give what the settings say about registries."""
    return Policy(
        allowed=settings.allowed_registries,
        require_signatures=settings.require_signatures,
        require_fresh=settings.require_fresh,
        min_age=timedelta(hours=hours(settings.min_age)),
    )


def managed_of(settings: Settings) -> Managed:
    """Give what the settings rule out, whoever agrees."""
    return Managed(
        allowed_registries=settings.allowed_registries,
        require_signatures=settings.require_signatures,
        require_fresh=settings.require_fresh,
        max_capabilities=settings.max_capabilities,
        allow_python_plugins=settings.allow_python_plugins,
    )


def _scope(project: Project, asked: Asked) -> Scope:
    own, user = receipts.scopes(project.root, project.typed.env)
    is_one = any((project.root / name).exists() for name in (".hocket", ".git"))
    if asked.user is False and project.root == Path(os.path.expanduser("~")) and not is_one:  # noqa: PTH111
        raise UsageError("--project", found="the home folder is no project", expected="--user")
    if asked.user is None:
        return own if is_one else user
    return user if asked.user else own


def _bundled() -> list[str]:
    skills = bundled.root() / "skills"
    return sorted(one.name for one in skills.iterdir() if one.is_dir())
