"""What would instruct agents, as text for a person: its lines cannot be taken for ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.cli._text import inert

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hocket.launch.candidates import Candidate


def lines(found: Sequence[Candidate]) -> list[str]:
    """Write one line for each file, and beneath it, further in, what a person has to look at."""
    return [line for one in found for line in (_head(one), *_shown(one))]


def _head(one: Candidate) -> str:
    why = f"  {one.why}" if one.why else ""
    return f"{one.state:<8} {inert(one.path)}{why}"


def _shown(one: Candidate) -> list[str]:
    from hocket.launch.candidates import State

    lost = one.state is State.CHANGED and one.before is None
    head = ["    (what was trusted is not kept; this is all of it)"] if lost else []
    return [*head, *(f"    {line}" for line in one.difference())]
