"""Host calls that are no agents: committed under keys of their own, answered once."""

from __future__ import annotations

import pytest

from hocket.api.calls import Usage
from hocket.testing import After, Tokens


class Person:
    """Somebody with a row of answers."""

    def __init__(self, *answers):
        self.answers, self.asked = [*answers], []

    async def answer(self, question):
        self.asked.append((question.kind, question.text, question.options, question.default))
        return self.answers.pop(0)


def caught(call):
    return f"""
        try:
            return await {call}
        except TypeError as error:
            return str(error)
        """


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("ask(args)", "ask(question): must be a text that is not empty"),
        ("ask('Q', options=args)", "ask(options): must be a list of 1 to 12 texts"),
        ("ask('Q', options=[args])", "ask(options): must be a list of 1 to 12 texts"),
        ("ask('Q', default=args)", "ask(default): must be a text"),
    ],
)
def test_a_question_that_makes_no_sense_asks_nobody(theatre, call, message):
    person = Person()

    assert theatre.play(caught(call), args=5, approver=person).result == message
    assert person.asked == []


def test_a_question_carries_its_options_and_its_default(theatre):
    person = Person("b")

    outcome = theatre.play("return await ask('Q?', ['a', 'b'], 'a')", approver=person)

    assert outcome.result == "b"
    assert person.asked == [("ask", "Q?", ("a", "b"), "a")]


def test_the_same_question_with_other_options_is_another_one(theatre):
    body = "return [await ask('Q?', ['a']), await ask('Q?', ['a', 'b']), await ask('Q?')]"

    before = theatre.play(body, approver=Person("a", "b", "c"))
    after = theatre.again(before, approver=Person())

    assert before.result == after.result == ["a", "b", "c"]


def test_a_default_that_was_taken_is_asked_again_by_nobody(theatre):
    """It is committed like an answer: a later person does not turn the path of the script."""
    body = "return await ask('Q?', default='d')"

    before = theatre.play(body)
    after = theatre.again(before, approver=Person("x"))

    assert before.result == after.result == "d"


def test_a_question_nobody_could_answer_is_asked_again(theatre):
    body = """
        try:
            return await ask("Q?" * 200)
        except AgentError as error:
            return str(error)
        """

    before = theatre.play(body)
    after = theatre.again(before, approver=Person("now"))

    assert before.result == "refused: nobody could answer: " + "Q?" * 100
    assert after.result == "now"


def test_reveal_gives_other_text_back_unchanged(theatre):
    assert theatre.play("return [await reveal('text'), await reveal('')]").result == ["text", ""]


def test_what_a_workflow_cost_is_seen_when_it_is_delivered_and_the_same_on_replay(theatre):

    theatre.save("kid", "return await agent(f'{args}')")
    body = """
        seen = []

        async def one(n):
            await workflow("kid", n)
            seen.append(budget.spent())

        await parallel([one(1), one(2)])
        return seen
        """
    answers = {
        "1": After(20.0, Tokens(Usage(output=10), "x")),
        "2": After(10.0, Tokens(Usage(output=200), "x")),
    }

    before = theatre.play(body, answers, flags={"concurrency": 2})
    after = theatre.again(before, {})

    assert before.result == after.result == [200, 210]
