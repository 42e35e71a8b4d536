"""A plan and its consent as JSON, for `--json`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.registry.consent.raising import commands

if TYPE_CHECKING:
    from hocket.api.calls import JsonObject
    from hocket.registry.consent.needed import Needs
    from hocket.registry.installing.plan import Plan, Step


def as_data(
    plan: Plan, needs: Needs, *, given: tuple[str, ...] = (), by: str | None = None
) -> JsonObject:
    """Give `plan`, `consent`, `findings` and `commands`; the command line adds the rest."""
    parcels = [step.parcel for step in plan.changes if step.parcel]
    return {
        "plan": [_step(step) for step in plan.changes],
        "consent": {"needed": list(needs.ids), "given": list(given), "by": by},
        "findings": [
            {
                "id": one.id,
                "level": one.level,
                "package": need.key,
                "path": one.path,
                "line": one.line,
                "text": one.text,
            }
            for need in needs.packages
            for one in need.parcel.findings
        ],
        "commands": [f"/{name}" for parcel in parcels for name in commands(parcel)],
    }


def _step(step: Step) -> JsonObject:
    before = str(step.version_before) if step.version_before else None
    if step.parcel is None:
        digest = step.before.digest if step.before else None
        told: JsonObject = {"kind": None, "to": None, "digest": digest, "files": 0, "size": 0}
    else:
        row, entries = step.parcel.row, step.parcel.tree.entries
        told = {
            "kind": row.kind.value,
            "to": str(row.version),
            "digest": row.digest,
            "files": len(entries),
            "size": sum(len(content) for _kind, _path, content in entries),
        }
    return {
        "action": step.action.value,
        "package": step.key,
        "from": before,
        **told,
        "why": step.why,
    }
