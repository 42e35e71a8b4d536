"""What the verbs about packages share: their options, and the way from a demand to its end."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hocket.cli._consent import interactive
from hocket.cli._output import emit, json_asked, suggest, tell, write
from hocket.errors import HocketError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from hocket.api.calls import JsonObject
    from hocket.launch.market import Market
    from hocket.registry.consent.needed import Needs
    from hocket.registry.installing.applying import Done
    from hocket.registry.installing.plan import Plan
    from hocket.registry.planning.demand import Demand
    from hocket.registry.receipts.receipt import Consent

    Diff = Callable[[Plan], list[str]]

NOTHING = "There is nothing to do."


_OFFLINE = click.Option(["--offline"], is_flag=True, help="Use no network.")
_SCOPE = click.Option(
    ["--user/--project"],
    default=None,
    help="For you, or for this project; by default the project if there is one.",
)


@dataclass(frozen=True, slots=True)
class How:
    """What was typed about how to change something."""

    user: bool | None
    offline: bool
    dry_run: bool
    yes: bool
    accept: tuple[str, ...]
    quiet: bool


class ChangingCommand(click.Command):
    """A verb that changes what is installed; it gets the options of all such as one `how`."""

    def __init__(self, name: str | None, **attributes: object) -> None:
        super().__init__(name, **attributes)  # type: ignore[arg-type]  # click's own attributes
        self.params += [
            _SCOPE,
            _OFFLINE,
            click.Option(["--dry-run"], is_flag=True, help="Show the plan, and change nothing."),
            click.Option(
                ["--yes"], is_flag=True, help="Agree to what asks for nothing of consequence."
            ),
            click.Option(
                ["--accept"],
                metavar="ID",
                multiple=True,
                help="Agree to this one thing; again for more.",
            ),
            click.Option(["--quiet", "-q"], is_flag=True, help="Say only what went wrong."),
        ]

    def invoke(self, ctx: click.Context) -> None:
        """Gather the options, then run the command."""
        own = {field.name: ctx.params.pop(field.name) for field in fields(How)}
        ctx.params["how"] = How(**own)
        super().invoke(ctx)


class LookingCommand(click.Command):
    """A verb that only looks at what is installed in one scope."""

    def __init__(self, name: str | None, **attributes: object) -> None:
        super().__init__(name, **attributes)  # type: ignore[arg-type]  # click's own attributes
        self.params += [_SCOPE, _OFFLINE]


def market(*, user: bool | None, offline: bool, accepted: tuple[str, ...] = ()) -> Market:
    """Open the project here with everything that is known about packages."""
    from hocket.cli.registry._known import now
    from hocket.launch.market import Asked, Market
    from hocket.launch.project import Project
    from hocket.registry.consent.ids import checked

    asked = Asked(user=user, offline=offline, interactive=interactive(), accepted=checked(accepted))
    return Market.open(Project.open(Path.cwd()), asked, now())


def change(demand: Demand, how: How, diff: Diff | None = None) -> None:
    """Plan it, get the consent, do it, and say what was done; prints one JSON object if asked."""
    opened = market(user=how.user, offline=how.offline, accepted=how.accept)
    plan = opened.planned(demand)
    needs = opened.needs(plan)
    _say(opened.told, quiet=how.quiet)
    shown = diff(plan) if diff else []
    if how.dry_run or (not plan.changes and _lock_stays(plan)):
        _preview(plan, needs, shown, how)
        return
    consents = _agreed(opened, needs, shown, yes=how.yes)
    done = opened.carried_out(plan, consents)
    _say(done.recovered, quiet=how.quiet)
    asides: list[JsonObject] = [{"path": a.path, "files": [*a.files]} for a in done.asides]
    told: JsonObject = {**_as_data(plan, needs, consents), "kept": [*asides]}
    emit(demand.command, told, lambda: None if how.quiet else _report(plan, done))


def _lock_stays(plan: Plan) -> bool:
    from hocket.registry.locks.lock import dump

    return plan.lock_before == dump(plan.lock) or (plan.lock_before is None and not plan.steps)


def _agreed(market: Market, needs: Needs, shown: list[str], *, yes: bool) -> Mapping[str, Consent]:
    from hocket.cli._install_card import ask, lines
    from hocket.registry.consent.deciding import unused
    from hocket.registry.consent.screen import screen

    is_asking = interactive() and not json_asked()
    for line in shown:
        tell(line)
    try:
        consents = market.agreed(needs, yes=yes, ask=ask if is_asking else None)
    except HocketError:
        if not is_asking or yes:
            tell("\n".join(lines(screen(needs.plan, needs))))
        raise
    _say(f"--accept={one}: nothing here needs it" for one in unused(needs, market.asked.accepted))
    return consents


def _preview(plan: Plan, needs: Needs, shown: list[str], how: How) -> None:
    from hocket.cli._install_card import lines
    from hocket.registry.consent.screen import screen

    def human() -> None:
        if how.quiet:
            return
        rows = lines(screen(plan, needs)) if plan.changes else [*plan.notes, NOTHING]
        write("\n".join([*shown, *rows]))
        if how.dry_run and plan.changes:
            suggest("Nothing was changed: --dry-run.")

    emit(plan.command, _as_data(plan, needs, {}), human)


def _report(plan: Plan, done: Done) -> None:
    from hocket.registry.consent.raising import commands

    for line in _sentences(plan, done):
        write(line)
    for step in plan.changes:
        bundle = step.parcel.bundle if step.parcel else None
        hints = {one.name: one.argument_hint for one in bundle.manifest.commands} if bundle else {}
        for name in commands(step.parcel) if step.parcel else ():
            write(f"  /{name} {hints.get(name, '')}".rstrip())


def _sentences(plan: Plan, done: Done) -> list[str]:
    from hocket.registry.installing.recovery import kept_note

    where = "this project" if plan.scope.project else "your own folder"
    come = [step for step in plan.changes if step.parcel]
    told = [f"removed {key}" for key in done.removed]
    told += [kept_note(one) for one in done.asides]
    told += [f"{one}" for one in plan.notes]
    if come:
        named = ", ".join(f"{step.key} {step.parcel.row.version}" for step in come if step.parcel)
        told.append(f"Installed in {where}, hocket.lock updated: {named}")
    elif not done.removed:
        told.append("hocket.lock updated")
    return told


def _as_data(plan: Plan, needs: Needs, consents: Mapping[str, Consent]) -> JsonObject:
    from hocket.registry.consent.data import as_data

    given = tuple(sorted({one for each in consents.values() for one in each.accepted}))
    by = next((each.by for each in consents.values()), None)
    data = as_data(plan, needs, given=given, by=by)
    return {**data, "scope": plan.scope.name, "notes": [*plan.notes]}


def _say(notes: Iterable[str], *, quiet: bool = False) -> None:
    for note in () if quiet else notes:
        tell(f"hocket: {note}")
