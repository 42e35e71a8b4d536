"""What a person gets of a run that is done: its report here, its files, a copy, and a verdict."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hocket.cli._output import on_terminal
from hocket.errors import HocketError

if TYPE_CHECKING:
    from hocket.api.storage import Store
    from hocket.cli._options import RunOptions
    from hocket.engine.summary import Report
    from hocket.launch.prepare import Prepared


@dataclass(frozen=True, slots=True)
class Delivered:
    """What there is to show, and what ends the command with another exit code than 0."""

    text: str = ""
    """The report as Markdown, for where it is shown; empty for a result that is none."""
    files: tuple[str, ...] = ()
    copied: str = ""
    failure: HocketError | None = None


def check(options: RunOptions) -> None:
    """Refuse what could not be delivered before anything is spent."""
    if options.out is not None:
        from hocket.launch.reports import places

        places.usable(Path(options.out))


def deliver(store: Store, told: Report, prepared: Prepared, options: RunOptions) -> Delivered:
    """Deliver a run; one that did not complete has nothing to deliver."""
    if told["status"] != "completed":
        return Delivered()
    from hocket.launch.reports import places

    run_id = str(told["run_id"])
    files = tuple(places.there(store, run_id))
    failure = _findings(told, options)
    copied = ""
    if options.out is not None:
        try:
            places.copy(store, run_id, Path(options.out))
            copied = options.out
        except HocketError as error:
            failure = error
    return Delivered(_text(told, prepared) if files else "", files, copied, failure)


def _text(told: Report, prepared: Prepared) -> str:
    from hocket.launch import reports

    made = reports.account(told, rules=reports.by_rules(prepared.backend))
    if made is None:
        return ""
    return made.short() if on_terminal() else made.markdown()


def _findings(told: Report, options: RunOptions) -> HocketError | None:
    from hocket.launch import reports

    count = reports.worse(told, options.fail_on) if options.fail_on is not None else 0
    if not count:
        return None
    worse = "" if options.fail_on == "critical" else " or worse"
    found = "1 finding is" if count == 1 else f"{count:,} findings are"
    return HocketError(
        f"--fail-on {options.fail_on}",
        found=f"{found} {options.fail_on}{worse}",
        hint="The run is done; its report says which.",
    )
