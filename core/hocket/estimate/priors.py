"""What a call takes while nobody knows: figures of agents that were measured.

An agent with tools sends everything it has seen again with every turn, so its input grows with
the square of its turns; what was sent before is read from a cache.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.calls import Usage
from hocket.estimate.samples import Sample

if TYPE_CHECKING:
    from hocket.api.calls import Call

PREFIX, TASK, SAID, RESULT = 12_000, 1_000, 190, 500
"""Tokens of tools and system text, of a task, of one turn's output, and of a tool's result."""
WORKER_TURNS, VOTE_TURNS = 18, 6
_FRAME, _ANSWER = 600, 500
_TURN_S, _FIRST_S, _PER_TOKEN_S = 3.0, 3.0, 0.012
_CHARACTERS = 4
SPREAD = 0.8
"""How far calls of one kind differ (the sigma of a lognormal)."""
VOTES = frozenset({"vote", "judge", "classify", "screen"})
"""Roles that look at one thing and say one thing."""


def sample(call: Call) -> Sample:
    """Give what a call of its kind usually takes."""
    options = call.options
    told = len(call.prompt) // _CHARACTERS + _FRAME // 2
    if options.tools == () or options.role == "judge":
        return single(told)
    turns = VOTE_TURNS if options.role in VOTES else WORKER_TURNS
    return agent(turns, told + TASK // 2)


def single(task: int) -> Sample:
    """Give a call of one turn without tools."""
    usage = Usage(input=task + _FRAME, output=_ANSWER)
    return Sample(usage, 1, _FIRST_S + _PER_TOKEN_S * _ANSWER)


def agent(turns: int, task: int = TASK) -> Sample:
    """Give an agent of so many turns; its siblings have written the prefix."""
    step = SAID + RESULT
    read = turns * PREFIX + (turns - 1) * task + step * (turns - 1) * (turns - 2) // 2
    written = task + (turns - 1) * step
    usage = Usage(cache_read=max(0, read), cache_write=written, output=turns * SAID)
    return Sample(usage, turns, _FIRST_S + turns * (_TURN_S + _PER_TOKEN_S * SAID))
