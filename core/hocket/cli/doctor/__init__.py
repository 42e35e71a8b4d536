"""`hocket doctor`: what is here, what would be used, and why; no request leaves the machine."""

from __future__ import annotations

import click

from hocket import __version__
from hocket.cli._output import emit, json_option, table
from hocket.cli.doctor.machine import machine
from hocket.errors import HocketError

__all__ = ["doctor"]

WITHOUT_MODEL = frozenset({"offline", "simulate", "replay"})
"""Backends that ask no model."""


@click.command()
@click.option("--require-model", is_flag=True, help="Exit with 1 when no model could be asked.")
@json_option
def doctor(*, require_model: bool) -> None:
    """Show what hocket found here and what it would use.

    Nothing is sent anywhere and nothing is changed.
    """
    from hocket.cli.doctor.parts import parts

    findings = [*machine(), *parts()]
    chosen = next((f.which for f in findings if (f.part, f.state) == ("backend", "chosen")), None)
    has_model = chosen is not None and chosen not in WITHOUT_MODEL
    emit(
        "doctor",
        {
            "version": __version__,
            "backend": chosen,
            "has_model": has_model,
            "findings": [dict(finding._asdict()) for finding in findings],
        },
        lambda: table(("part", "which", "state", "why"), findings),
        failure=_no_model(chosen) if require_model and not has_model else None,
    )


def _no_model(chosen: str | None) -> HocketError:
    return HocketError(
        "doctor",
        found=f"the backend would be '{chosen}', which asks no model" if chosen else "no backend",
        expected="one that asks a model",
        hint='Name one: backend = "…" in .hocket/config.toml, or HOCKET_BACKEND.',
    )
