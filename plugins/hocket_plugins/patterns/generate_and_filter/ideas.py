"""Ideas: asked for side by side by agents that never see each other, told apart afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.api.patterns.context import Ask, Spares
from hocket.api.patterns.grouping import equal, keyed, same_by_readers, text_keys
from hocket.api.patterns.templates import fill

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pydantic import JsonValue

    from hocket.api.patterns.context import PatternContext, Reply
    from hocket.api.patterns.waves import Waves
    from hocket_plugins.patterns.generate_and_filter.wish import Wish


@dataclass(slots=True)
class Idea:
    """One idea in the order of generation, and why it was dropped."""

    index: int
    value: JsonValue = None
    task: str = ""
    why: str | None = None
    """`duplicate`, `must`, `score` or `failed`; None as long as it is in."""
    because: JsonValue = None
    """The index of the first alike, the questions that must be met, or the end state."""
    score: float | None = None

    def drop(self, why: str, because: JsonValue = None) -> None:
        """Drop it."""
        self.why, self.because = why, because


async def generate(waves: Waves, context: PatternContext, wish: Wish) -> list[Idea]:
    """Ask for all ideas at once; one that was not given is dropped as failed."""
    batches = wish.batches
    tasks = [_task(wish, context, number, len(batches)) for number in range(len(batches))]
    asks = [_ask(wish, task, number) for number, task in enumerate(tasks)]
    ideas: list[Idea] = []
    for task, size, reply in zip(tasks, batches, await waves.ask(asks), strict=True):
        for value in _values(reply, size, wish.per_call):
            idea = Idea(len(ideas), value, task)
            if value is None:
                idea.drop("failed", "not given" if reply.ok else reply.state.value)
            ideas.append(idea)
    return ideas


async def tell_apart(
    waves: Waves, context: PatternContext, wish: Wish, ideas: Iterable[Idea]
) -> None:
    """Drop what says the same as an idea before it, by its text and then by readers."""
    there = [idea for idea in ideas if idea.why is None]
    keys = await text_keys(context, [keyed(idea.value, wish.key) for idea in there])
    _drop(there, equal(keys))
    if wish.same is None:
        return
    unique = [idea for idea in there if idea.why is None]
    options = wish.options("read", tools=[])
    values = [idea.value for idea in unique]
    _drop(unique, await same_by_readers(waves, values, wish.same, options))


def _drop(ideas: Sequence[Idea], first: Sequence[int]) -> None:
    for idea, head in zip(ideas, first, strict=True):
        if ideas[head] is not idea:
            idea.drop("duplicate", ideas[head].index)


def _task(wish: Wish, context: PatternContext, number: int, count: int) -> str:
    return fill(wish.prompt, {"index": number, "count": count, "args": context.args})


def _ask(wish: Wish, task: str, number: int) -> Ask:
    """Ask for one idea or several; what differs between siblings comes last."""
    size, count = wish.batches[number], len(wish.batches)
    many = f"Give {size} answers that differ." if wish.per_call > 1 else "Give one answer."
    angle = wish.angles[number % len(wish.angles)] if wish.angles else "where others will not look"
    prompt = f"{task}\n\n{many} You are number {number + 1} of {count}. Your angle: {angle}"
    schema = _listed(wish.shape, size) if wish.per_call > 1 else wish.shape
    item: JsonValue = {"index": number, "ideas": size}
    given = {"label": f"idea {number + 1}", **wish.__pydantic_extra__}
    options = wish.options("work", given, schema=schema, item=item)
    return Ask(prompt=prompt, options=options, spares=Spares(1))


def _listed(shape: JsonValue, size: int) -> JsonValue:
    """Make the schema of a list; definitions move up to where references look for them."""
    inner = {**shape} if isinstance(shape, dict) else {}
    shared: dict[str, JsonValue] = {
        name: inner.pop(name) for name in ("$defs", "definitions") if name in inner
    }
    length: dict[str, JsonValue] = {"minItems": 1, "maxItems": size, "x-expect": size}
    rows: JsonValue = {"type": "array", "items": inner, **length}
    return {"type": "object", "properties": {"ideas": rows}, "required": ["ideas"], **shared}


def _values(reply: Reply, size: int, per_call: int) -> list[JsonValue]:
    """Read so many ideas as were asked for; None stands for one that was not given."""
    given = reply.value if reply.ok else None
    if per_call > 1:
        given = given.get("ideas") if isinstance(given, dict) else None
        rows = given if isinstance(given, list) else []
        return [*rows[:size], *[None] * (size - len(rows))]
    return [given]
