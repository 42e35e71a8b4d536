"""What calls were asked is read back from the journal, as a script would write it."""

from __future__ import annotations

from hocket.api.calls import Bound, Usage
from hocket.api.patterns.arguments import PatternArguments
from hocket.api.patterns.context import Ask, CallCount
from hocket.api.tools import AgentType


class Numbers(PatternArguments):
    calls: list[str]


class Recall:
    """Asks what other calls of the run were asked."""

    name = "recall"
    version = 1
    arguments = Numbers

    async def run(self, context, arguments):
        found = context.asked(set(arguments.calls))
        assert all(isinstance(ask, Ask) for ask in found.values())
        return {call: [ask.prompt, dict(ask.options)] for call, ask in sorted(found.items())}

    def calls(self, _arguments):
        return CallCount(0, 0)


class Turns:
    """An agent that takes a further turn."""

    async def obey(self, _call, context):
        context.spend(Usage(output=10))
        assert context.grow(Bound(10))
        context.spend(Usage(output=10))
        return "x"


TURNS = Turns()
KIND = AgentType("scout", "Looks", "Look.", tools=("Read",))
OFFERS = {"patterns": [Recall()], "agent_types": [KIND]}
BODY = """
schema = {"type": "object", "properties": {"n": {"type": "integer"}}}
await attempt("plain")
await attempt("all of it", label="Named", schema=schema, model="m", effort="low", tools=["Read"],
              agent_type="scout", inputs=["one.txt", {"path": "two.txt", "untrusted": True}],
              untrusted=True, max_tokens=90)
return await recall(["1", "2", "3"])
"""


def play(theatre, body=BODY):
    for name in ("one.txt", "two.txt"):
        (theatre.project / name).write_text(name)
    imports = "from hocket.script import recall\n"
    answers = {"all of it": {"n": 1}, "turns": TURNS, "": "x"}
    return theatre.play(body, answers, imports=imports, offers=OFFERS)


def test_prompts_and_options_of_the_calls_that_are_named(theatre):
    outcome = play(theatre)
    assert outcome.status == "completed", outcome.cause
    assert outcome.result == {
        "1": ["plain", {"label": "plain"}],
        "2": [
            "all of it",
            {
                "schema": {"type": "object", "properties": {"n": {"type": "integer"}}},
                "model": "m",
                "effort": "low",
                "tools": ["Read"],
                "untrusted": True,
                "agent_type": "scout",
                "inputs": [
                    {"path": "one.txt", "untrusted": False},
                    {"path": "two.txt", "untrusted": True},
                ],
                "label": "Named",
            },
        ],
    }


def test_a_further_turn_and_a_long_prompt_hide_nothing(theatre):
    body = """
        long = "turns " + "x" * 100_000
        await attempt(long, label="Long")
        return [ask[1] | {"size": len(ask[0])} for ask in (await recall(["1"])).values()]
        """
    assert play(theatre, body).result == [{"label": "Long", "size": 100_006}]
