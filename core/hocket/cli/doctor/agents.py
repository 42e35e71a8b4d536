"""Who would run agents here: every contender in its order, and what the chosen one costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.cli.doctor.finding import Finding
from hocket.cli.doctor.pricing import model_of, priced
from hocket.cli.doctor.probing import probed
from hocket.errors import HocketError
from hocket.launch.choosing import NO_PROVIDER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hocket.launch.choosing import Choice
    from hocket.launch.contenders import Contender
    from hocket.launch.project import Project


def agents(project: Project, *, probe: bool) -> Iterator[Finding]:
    """Tell who would run agents, on which model, and what that costs; a probe asks it."""
    try:
        choice: Choice | HocketError = project.choice()
    except HocketError as error:
        choice = error
    yield from _contenders(project, choice)
    if isinstance(choice, HocketError):
        return
    model = model_of(project, choice)
    if probe:
        yield from probed(project, choice)
    elif choice.provider is not None and model is not None:
        yield priced(project, choice.provider, model)


def _contenders(project: Project, choice: Choice | HocketError) -> Iterator[Finding]:
    """Tell of every model provider and every backend; a choice that failed is told as missing."""
    contenders = project.contenders()
    asked = contenders.all()
    around = {one.name: one for one in contenders.probed(asked)}
    told = [around.get(one.name, one) for one in asked]
    provider = None if isinstance(choice, HocketError) else choice.provider
    for one in told:
        if one.name != one.backend:
            yield _line("model", one, chosen=one.name == provider)
    yield from _backends(project, choice, {one.name: one for one in told})


def _backends(
    project: Project, choice: Choice | HocketError, told: dict[str, Contender]
) -> Iterator[Finding]:
    chosen = None
    if isinstance(choice, HocketError):
        yield Finding("backend", "", "missing", choice.message)
    else:
        chosen = choice.backend.name
        yield Finding("backend", chosen, "chosen", choice.because)
    for name in project.host.backends(project.plugin_settings):
        if name == chosen:
            continue
        under = [one for one in told.values() if one.backend == name]
        if name in told:
            yield _line("backend", told[name], chosen=False)
        elif under and all(one.found is None for one in under):
            yield Finding("backend", name, "missing", NO_PROVIDER)
        else:
            yield Finding("backend", name, "found", f"to use it: --backend {name}")


def _line(part: str, one: Contender, *, chosen: bool) -> Finding:
    state = "found" if one.works else "missing"
    return Finding(part, one.name, "chosen" if chosen else state, one.why)
