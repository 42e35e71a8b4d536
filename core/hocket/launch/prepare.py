"""From what was typed to what would run: read, checked, priced, and not yet started."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hocket.api.calls import Call
from hocket.api.scripts import BudgetTotals, ScriptLimits
from hocket.engine.services import Caps
from hocket.errors import UsageError
from hocket.launch import arguments, granting, library, locate, modelless, tree_notes
from hocket.launch.arguments import Arguments
from hocket.launch.card import MICROS, Card
from hocket.launch.expansion import expanding, roots
from hocket.trust.store import Trust

if TYPE_CHECKING:
    from pathlib import Path

    from hocket.api.calls import JsonObject
    from hocket.api.protocols import Backend, ModelProvider
    from hocket.api.scripts import Script
    from hocket.launch.locate import Found
    from hocket.launch.project import Project


DISTRUSTED = "is not trusted as it is (hocket trust)"


@dataclass(frozen=True, slots=True)
class Demand:
    """What a person typed after `run`."""

    text: str
    args: str | None = None
    """`--args`: JSON or @file."""
    free: str | None = None
    """The words after a command's name."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything a run needs, with the card that says so; nothing has been started."""

    project: Project
    script: Script
    arguments: Arguments
    caps: Caps
    backend: Backend
    card: Card
    file: Path | None = None
    """Where a person may change the script; None for what is not theirs."""
    providers: tuple[ModelProvider, ...] = ()
    """What the backend was bound to, the chosen one first."""
    shown: JsonObject | None = None
    """What was estimated before the run; it is kept with it, to learn how good estimates are."""
    distrusted: str = ""
    """The file for which a script that came with the folder needs a person to look at it."""

    def agreed(self) -> Prepared:
        """Give the same with what the card lists allowed: a person said yes to it."""
        rules = replace(self.project.typed.rules, listed=self.card.offer.rules)
        return replace(self, project=self.project.granting(rules))


def prepare(project: Project, demand: Demand) -> Prepared:
    """Read and check what was typed; raises before a run exists."""
    found = locate.find(project, demand.text)
    given = _arguments(project, demand, found.script)
    return prepared(project, found, given)


def prepared(project: Project, found: Found, given: Arguments) -> Prepared:
    """Check a script, and put it and its arguments together with caps and backend."""
    script, warnings = library.checked(project, found.script)
    given = arguments.complete(given, script.manifest, project.loaded.settings.size)
    given = expanding.expanded(project, script, given)
    project = roots.opened(project, script, given)
    choice = project.choice()
    backend, project = choice.backend, project.decided(choice.backend.name)
    caps = _caps(project, script)
    _priced(backend, caps)
    trees = [*tree_notes.notes(project, script, backend), *modelless.notes(project, script, choice)]
    trust = Trust(project.plugin_settings.data).notes(project.standing, but=found.distrusted)
    told = (*project.loaded.notes, *trust)
    if found.distrusted:
        told = (f"it came with this folder, and {found.distrusted} {DISTRUSTED}", *told)
    opened = tuple(f"agents may read {place}; its words are outside" for place in project.roots)
    notes = (*warnings, *script.manifest.notes, *given.notes, *opened, *told, *trees)
    card = replace(
        Card.of(script, given, caps, backend.name, notes),
        because=choice.because,
        offer=granting.offer(project, script, backend),
        rules=project.typed.rules,
    )
    models = tuple(choice.providers.values())
    made = Prepared(project, script, given, caps, backend, card, found.file, models)
    return replace(made, distrusted=found.distrusted)


def _arguments(project: Project, demand: Demand, script: Script) -> Arguments:
    if demand.args is not None and demand.free is not None:
        raise UsageError(
            "arguments",
            found="both --args and words after the command",
            expected="one of the two",
            hint="Nothing was started.",
        )
    if demand.args is not None:
        return arguments.from_json(demand.args, project.here)
    if demand.free is not None:
        return arguments.from_text(demand.free, script.manifest)
    return Arguments()


def _caps(project: Project, script: Script) -> Caps:
    """Take the person's caps; a script's `meta.limits` can only lower them."""
    settings, manifest = project.loaded.settings, script.manifest
    usd = settings.budget_usd
    return Caps(
        at_once=min(settings.concurrency, manifest.concurrency or settings.concurrency),
        agents=min(settings.max_agents, manifest.agents or settings.max_agents, *_declared(script)),
        budget=BudgetTotals(settings.budget_tokens, None if usd is None else round(usd * MICROS)),
        limits=ScriptLimits(),
    )


def _declared(script: Script) -> tuple[int, ...]:
    ceiling = script.ceiling
    return (ceiling.agents,) if ceiling is not None and ceiling.is_declared else ()


def _priced(backend: Backend, caps: Caps) -> None:
    """Refuse a budget in dollars that could not be kept because no price is known."""
    if caps.budget.cost_micros is None:
        return
    probe = Call(0, "", 0, "price", "price")
    if backend.bound(probe).cost_micros is None:
        raise UsageError(
            "--budget-usd",
            found=f"no price is known for what backend '{backend.name}' would use",
            expected="a model with a known price, or a budget in tokens",
            hint="Say it under [prices] in your own settings, or give --budget-tokens instead. "
            "Nothing was started.",
        )
