"""Questions for people: asked once, answered once, and refused where nobody answers."""

from __future__ import annotations

import asyncio

import pytest

from hocket.api.approval import Question
from hocket.api.events import Answered, Asked, Logged
from hocket.engine.questions import Questions
from hocket.testing import run

LEFT = Question(kind="ask", text="Which way?", digest="d1", options=("left", "right"))
NAME = Question(kind="ask", text="Name?", digest="d2")


class Person:
    """Answers after a while, by a list."""

    def __init__(self, *answers, seconds=1.0):
        self.answers, self.seconds = [*answers], seconds
        self.asked = []
        self.cancelled = 0

    async def answer(self, question):
        self.asked.append(question.text)
        try:
            await asyncio.sleep(self.seconds)
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        said = self.answers.pop(0)
        if isinstance(said, Exception):
            raise said
        return said


def asking(person, *asked, meanwhile=lambda _questions, _tasks: None, kept=None):
    """Ask at once, let something happen meanwhile; gives the answers and what was told."""
    told = []
    keep = (kept if kept is not None else []).append
    questions = Questions(person, told.append, lambda question, answer: keep((question, answer)))

    async def story():
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(questions.ask(question)) for question in asked]
            await asyncio.sleep(0.5)
            meanwhile(questions, tasks)
        return [None if task.cancelled() else task.result() for task in tasks]

    answers = run(story())
    assert questions.open == []
    assert questions.attended is (person is not None)
    return answers, told


def test_a_person_is_asked_and_everybody_hears_of_it():
    answers, told = asking(Person("left"), LEFT)
    assert answers == ["left"]
    assert told == [Asked("d1", "Which way?", ("left", "right")), Answered("d1", "left")]


def test_nobody_there_is_no_answer_at_once():
    assert asking(None, LEFT) == ([None], [Answered("d1", None)])


@pytest.mark.parametrize(
    ("said", "warning"),
    [
        (None, None),
        ("up", "the approver gave an answer that was no option: refused"),
        (ValueError("boom"), "the approver raised ValueError: refused"),
    ],
)
def test_an_approver_that_vanishes_breaks_or_babbles_has_not_answered(said, warning):
    answers, told = asking(Person(said), LEFT)
    assert answers == [None]
    assert [e.text for e in told if isinstance(e, Logged)] == ([warning] if warning else [])


def test_free_text_is_any_text():
    assert asking(Person("Ünsal"), NAME)[0] == ["Ünsal"]


def test_who_asks_the_same_meanwhile_gets_the_same_answer():
    person = Person("left", "x")
    answers, told = asking(person, LEFT, LEFT, NAME, LEFT)
    assert answers == ["left", "left", "x", "left"]
    assert person.asked == ["Which way?", "Name?"]
    assert [type(event) for event in told].count(Answered) == 2


def test_when_the_first_to_ask_is_gone_the_next_one_asks():
    person = Person("right")
    answers, told = asking(person, LEFT, LEFT, meanwhile=lambda _, tasks: tasks[0].cancel())
    assert answers == [None, "right"]
    assert (len(person.asked), person.cancelled) == (2, 1)
    assert [event for event in told if isinstance(event, Answered)] == [Answered("d1", "right")]


def test_an_answer_from_outside_comes_first_and_ends_the_asking():
    person = Person("left", seconds=3600)
    outside = []

    def meanwhile(questions, _tasks):
        outside.append([q.digest for q in questions.open])
        outside.extend(questions.answer("d1", text) for text in ("up", "right", "left"))
        outside.append(questions.answer("nobody asked this", "left"))

    answers, told = asking(person, LEFT, meanwhile=meanwhile)
    assert outside == [["d1"], False, True, False, False]
    assert answers == ["right"]
    assert person.cancelled == 1
    assert told[-1] == Answered("d1", "right")


def test_what_was_answered_in_an_earlier_life_is_not_asked_again():
    person = Person()
    questions = Questions(person, lambda _event: None, lambda *_kept: None)
    questions.remember({"d1": "left"})
    assert run(questions.ask(LEFT)) == "left"
    assert person.asked == []


def test_a_decision_on_a_call_is_kept_and_holds_from_then_on():
    kept, person = [], Person("allow", "left")
    may = Question(kind="call", text="May it?", digest="d3", options=("allow", "deny"))
    answers, _ = asking(person, may, may, LEFT, kept=kept)
    assert answers == ["allow", "allow", "left"]
    assert kept == [(may, "allow")]

    questions = Questions(Person("deny"), lambda _event: None, lambda *_kept: None)

    async def twice():
        return [await questions.ask(may) for _ in range(2)]

    assert run(twice()) == ["deny", "deny"]
