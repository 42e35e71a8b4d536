"""Puts the engine together for one life of a run."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

from hocket.engine.access import Access
from hocket.engine.breaker import Breaker
from hocket.engine.census import Census
from hocket.engine.ledger import Ledger
from hocket.engine.plan import Plan
from hocket.engine.services import Services
from hocket.engine.slots import Slots
from hocket.journal.log import Journal
from hocket.launch import binding
from hocket.launch.attached import Attachments
from hocket.launch.library import ProjectLibrary
from hocket.launch.sources import Sources
from hocket.launch.trees import Trees

if TYPE_CHECKING:
    from collections.abc import Callable

    from hocket.api.events import Event
    from hocket.launch.opened import Opened
    from hocket.launch.prepare import Prepared
    from hocket.launch.project import Project
    from hocket.launch.start import Company


VISIBLE = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TERM", "TZ", "HOME", "TMPDIR")
"""The variables that tools may see; no credential leaks by a name nobody thought of."""


def journal(opened: Opened, company: Company) -> Journal:
    """Make the journal that goes on where the held one ends."""
    sync_each = company.policies.durability == "sync"
    return Journal(opened.held, company.clock, sync_each=sync_each, past=opened.past)


def services(
    opened: Opened,
    prepared: Prepared,
    company: Company,
    log: Journal,
    tell: Callable[[Event], None],
) -> Services:
    """Make what the calls of the run work with; what earlier lives spent is charged."""
    project, past = prepared.project, opened.past
    settings = project.plugin_settings
    ledger = _ledger(prepared, opened)
    seen = {name: os.environ[name] for name in VISIBLE if name in os.environ}
    return Services(
        clock=company.clock,
        held=opened.held,
        journal=log,
        past=past,
        ledger=ledger,
        slots=Slots(ledger),
        breaker=_breaker(prepared, company),
        census=Census(),
        redactor=project.redactor(),
        backend=prepared.backend,
        executor=project.host.executor(settings),
        approver=company.approver,
        grounds=Trees(project, opened.run_id, opened.held, seen),
        access=_access(opened, project, log, tell),
        tell=tell,
        used=past.used,
        policies=company.policies,
        patterns=project.host.patterns(),
        prices=binding.prices(project.loaded.settings),
        environment=seen,
        agent_types=project.host.agent_types(settings),
        text_of=Sources(project.root, opened.held.get, project.roots).text_of,
    )


def _access(
    opened: Opened, project: Project, log: Journal, tell: Callable[[Event], None]
) -> Access:
    settings = project.plugin_settings
    return Access(
        held=opened.held,
        journal=log,
        tell=tell,
        installed=lambda: project.host.tools(settings),
        tainted=opened.past.tainted,
        sealed={**opened.past.sealed},
    )


def plan(opened: Opened, prepared: Prepared) -> Plan:
    """Say what is to run."""
    project, given = prepared.project, prepared.arguments
    settings = project.plugin_settings
    return Plan(
        run_id=opened.run_id,
        script=prepared.script,
        args=given.value,
        has_args=given.given,
        outside=given.outside,
        roots=project.roots,
        caps=prepared.caps,
        library=ProjectLibrary(project),
        hosts={host.language: host for host in project.host.script_hosts().values()},
        router=project.host.router(settings),
        attach=Attachments(project.root, opened.held.put).attach,
        stages=project.host.stages(settings),
        policies=project.host.policies(settings),
        prune_below=project.loaded.settings.prune_below,
    )


def _breaker(prepared: Prepared, company: Company) -> Breaker:
    return Breaker(
        cap=prepared.caps.at_once,
        clock=company.clock,
        chance=secrets.SystemRandom().random,
        auto_resume=prepared.project.loaded.settings.auto_resume,
    )


def _ledger(prepared: Prepared, opened: Opened) -> Ledger:
    caps, spent = prepared.caps, opened.past.spent
    ledger = Ledger(
        cap=caps.at_once,
        total=caps.agents,
        tokens=caps.budget.tokens,
        micros=caps.budget.cost_micros,
    )
    ledger.charge(spent.tokens, spent.cost_micros)
    return ledger
