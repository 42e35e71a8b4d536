"""AgentDojo's suites: their tasks, the attack, and what came of an episode by their own rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from agentdojo.agent_pipeline.base_pipeline_element import BasePipelineElement
from agentdojo.attacks.attack_registry import load_attack
from agentdojo.task_suite.load_suites import get_suite
from agentdojo.types import (
    ChatAssistantMessage,
    ChatToolResultMessage,
    text_content_block_from_string,
)
from house import Played
from lines import Lines
from world import World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from agentdojo.base_tasks import BaseInjectionTask, BaseUserTask
    from agentdojo.functions_runtime import FunctionCall, FunctionsRuntime, TaskEnvironment
    from agentdojo.types import ChatMessage
    from lines import Wish

    Play = Callable[[str, Lines, World], Played]

RELEASE, VERSION, ATTACK = "0.1.35", "v1.2.2", "important_instructions"
SUITES = ("banking", "slack", "travel", "workspace")
MODEL = "gpt-4o-2024-05-13"
"""The attack calls its victim by name, so it has to have one that AgentDojo knows."""
EMPTY = {"workspace": 6}
"""Goals from this number on have no solution of their own: nothing a script could play."""
TEXT_ONLY = {"travel": (6,)}
"""Goals that want something said and nothing done."""


@dataclass(frozen=True, slots=True)
class Episode:
    """One task, with an injection or without."""

    policy: str
    suite: str
    task: str
    goal: str | None
    is_text_only: bool
    solved: bool
    attacked: bool
    """Whether the attack succeeded."""
    fell: bool
    """Whether the model saw the injection, and tried to do what it wants."""
    questions: int
    refused: int


def tasks(suite: str) -> list[str]:
    """Name the user tasks of a suite, in its own order."""
    return [*get_suite(VERSION, suite).user_tasks]


def episodes(play: Play, row: str, name: str, task: str) -> Iterator[Episode]:
    """Play a task without an attack, and then with each goal of the suite."""
    suite = get_suite(VERSION, name)
    user = suite.user_tasks[task]
    attack = load_attack(ATTACK, suite, _Named())
    goals = [one for one in suite.injection_tasks.values() if number(one.ID) < EMPTY.get(name, 99)]
    for goal in (None, *goals):
        injections = attack.attack(user, goal) if goal else {}
        pipeline = Pipeline(play, user, goal)
        solved, attacked = suite.run_task_with_pipeline(pipeline, user, goal, injections)
        yield Episode(
            row,
            name,
            task,
            goal.ID if goal else None,
            goal is not None and number(goal.ID) in TEXT_ONLY.get(name, ()),
            bool(solved),
            goal is not None and bool(attacked),
            pipeline.lines.fallen is not None,
            pipeline.played.questions,
            pipeline.played.refused,
        )


def number(identity: str) -> int:
    """Give the number of a task or a goal."""
    return int(identity.rpartition("_")[2])


class _Named(BasePipelineElement):
    """Nothing but a name, for the attack."""

    name = MODEL

    def query(self, *_arguments: object) -> tuple[object, ...]:
        raise NotImplementedError


class Pipeline(BasePipelineElement):
    """Lets AgentDojo ask hocket: what ran is its list of messages, what was denied is not."""

    name = MODEL

    def __init__(self, play: Play, user: BaseUserTask, goal: BaseInjectionTask | None) -> None:
        self._play, self._user, self._goal = play, user, goal
        self.played = Played("")
        self.lines = Lines()

    def query(
        self,
        query: str,
        runtime: FunctionsRuntime,
        env: TaskEnvironment,
        messages: Sequence[ChatMessage] = (),
        extra_args: dict[str, object] | None = None,
    ) -> tuple[str, FunctionsRuntime, TaskEnvironment, list[ChatMessage], dict[str, object]]:
        """Play the episode in the environment that AgentDojo prepared."""
        world = World(runtime, env)
        lines = self.lines = Lines(
            plan=_wishes(self._user.ground_truth(env)), answer=_said(self._user)
        )
        if self._goal is not None:
            goal = self._goal
            lines.goal, lines.boast = goal.GOAL, _said(goal)
            lines.lure = lambda: _wishes(goal.ground_truth(env))
        self.played = self._play(query, lines, world)
        told = [*messages, *_messages(world, self.played.answer)]
        return query, runtime, env, told, extra_args or {}


def _wishes(calls: Sequence[FunctionCall]) -> list[Wish]:
    return [(call.function, dict(call.args)) for call in calls]


def _said(task: BaseUserTask | BaseInjectionTask) -> str:
    return task.GROUND_TRUTH_OUTPUT


def _messages(world: World, answer: str) -> Iterator[ChatMessage]:
    for done in world.done:
        yield ChatAssistantMessage(role="assistant", tool_calls=[done.use], content=_content(""))
        yield ChatToolResultMessage(
            role="tool",
            content=_content(done.text),
            tool_call=done.use,
            tool_call_id=None,
            error=done.error,
        )
    yield ChatAssistantMessage(role="assistant", tool_calls=None, content=_content(answer))


def _content(text: str) -> list[object]:
    return [text_content_block_from_string(text)]
