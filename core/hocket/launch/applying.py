"""Puts what isolated calls of a run changed into the person's tree, call by call."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

from hocket.errors import HocketError, StructureError, UsageError
from hocket.journal.recovery import look, whole
from hocket.launch import trees
from hocket.workspaces.workspaces import Workspaces

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pydantic import JsonValue

    from hocket.api.calls import JsonObject
    from hocket.api.storage import Store
    from hocket.launch.project import Project

APPLIED, ALREADY, WOULD, STOPPED, WAITS = (
    "applied",
    "already applied",
    "would apply",
    "conflict",
    "not tried",
)


@dataclass(frozen=True, slots=True)
class Patch:
    """What one call changed, and what became of it here."""

    call: int
    label: str
    committed: bool
    changes: Mapping[str, JsonValue]
    state: str = WAITS

    def as_json(self) -> JsonObject:
        """Say it to a program."""
        told: JsonObject = {"call": self.call, "label": self.label, "state": self.state}
        return {**told, **self.changes}


@dataclass(frozen=True, slots=True)
class Application:
    """All patches that were wanted, in the order of their calls, and what stopped them."""

    patches: tuple[Patch, ...]
    failure: HocketError | None = None


def patches(store: Store, run_id: str, calls: Sequence[int]) -> list[Patch]:
    """List what calls changed: those that are named, else all that ended well.

    Raises UsageError for a call that changed nothing, or of which the run knows nothing.
    """
    journal = store.peek(run_id, "journal.jsonl") or b""
    look(journal)
    found: dict[int, Patch] = {}
    for record, _, _ in whole(journal):
        one = _patch(record.payload) if record.kind == "ended" else None
        if one is not None:
            found[one.call] = one
    if not calls:
        return [found[number] for number in sorted(found) if found[number].committed]
    if unknown := sorted(set(calls) - set(found)):
        raise UsageError(
            f"call {unknown[0]}",
            found=f"run {run_id} keeps no changes of it",
            expected=f"one of {', '.join(map(str, sorted(found)))}" if found else "a call with any",
            hint="Only calls with isolation='worktree' keep what they changed. Nothing was done.",
        )
    return [found[number] for number in sorted(set(calls))]


async def apply(
    project: Project, run_id: str, wanted: Sequence[Patch], *, dry: bool = False
) -> Application:
    """Put patches in one after the other, up to the first conflict; what is in is passed over."""
    store, root = project.store(), project.root
    contents = [_content(store, run_id, one) for one in wanted]
    tree = Workspaces(root, run_id, trees.nowhere, lambda _: True, trees.cache(project))
    present = await tree.present(contents)
    done = [
        replace(one, state=ALREADY if there else WAITS)
        for one, there in zip(wanted, present, strict=True)
    ]
    left = [at for at, there in enumerate(present) if not there]
    if dry:
        fits = await tree.fits([contents[at] for at in left])
        for at, fit in zip(left, fits, strict=False):
            done[at] = replace(done[at], state=WOULD if fit else STOPPED)
        return Application(tuple(done))
    for at in left:
        try:
            await tree.apply(contents[at])
        except HocketError as trouble:
            done[at] = replace(done[at], state=STOPPED)
            return Application(tuple(done), _stopped(run_id, done, at, trouble))
        done[at] = replace(done[at], state=APPLIED)
    return Application(tuple(done))


def _patch(payload: Mapping[str, JsonValue]) -> Patch | None:
    changes, number = payload.get("changes"), payload.get("call")
    if not isinstance(changes, dict) or not isinstance(number, int):
        return None
    committed = payload.get("state") in ("ok", "cached")
    return Patch(number, str(payload.get("label") or ""), committed, changes)


def _content(store: Store, run_id: str, one: Patch) -> bytes:
    digest = str(one.changes.get("patch"))
    content = store.peek(run_id, f"artifacts/{digest}")
    if content is None or sha256(content).hexdigest() != digest:
        raise StructureError(
            f"call {one.call}",
            found="its patch is missing or changed",
            expected="what the run kept in its folder",
            hint=f"Nothing was done. It may still be on the branch {one.changes.get('branch')}.",
        )
    return content


def _stopped(run_id: str, done: Sequence[Patch], at: int, trouble: HocketError) -> HocketError:
    """Say what is in the way, and how to go on."""
    rest = " ".join(str(one.call) for one in done[at + 1 :] if one.state == WAITS)
    go_on = f" Then go on with the others: hocket apply {run_id} {rest}" if rest else ""
    return HocketError(
        f"call {done[at].call}",
        found=f"{trouble.found} ({done[at].label})",
        expected=trouble.expected,
        hint=f"{trouble.hint}{go_on}",
    )
