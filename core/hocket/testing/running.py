"""Run a script in a project with scripted agents: project in, outcome out."""

from __future__ import annotations

import asyncio
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from hocket.api.events import Logged
from hocket.api.markers import hookimpl
from hocket.engine.clock import MachineClock
from hocket.engine.services import Policies
from hocket.launch.prepare import Demand, prepare
from hocket.launch.project import Project
from hocket.launch.reopen import Changes, reopen
from hocket.launch.start import Company, live, new_run
from hocket.launch.typed import Line
from hocket.testing.clock import JumpingClock, JumpingLoop
from hocket.testing.scripted import ScriptedBackend

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pydantic import JsonValue

    from hocket.api.approval import Approver
    from hocket.api.events import Event
    from hocket.api.protocols import Backend
    from hocket.api.settings import PluginSettings
    from hocket.engine.run import Run
    from hocket.engine.summary import Report
    from hocket.launch.card import Card
    from hocket.launch.prepare import Prepared
    from hocket.launch.start import Opened
    from hocket.testing.rules import Rules

SCRIPT = "script.py"
TRUSTED_FOLDERS = "HOCKET_TRUSTED_FOLDERS"


@dataclass(slots=True)
class Outcome:
    """What a run left behind: its report, what it told, and which prompts were dispatched."""

    report: Report
    folder: Path
    card: Card
    """What a person would have been shown before."""
    events: list[Event] = field(default_factory=list["Event"])
    prompts: list[str] = field(default_factory=list[str])

    @property
    def result(self) -> JsonValue:
        """What the script returned."""
        return self.report["result"]

    @property
    def status(self) -> str:
        """How the run ended."""
        return str(self.report["status"])

    @property
    def cause(self) -> str | None:
        """Why it ended so, when it did not complete."""
        cause = self.report["cause"]
        return None if cause is None else str(cause)

    @property
    def census(self) -> dict[str, JsonValue]:
        """How many calls ended in which state."""
        census = self.report["census"]
        return census if isinstance(census, dict) else {}

    @property
    def run_id(self) -> str:
        """The run, to resume it."""
        return str(self.report["run_id"])

    @property
    def log(self) -> list[str]:
        """The lines the script and hocket told a person."""
        return [event.text for event in self.events if isinstance(event, Logged)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """How a script is run: who answers, who is there, and which time it is."""

    approver: Approver | None = None
    attended: bool = False
    real_time: bool = False
    flags: Mapping[str, JsonValue] = field(default_factory=dict[str, "JsonValue"])
    choices: Mapping[str, str] = field(default_factory=dict[str, str])
    plugins: Mapping[str, object] = field(default_factory=dict[str, object])
    retry_skipped: bool = False
    trusted: bool = True
    """Whether the folder counts as one of a person's `trusted_folders`."""
    ready: Callable[[Run], None] = lambda _run: None


DEFAULT = Stage()


class _Offers:
    """A plugin that offers one backend."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    @hookimpl
    def hocket_register_backends(self, settings: PluginSettings) -> Sequence[Backend]:  # noqa: ARG002
        """Offer it."""
        return (self._backend,)


def run_script(
    source: str,
    answers: Rules | Backend | None = None,
    *,
    project: Path,
    args: JsonValue = None,
    stage: Stage = DEFAULT,
) -> Outcome:
    """Check and run a script; raises what a command would raise before a run exists."""
    (project / SCRIPT).write_text(source, encoding="utf-8", newline="")
    backend = _backend(answers)
    opened_project = _project(project, backend, stage)
    text = None if args is None else json.dumps(args)
    prepared = prepare(opened_project, Demand(SCRIPT, text))
    return _lived(new_run(prepared), prepared, backend, stage)


def run_command(
    words: Sequence[str],
    answers: Rules | Backend | None = None,
    *,
    project: Path,
    stage: Stage = DEFAULT,
) -> Outcome:
    """Run what a person types after `hocket`: `["/review", "HEAD~3", "--mode", "full"]`.

    A run of it is resumed by `resume_script`, too.
    """
    backend = _backend(answers)
    prepared = Line(words[0], words=tuple(words[1:])).prepare(_project(project, backend, stage))
    return _lived(new_run(prepared), prepared, backend, stage)


def resume_script(
    run_id: str,
    answers: Rules | Backend | None = None,
    *,
    project: Path,
    source: str | None = None,
    args: JsonValue = None,
    stage: Stage = DEFAULT,
) -> Outcome:
    """Go on with a run of `run_script`, with an edited script or other args if they are given."""
    if source is not None:
        (project / SCRIPT).write_text(source, encoding="utf-8", newline="")
    backend = _backend(answers)
    opened_project = _project(project, backend, stage)
    text = None if args is None else json.dumps(args)
    changes = Changes(script=SCRIPT if source is not None else None, args=text)
    opened, prepared, _ = reopen(opened_project, run_id, changes)
    return _lived(opened, prepared, backend, stage)


def _backend(answers: Rules | Backend | None) -> Backend:
    if answers is None:
        return ScriptedBackend({"": "an answer"})
    return answers if hasattr(answers, "bound") else ScriptedBackend(answers)  # type: ignore[return-value]  # told apart by a method


def _project(folder: Path, backend: Backend, stage: Stage) -> Project:
    return Project.open(
        folder,
        flags=stage.flags,
        choices={"backend": backend.name, **stage.choices},
        plugins={"testing.backend": _Offers(backend), **stage.plugins},
        env=_environment(folder, stage),
    )


def _environment(folder: Path, stage: Stage) -> dict[str, str]:
    """Give the environment in which the folder is trusted, or is not."""
    others = {name: value for name, value in os.environ.items() if name != TRUSTED_FOLDERS}
    return {**others, TRUSTED_FOLDERS: str(folder.absolute())} if stage.trusted else others


def _lived(opened: Opened, prepared: Prepared, backend: Backend, stage: Stage) -> Outcome:
    events: list[Event] = []
    company = Company(
        clock=MachineClock() if stage.real_time else JumpingClock(),
        listeners=[events.append],
        approver=stage.approver,
        policies=Policies(
            durability=prepared.project.loaded.settings.durability,
            attended=stage.attended,
            retry_skipped=stage.retry_skipped,
        ),
        ready=stage.ready,
    )
    loop = None if stage.real_time else JumpingLoop
    with asyncio.Runner(loop_factory=loop) as runner:
        report = runner.run(live(opened, prepared, company))
    folder = Path(prepared.project.store().path(opened.run_id))
    prompts = backend.calls if isinstance(backend, ScriptedBackend) else []
    return Outcome(report, folder, prepared.card, events, prompts)
