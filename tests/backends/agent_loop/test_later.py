"""Calls without tools that may wait: gathered into batches, collected by name, never paid twice."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from hocket.answers.submissions import Submissions
from hocket.api.messages import (
    Capabilities,
    ProviderFailure,
    TurnRequest,
)
from hocket.api.settings import PluginSettings
from hocket.testing import JumpingClock, ScriptedContext, ScriptedModel, ScriptedTurn, run
from hocket_plugins.backends.agent_loop.section import AgentLoopSection, told

PLENTY = 10**9
SCHEMA = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}


class Cheap(ScriptedModel):
    """A model whose service also answers in batches, after a while by the clock."""

    def __init__(self, *turns, takes_s=3_600.0, able=True, **more):
        super().__init__(
            *turns,
            capabilities=Capabilities(window=200_000, max_output=64_000, batches=able),
            **more,
        )
        self.takes_s = takes_s
        self.batches: dict[str, dict[str, TurnRequest]] = {}
        self.due: dict[str, float] = {}
        self.cancelled: list[str] = []
        self.collected = 0
        self.refuses: list[ProviderFailure] = []
        self.says = lambda request: f"later: {request.messages[0].blocks[0].text[-1]}"

    async def submit_batch(self, requests):
        if self.refuses:
            raise self.refuses.pop(0)
        batch = f"batch_{len(self.batches) + 1}"
        self.batches[batch] = dict(requests)
        self.due[batch] = self._clock.monotonic() + self.takes_s
        return batch

    async def collect_batch(self, batch):
        self.collected += 1
        if batch not in self.batches:
            raise ProviderFailure("bad_request", code="not_found_error")
        if self._clock.monotonic() < self.due[batch]:
            return None
        return {name: self.reply(one) for name, one in self.batches[batch].items()}

    async def cancel_batch(self, batch):
        self.cancelled.append(batch)

    def reply(self, request):
        said = self.says(request)
        if isinstance(said, ProviderFailure):
            return said
        turn = said if isinstance(said, ScriptedTurn) else ScriptedTurn(text=said)
        return self._whole(turn, request)


def together(agents, model, *prompts, section=None, before=None, **options):
    """Play calls side by side; gives their outcomes and contexts."""
    loop = agents.loop(model, section={"cheap_later": True, **(section or {})})
    contexts = [ScriptedContext(room=PLENTY) for _ in prompts]
    for context, lines in zip(contexts, before or (), strict=False):
        context.before = lines

    async def main():
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(loop.run(agents.call(prompt, number, **options), context))
                for number, (prompt, context) in enumerate(zip(prompts, contexts, strict=True), 1)
            ]
        return [task.result() for task in tasks], JumpingClock().monotonic()

    outcomes, seconds = run(main())
    return [outcome.value for outcome in outcomes], contexts, seconds


def kinds(context):
    return [kind for kind, _ in context.records]


def test_calls_that_come_together_go_as_one_batch(agents):
    model = Cheap()
    values, contexts, seconds = together(agents, model, "a", "b", "c")
    assert values == ["later: a", "later: b", "later: c"]
    assert (len(model.batches), model.requests) == (1, [])
    assert len(model.batches["batch_1"]) == 3
    assert all(context.parked for context in contexts)
    assert 3_600 <= seconds < 3_700


def test_the_id_is_written_down_before_anybody_waits(agents):
    model = Cheap()
    _, contexts, _ = together(agents, model, "a", "b")
    for context in contexts:
        assert kinds(context) == ["call", "message", "turn", "batch", "message", "answer", "end"]
    ids = [dict(context.records)["batch"] for context in contexts]
    assert [one["id"] for one in ids] == ["batch_1"] * 2
    assert {one["name"] for one in ids} == set(model.batches["batch_1"])
    assert contexts[0].said[-1] == "waits in batch_1"


def test_they_cost_half_reserved_and_booked(agents):
    def cost(*, cheap):
        model = Cheap("at once")
        loop = agents.loop(model, section={"cheap_later": cheap})
        context = ScriptedContext(room=PLENTY)
        context.micros_per_token = 3
        run(loop.run(agents.call(), context))
        return context.grown[0].cost_micros, context.usage.cost_micros

    (reserved, booked), (half_reserved, half_booked) = cost(cheap=False), cost(cheap=True)
    assert (half_reserved, half_booked) == (-(-reserved // 2), -(-booked // 2))


@pytest.mark.parametrize(
    ("section", "able", "tools"),
    [({"cheap_later": False}, True, ()), ({}, False, ()), ({}, True, ("Read",))],
    ids=["nobody asked", "the model cannot", "it has tools"],
)
def test_other_calls_are_asked_at_once(agents, section, able, tools):
    model = Cheap("now", able=able)
    loop = agents.loop(
        model, [agents.Trick(name) for name in tools], section={"cheap_later": True, **section}
    )
    context = ScriptedContext(room=PLENTY)
    assert run(loop.run(agents.call(), context)).value == "now"
    assert (model.batches, context.parked) == ({}, 0)


def test_a_provider_without_batches_is_asked_at_once(agents):
    model = ScriptedModel("now", capabilities=Capabilities(batches=True))
    values, _, _ = together(agents, model, "a")
    assert values == ["now"]


def test_an_answer_that_does_not_fit_is_asked_again_in_a_batch(agents):
    model = Cheap()
    model.says = lambda request: '{"n": 7}' if len(request.messages) > 1 else '{"n": "x"}'
    loop = agents.loop(model, section={"cheap_later": True})
    context = ScriptedContext(room=PLENTY, submissions=Submissions(SCHEMA))
    model._capabilities = model._capabilities.model_copy(update={"answers": ("prompt",)})
    outcome = run(loop.run(agents.call(schema=SCHEMA), context))
    assert (outcome.value, len(model.batches), model.requests) == ({"n": 7}, 2, [])


def test_what_a_batch_could_not_answer_is_asked_at_once_for_the_whole_price(agents):
    model = Cheap("now")
    model.says = lambda request: ProviderFailure("overloaded", code="overloaded_error")
    loop = agents.loop(model, section={"cheap_later": True})
    context = ScriptedContext(room=PLENTY)
    context.micros_per_token = 2
    outcome = run(loop.run(agents.call(), context))
    assert (outcome.value, len(model.requests)) == ("now", 1)
    assert context.spent[0].cost_micros == 2 * 110
    assert "retry" in kinds(context)


def test_what_the_service_never_took_waits_once_more(agents):
    model = Cheap(takes_s=60.0)
    lines = [{"t": "batch", "id": "batch_9", "name": "turn-1"}]
    values, _, _ = together(agents, model, "a", before=[begun(agents, model, "a", lines)])
    assert (values, len(model.batches), model.requests) == (["later: a"], 1, [])


def begun(agents, model, prompt, lines, number=1):
    """Give the lines of a life that had begun, and then `lines`."""
    context = ScriptedContext(room=PLENTY)
    plain = agents.loop(ScriptedModel("x", capabilities=model._capabilities))
    run(plain.run(agents.call(prompt, number), context))
    first = [{"t": kind, **fields} for kind, fields in context.records[:3]]
    return [*json.loads(json.dumps(first)), *lines]


def test_a_resume_collects_and_hands_nothing_over_again(agents):
    model = Cheap()
    together(agents, model, "a", "b")
    (names,) = [[*batch] for batch in model.batches.values()]
    before = [
        begun(agents, model, prompt, [{"t": "batch", "id": "batch_1", "name": name}], number)
        for number, (prompt, name) in enumerate(zip("ab", names, strict=True), 1)
    ]
    later = Cheap(takes_s=0.0)
    later.batches, later.due = model.batches, {"batch_1": 0.0}
    values, contexts, seconds = together(agents, later, "a", "b", before=before)
    assert values == ["later: a", "later: b"]
    assert (len(later.batches), later.requests, later.collected) == (1, [], 1)
    assert seconds < 1
    assert kinds(contexts[0]) == ["goes_on", "turn", "message", "answer", "end"]


def test_what_was_cancelled_with_the_run_waits_in_a_new_batch(agents):
    model = Cheap(takes_s=0.0)
    model.batches = {"batch_1": {"turn-1": TurnRequest(model="m", messages=(), max_tokens=1)}}
    model.due = {"batch_1": 0.0}
    model.says = lambda request: (
        f"later: {request.messages[0].blocks[0].text[-1]}"
        if request.messages
        else ProviderFailure("server", code="canceled")
    )
    lines = [{"t": "batch", "id": "batch_1", "name": "turn-1"}]
    values, _, _ = together(agents, model, "a", before=[begun(agents, model, "a", lines)])
    assert (values, len(model.batches), model.requests) == (["later: a"], 2, [])


def leaving(agents, model, *, at_s, who):
    """Cancel some calls of three at a time; gives how they ended."""
    loop = agents.loop(model, section={"cheap_later": True})
    contexts = [ScriptedContext(room=PLENTY) for _ in range(3)]

    async def main():
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(loop.run(agents.call(f"{number}", number), context))
                for number, context in enumerate(contexts)
            ]
            await JumpingClock().sleep(at_s)
            for number in who:
                tasks[number].cancel()
            await asyncio.wait(tasks)
        return [None if task.cancelled() else task.result().value for task in tasks]

    return run(main())


def test_when_all_leave_the_service_stops(agents):
    model = Cheap()
    assert leaving(agents, model, at_s=100.0, who=(0, 1, 2)) == [None] * 3
    assert model.cancelled == ["batch_1"]


@pytest.mark.parametrize("at_s", [0.5, 1.5, 2.5, 100.0])
@pytest.mark.parametrize("who", [(0,), (1,), (0, 1), (2,)])
def test_when_some_leave_another_one_goes_on(agents, at_s, who):
    model = Cheap()
    ends = leaving(agents, model, at_s=at_s, who=who)
    assert ends == [None if n in who else f"later: {n}" for n in range(3)]
    assert (model.cancelled, len(model.batches)) == ([], 1)
    if at_s < 1:
        assert len(model.batches["batch_1"]) == 3 - len(who)


def test_who_leaves_before_anything_was_handed_over_leaves_nothing(agents):
    model = Cheap()
    assert leaving(agents, model, at_s=0.5, who=(0, 1, 2)) == [None] * 3
    assert (model.batches, model.cancelled) == ({}, [])


def test_a_service_that_cannot_stop_holds_nobody_up(agents):
    model = Cheap()

    async def hangs(_batch):
        await JumpingClock().sleep(1e9)

    model.cancel_batch = hangs
    assert leaving(agents, model, at_s=100.0, who=(0, 1, 2)) == [None] * 3


def test_handing_over_is_tried_again_as_a_turn_is(agents):
    model = Cheap()
    model.refuses = [ProviderFailure("overloaded"), ProviderFailure("server")]
    values, _, _ = together(agents, model, "a", "b")
    assert (values, len(model.batches)) == (["later: a", "later: b"], 1)


def test_what_is_given_up_is_given_up_for_all_of_it(agents):
    model = Cheap()
    model.refuses = [ProviderFailure("quota")] * 9
    loop = agents.loop(model, section={"cheap_later": True})

    async def main():
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(loop.run(agents.call(f"{n}", n), ScriptedContext(room=PLENTY)))
                for n in range(3)
            ]
        return [task.result().cause for task in tasks]

    assert run(main()) == ["quota"] * 3
    assert len(model.refuses) == 8


def test_later_calls_go_in_a_batch_of_their_own(agents):
    model = Cheap(takes_s=50.0)
    loop = agents.loop(model, section={"cheap_later": True})

    async def one(number, after_s):
        await JumpingClock().sleep(after_s)
        return await loop.run(agents.call(f"{number}", number), ScriptedContext(room=PLENTY))

    async def main():
        async with asyncio.TaskGroup() as group:
            for number, after_s in enumerate((0.0, 0.4, 0.8, 5.0)):
                group.create_task(one(number, after_s))

    run(main())
    assert [len(batch) for batch in model.batches.values()] == [3, 1]


def test_a_stream_of_calls_does_not_hold_a_batch_up_for_ever(agents):
    model = Cheap(takes_s=1.0)
    loop = agents.loop(model, section={"cheap_later": True})

    async def one(number):
        await JumpingClock().sleep(number * 0.5)
        return await loop.run(agents.call(f"{number}", number), ScriptedContext(room=PLENTY))

    async def main():
        async with asyncio.TaskGroup() as group:
            for number in range(40):
                group.create_task(one(number))

    run(main())
    assert len(model.batches) > 1


@pytest.mark.parametrize(
    ("section", "choices", "cheap"),
    [
        ({}, {}, False),
        ({"cheap_later": True}, {}, True),
        ({}, {"cheap_later": "yes"}, True),
        (None, {"cheap_later": "yes"}, True),
        (None, {}, False),
    ],
)
def test_it_is_said_in_the_settings_or_chosen(section, choices, cheap):
    sections = {} if section is None else {"agent_loop": AgentLoopSection.model_validate(section)}
    settings = PluginSettings(Path("/project"), sections=sections, choices=choices)
    assert told(settings).cheap_later is cheap
