"""Who goes first when calls are scarce: groups take turns, so that none of them starves."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import JsonValue

LEVELS = {"low": 0, "normal": 1, "medium": 1, "high": 2, "critical": 3}


def weight(importance: JsonValue) -> float:
    """Read an importance: a number, or one of the usual words; anything else is normal."""
    if isinstance(importance, int | float):
        return float(importance)
    return float(LEVELS.get(str(importance), LEVELS["normal"]))


def order(groups: Sequence[JsonValue], importances: Sequence[JsonValue]) -> list[int]:
    """Give the indexes round-robin over groups, inside a group by importance, then as they came."""
    queues: dict[str, list[int]] = {}
    for index, group in enumerate(groups):
        queues.setdefault(repr(group), []).append(index)
    for queue in queues.values():
        queue.sort(key=lambda index: -weight(importances[index]))
    turns = zip_longest(*queues.values())
    return [index for turn in turns for index in turn if index is not None]
