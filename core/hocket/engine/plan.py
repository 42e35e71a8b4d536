"""What is to run, decided before anything starts, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hocket.engine.services import NOTHING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from pydantic import JsonValue

    from hocket.api.approval import Policy
    from hocket.api.calls import Attached, Usage
    from hocket.api.protocols import Router, Stage
    from hocket.api.scripts import Script, ScriptHost
    from hocket.engine.children import Library
    from hocket.engine.services import Caps


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to run: decided before anything starts, the same for every life."""

    run_id: str
    script: Script
    args: JsonValue
    has_args: bool
    outside: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """Where words from outside are in the args: JSON pointers (`*`: every item), with sources."""
    caps: Caps
    library: Library
    hosts: Mapping[str, ScriptHost]
    router: Router
    attach: Callable[[Script, list[JsonValue]], tuple[Attached, ...]]
    roots: Sequence[Path] = ()
    """What a person typed for agents to read as well as the project."""
    stages: Sequence[Stage] = ()
    policies: Sequence[Policy] = ()
    prune_below: float = 0.25
    """The share of a budget below which what adds little is left out; 0: never."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run left its process."""

    state: str
    cause: str | None = None
    result: JsonValue = None
    notes: tuple[str, ...] = ()
    census: Mapping[str, int] = field(default_factory=dict[str, int])
    usage: Usage = NOTHING
    outside: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """Where words from outside are in the result: JSON pointers, each with its sources."""
    resumes_at: int | None = None
    """Wall milliseconds at which a provider allows more, where it said so."""
