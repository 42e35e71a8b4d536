"""Whether it is known what the chosen model costs: without, no budget in dollars holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.calls import Usage
from hocket.cli._text import money
from hocket.cli.doctor.finding import Finding
from hocket.engine.prices import FREE
from hocket.launch.binding import prices

if TYPE_CHECKING:
    from hocket.launch.choosing import Choice
    from hocket.launch.project import Project

SOME = 1_000
"""Few enough to be priced as a short prompt: some models cost more in long ones."""


def model_of(project: Project, choice: Choice) -> str | None:
    """Say which model a call gets that names none, as far as settings say it."""
    section = project.loaded.sections.get(choice.backend.name)
    named = project.plugin_settings.choices.get("model") or getattr(section, "model", None)
    return named if isinstance(named, str) else None


def priced(project: Project, provider: str, model: str) -> Finding:
    """Tell what a model costs; a short name has no price before somebody was asked what it is."""
    if provider in FREE:
        return Finding("price", model, "found", "nothing is billed")
    table = prices(project.loaded.settings)
    taken = table.cost(provider, model, Usage(input=SOME))
    given = table.cost(provider, model, Usage(output=SOME))
    if taken is None or given is None:
        why = "no price is known by this name: --probe asks which model it is, [prices] can say it"
        return Finding("price", model, "missing", why)
    each = 1_000_000 // SOME
    why = f"{money(taken * each)} in, {money(given * each)} out for a million tokens"
    return Finding("price", model, "found", why)
