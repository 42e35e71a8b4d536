"""Rules: by text, tools, schema and occurrence, by function, or from a file."""

from __future__ import annotations

import json
import re

import pytest

from hocket.errors import UsageError
from hocket.testing.standin import Raw, Reply, Rule, Said, Thought, Used, orders, rules_of

TOOL = {"name": "Read", "input_schema": {"type": "object"}}
CLOSED = {"type": "object", "properties": {}, "additionalProperties": False}
SHAPED = {"output_config": {"format": {"type": "json_schema", "schema": CLOSED}}}


@pytest.fixture
def answers(plain, ask):
    """Give the texts that prompts get under rules."""

    def get(rules, *prompts, **more):
        async def told(client, server):
            texts = []
            for prompt in prompts:
                response = await client.post("/v1/messages", json=ask(prompt, **more))
                texts.append(response.json()["content"][0].get("text"))
            return texts

        return plain(told, rules=rules)

    return get


def test_the_first_rule_that_fits_answers(answers):
    rules = [
        Rule(text="Paris", reply="France"),
        Rule(text=re.compile(r"R[oa]m"), reply=Reply(blocks=(Said("Italy"),))),
        Rule(text="Rome", reply="never"),
    ]
    assert answers(rules, "Where is Paris?", "And Rome?") == ["France", "Italy"]
    assert len(answers(rules, "size=3; And Oslo?")[0]) == 3


def test_a_rule_may_fit_only_once(answers):
    rules = [Rule(text="x", occurrence=1, reply="second"), Rule(text="x", reply="other")]
    assert answers(rules, "x", "x", "y x", "x") == ["other", "second", "other", "other"]


def test_a_rule_may_want_tools_and_a_schema(answers):
    rules = [
        Rule(tools=("Read",), reply="tools"),
        Rule(schema=CLOSED, reply='{"this": 1}'),
        Rule(schema=True, reply="any"),
        Rule(schema=False, reply="none"),
    ]
    assert answers(rules, "Hello.") == ["none"]
    assert answers(rules, "Hello.", tools=[TOOL]) == ["tools"]
    assert answers(rules, "Hello.", **SHAPED) == ['{"this": 1}']


def test_a_function_sees_all_and_may_leave_it_to_the_prompt(answers):
    def rule(asked):
        return None if "size" in asked.text else f"{asked.model} {asked.id} {asked.occurrence}"

    assert answers(rule, "id=7; Hello.", "id=7; Hello.") == ["standin 7 0", "standin 7 1"]
    assert answers([Rule(reply=rule)], "size=4; id=7;") == ["[7] "]


def test_a_function_can_read_the_conversation(plain, ask):
    def rule(asked):
        return f"{asked.turns}: {asked.text}"

    async def told(client, server):
        body = ask("First.")
        body["messages"] += [
            {"role": "assistant", "content": "Hm."},
            {"role": "user", "content": [{"type": "text", "text": "Second."}]},
        ]
        return (await client.post("/v1/messages", json=body)).json()["content"][0]["text"]

    assert plain(told, rules=rule) == "1: Second."


def test_a_rule_that_raises_ends_the_test(plain, ask):
    def rule(asked):
        raise LookupError("a rule with a bug")

    async def told(client, server):
        await client.post("/v1/messages", json=ask("Hello."))

    with pytest.raises(ExceptionGroup) as raised:
        plain(told, rules=rule)
    assert raised.group_contains(LookupError, match="a rule with a bug")


def test_every_kind_of_block_can_be_told(plain, ask):
    blocks = (
        Thought("deep", redacted=True),
        Thought("shown"),
        Raw({"type": "server_tool_use", "id": "s", "name": "web_search", "input": {"q": "é"}}),
        Raw({"type": "web_search_tool_result", "tool_use_id": "s", "content": []}),
        Said("And so"),
        Used.with_input("Read", path="a"),
    )

    async def told(client, server):
        body = ask("Hello.", tools=[TOOL])
        first = (await client.post("/v1/messages", json=body)).json()
        result = {"type": "tool_result", "tool_use_id": first["content"][-1]["id"], "content": "x"}
        body["messages"] += [
            {"role": "assistant", "content": first["content"]},
            {"role": "user", "content": [result]},
        ]
        streamed = await client.post("/v1/messages", json=body | {"stream": True})
        return [block["type"] for block in first["content"]], streamed

    kinds, streamed = plain(told, rules=[Rule(reply=Reply(blocks=blocks))])
    assert kinds[:2] == ["redacted_thinking", "thinking"]
    assert kinds[2:] == ["server_tool_use", "web_search_tool_result", "text", "tool_use"]
    assert streamed.status_code == 200
    assert streamed.text.count("event: content_block_start") == 6


def test_a_file_has_the_same_rules(tmp_path, answers):
    path = tmp_path / "rules.json"
    path.write_text(
        json.dumps(
            [
                {"text": "Paris", "reply": "France"},
                {"pattern": "^R.me", "occurrence": 0, "do": "answer=Italy;"},
                {"tools": ["Read"], "schema": False, "reply": "tools"},
            ]
        )
    )
    prompts = ["Paris?", "Rome?", "size=2; Rome?"]
    assert answers(rules_of(path), *prompts)[:2] == ["France", "Italy"]
    assert answers(rules_of(path), "Hello.", tools=[TOOL]) == ["tools"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{", "Expecting property name"),
        ("{}", "no array of objects"),
        ("[1]", "no array of objects"),
        ('[{"reply": "x"}, {"texts": "x", "reply": "y"}]', "rule 2: the key 'texts' is unknown"),
        ('[{"text": "x"}]', "rule 1: not one of 'reply' and 'do'"),
        ('[{"reply": "x", "do": "lat=1;"}]', "rule 1: not one of 'reply' and 'do'"),
    ],
)
def test_a_file_that_is_none_is_refused_by_name(tmp_path, text, found):
    path = tmp_path / "rules.json"
    path.write_text(text)
    with pytest.raises(UsageError, match=re.escape(found)) as raised:
        rules_of(path)
    assert str(path) in str(raised.value)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(UsageError, match="No such file"):
        rules_of(tmp_path / "none.json")


def test_orders_can_be_a_reply_too(answers):
    assert answers([Rule(reply=orders("answer=ordered;").reply(0))], "Hello.") == ["ordered"]
