"""Whether a call goes on from where an earlier life of it was cut off, or starts again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hocket_plugins.backends.agent_loop import frame
from hocket_plugins.backends.agent_loop.transcript import circumstances, system_of

if TYPE_CHECKING:
    from hocket_plugins.backends.agent_loop.desk import Desk


def resumed(desk: Desk) -> Desk:
    """Let a call go on under the very conditions it began under, else say why it starts again.

    Where something may have run, the agent is told so before its task.
    """
    recall = desk.recall
    if recall.is_new:
        return desk
    why = recall.why or _against(desk)
    if not why:
        return replace(desk, first=recall.first)
    first = frame.again(desk.first, [*recall.acted]) if recall.acted else desk.first
    return replace(desk, recall=recall.forgotten(why), again=why, first=first)


def _against(desk: Desk) -> str:
    recall = desk.recall
    if desk.section.continues == "never":
        return "the settings say so"
    if not recall.goes_on and not recall.batch:
        return "something it did may have had effects" if recall.acted else "no turn was whole"
    now = {**circumstances(desk), "system": system_of(desk)}
    for name, value in now.items():
        if recall.begin.get(name) != value:
            return f"another {name}"
    # An earlier life may have had a line before the same task.
    same = recall.first == desk.first or recall.first.endswith(f"\n\n{desk.first}")
    return "" if same else "the task is told in other words"
