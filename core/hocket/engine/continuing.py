"""What an earlier life of a call said and did, and whether the call may go on from there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hocket.api.tools import ACTING
from hocket.engine.transcript import name_of
from hocket.errors import StorageLost

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pydantic import JsonValue

    from hocket.api.calls import Call
    from hocket.api.storage import HeldRun
    from hocket.engine.services import Services

    Line = dict[str, JsonValue]

_KEPT = {"artifact", "size"}
"""What stands in the place of a text that was too long for a line."""


def earlier(call: Call, services: Services) -> Sequence[Line]:
    """Give the lines of a call's earlier life, from its beginning to where it was cut off.

    Where it may not go on there is one line, `cut_off`, which names the tools that may have had
    effects. A new call has no lines, and neither has one that came to an end or that a person
    began again.
    """
    if services.policies.fresh or services.past.number_of(call.key, call.occurrence) is None:
        return ()
    lines = _last_beginning(_read(services.held, call.number))
    if not _was_cut_off(lines, call.key, services.held.epoch):
        return ()
    try:
        whole = [_whole_line(line, services.held) for line in lines]
    except LookupError:
        whole = []
    return whole if whole and may_go_on(whole) else (_cut_off(lines),)


def may_go_on(lines: Iterable[Line]) -> bool:
    """Say whether nothing that an earlier life did can have changed what its words are about."""
    # A tree of the call's own that still has the digest it had then would do as well.
    return not _acted(lines)


def _was_cut_off(lines: Sequence[Line], key: str, epoch: int) -> bool:
    """Say whether a process left in the middle of it; a terminal limit ends no conversation."""
    if not lines or lines[0].get("key") != key:
        return False
    lives = [line["epoch"] for line in lines if "epoch" in line]
    if lives and lives[-1] == epoch:  # a person began it again in this very process
        return False
    ends = [line.get("state") for line in lines if line["t"] == "end"]
    return not ends or ends[-1] == "quota"


def _read(held: HeldRun, number: int) -> list[Line]:
    """Read all whole lines of a transcript; a kill may have torn any life's last one."""
    try:
        content = held.read(name_of(number)) or b""
    except StorageLost:
        return []
    lines: list[Line] = []
    for raw in content.split(b"\n"):
        try:
            line: JsonValue = json.loads(raw)
        except ValueError:
            continue
        if isinstance(line, dict) and "t" in line:
            lines.append(line)
    return lines


def _last_beginning(lines: Sequence[Line]) -> Sequence[Line]:
    begins = [at for at, line in enumerate(lines) if line["t"] == "call"]
    return lines[begins[-1] :] if begins else ()


def _acted(lines: Iterable[Line]) -> list[JsonValue]:
    """Name the tools with effects that were started."""
    effects = {effect.value for effect in ACTING}
    names: dict[str, None] = {}
    for line in lines:
        had = line.get("effects")
        if line["t"] == "tool_start" and isinstance(had, list) and effects & set(map(str, had)):
            names[str(line.get("tool"))] = None
    return [*names]


def _cut_off(lines: Iterable[Line]) -> Line:
    return {"t": "cut_off", "tools": _acted(lines)}


def _whole_line(line: Line, held: HeldRun) -> Line:
    return {name: _whole(value, held) for name, value in line.items()}


def _whole(value: JsonValue, held: HeldRun) -> JsonValue:
    """Put texts back that were kept by their digest; LookupError when one is gone."""
    if isinstance(value, list):
        return [_whole(one, held) for one in value]
    if not isinstance(value, dict):
        return value
    if set(value) == _KEPT:
        content = held.get(str(value["artifact"]))
        if content is None:
            raise LookupError(value["artifact"])
        return content.decode("utf-8", "replace")
    return {name: _whole(one, held) for name, one in value.items()}
