"""Who may say yes: policies tighten, approvers answer, and nobody answering is a no."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from hocket.api.tools import TRUSTED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pydantic import JsonValue

    from hocket.api.calls import Call
    from hocket.api.tools import Effect, Label


class Verdict(IntEnum):
    """What a policy says; of all verdicts the strictest (largest) holds."""

    ALLOW = 0
    ASK = 1
    DENY = 2


@dataclass(frozen=True, slots=True)
class Judgement:
    """A policy's verdict on a call, and the reason a person reads."""

    verdict: Verdict
    reason: str = ""
    shown: str = ""
    """What a person has to read in full before a yes; an answer is pinned to it."""


@dataclass(frozen=True, slots=True)
class Use:
    """An agent's wish to use a tool, as a policy and a person see it."""

    tool: str
    shown: str
    """As a permission rule would be written: `Edit(src/app.py)`, `Bash(npm test)`."""
    effects: frozenset[Effect]
    arguments: Mapping[str, JsonValue]
    label: Label = TRUSTED
    """What the agent has read so far."""
    workspace: Path | None = None
    """The tree it works in, to which relative paths belong; None: the project."""


class Policy(Protocol):
    """May tighten what a call is allowed, never loosen it."""

    name: str

    def judge(self, call: Call) -> Judgement:
        """Judge a call before it is routed or reserved."""
        ...

    def judge_use(self, call: Call, use: Use) -> Judgement | None:
        """Judge one tool use of a running call.

        None: nothing is against it, and nothing is for it. Where all say so, a person is asked.
        """
        ...


@runtime_checkable
class Granting(Protocol):
    """A policy that knows a person's own rules."""

    def granted(self, use: str) -> bool:
        """Say whether such a rule names this use and no other one is against it."""
        ...


@runtime_checkable
class Explaining(Protocol):
    """A policy that can say which rules it has, and what it makes of a use."""

    name: str

    def rules(self) -> Sequence[tuple[str, str]]:
        """List its rules, each with its kind (`deny`, `ask`, `allow`)."""
        ...

    def explain(self, use: str) -> tuple[str, str, Sequence[tuple[str, str, bool]]]:
        """Give the verdict in a word, why, and the rules about the tool with whether they match."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something only a person may decide; `digest` pins what was shown."""

    kind: str
    """`script` before a run, `call` for one call, `ask` for the script's own question."""
    text: str
    digest: str
    options: tuple[str, ...] = ()
    default: str | None = None
    details: Mapping[str, JsonValue] | None = None


class Approver(Protocol):
    """Answers questions in a person's name."""

    async def answer(self, question: Question) -> str | None:
        """Give the answer, or None when nobody can: then it is refused."""
        ...
