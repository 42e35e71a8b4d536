"""`hocket doctor`: what is here, what would be used, and why; only a probe asks anybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hocket import __version__
from hocket.cli._output import emit, json_option, table
from hocket.errors import HocketError

if TYPE_CHECKING:
    from hocket.cli.doctor.finding import Finding

__all__ = ["doctor"]

WITHOUT_MODEL = frozenset({"offline", "simulate", "replay"})
"""Backends that ask no model."""


@click.command()
@click.option("--require-model", is_flag=True, help="Exit with 1 when no model could be asked.")
@click.option("--probe", is_flag=True, help="Ask the model one short question, at most 50 tokens.")
@json_option
def doctor(*, require_model: bool, probe: bool) -> None:
    """Show what hocket found here and what it would use.

    Without --probe nothing leaves this machine, and nothing is changed in any case.
    """
    from hocket.cli.doctor.machine import machine
    from hocket.cli.doctor.parts import parts

    findings = [*machine(), *parts(probe=probe)]
    chosen = _which(findings, "backend", "chosen")
    failed = _which(findings, "probe", "broken")
    has_model = chosen is not None and chosen not in WITHOUT_MODEL and failed is None
    emit(
        "doctor",
        {
            "version": __version__,
            "backend": chosen,
            "provider": _which(findings, "model", "chosen"),
            "has_model": has_model,
            "findings": [dict(finding._asdict()) for finding in findings],
        },
        lambda: table(("part", "which", "state", "why"), findings),
        failure=_no_model(chosen, failed) if require_model and not has_model else None,
    )


def _which(findings: list[Finding], part: str, state: str) -> str | None:
    return next((one.which for one in findings if (one.part, one.state) == (part, state)), None)


def _no_model(chosen: str | None, failed: str | None) -> HocketError:
    asks_none = f"the backend would be '{chosen}', which asks no model" if chosen else "no backend"
    return HocketError(
        "doctor",
        found=f"the model '{failed}' did not answer" if failed else asks_none,
        expected="one that asks a model",
        hint='Set a key such as ANTHROPIC_API_KEY, or name a backend: backend = "…" in '
        ".hocket/config.toml, or HOCKET_BACKEND.",
    )
