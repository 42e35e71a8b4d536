"""The smallest value that fits a schema, held against the validator everybody uses."""

from __future__ import annotations

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket.testing.standin.forms import sent, written
from hocket.testing.standin.instances import instance
from hocket.testing.standin.signatures import Signer
from hocket.testing.standin.tokens import count, of_block

PLAIN = st.sampled_from(
    [
        {"type": "string"},
        {"type": "string", "minLength": 12},
        {"type": "integer", "minimum": 3},
        {"type": "number"},
        {"type": "boolean"},
        {"type": "null"},
        {"enum": ["a", 1]},
        {"const": {"x": 1}},
        {"type": ["integer", "null"]},
    ]
)


def nested(inner):
    names = st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
    objects = names.map(
        lambda properties: {
            "type": "object",
            "properties": properties,
            "required": [*properties][:2],
            "additionalProperties": False,
        }
    )
    arrays = st.builds(
        lambda i, n: {"type": "array", "items": i, "minItems": n}, inner, st.integers(0, 3)
    )
    words = st.sampled_from(["anyOf", "allOf"])
    return objects | arrays | st.builds(lambda word, one: {word: [one]}, words, inner)


@given(st.recursive(PLAIN, nested, max_leaves=8))
def test_it_fits(schema):
    jsonschema.validate(instance(schema), schema)


def test_references_are_followed_and_circles_end():
    schema = {"$ref": "#/$defs/N", "$defs": {"N": {"type": "integer", "minimum": 4}}}
    assert instance(schema) == 4
    circle = {"$ref": "#/$defs/N", "$defs": {"N": {"$ref": "#/$defs/N"}}}
    assert instance(circle) is None


@pytest.mark.parametrize(
    ("schema", "value"),
    [({}, "stand-in"), ({"properties": {"a": {}}}, {"a": "stand-in"}), ({"type": []}, None)],
)
def test_what_says_little_gets_little(schema, value):
    assert instance(schema) == value


@given(st.text(st.characters(codec=None)))
def test_any_text_can_be_counted_signed_and_sent(text):
    assert count(text) == -(-len(text.encode("utf-8", "surrogatepass")) // 4)
    signer = Signer(3)
    assert signer.holds(text, signer.sign(text))
    assert not signer.holds(text + "x", signer.sign(text))
    assert not Signer(4).holds(text, signer.sign(text))
    assert signer.opens(signer.seal(text))
    sent({"text": text}).decode()


def test_half_a_surrogate_pair_crosses_the_wire(plain, ask):
    async def told(client, server):
        return (await client.post("/v1/messages", json=ask("Hello."))).json()["content"]

    assert plain(told, rules=lambda _asked: "a\ud800b")[0]["text"] == "a\ud800b"


def test_blocks_are_counted_by_what_they_say():
    assert of_block({"type": "text", "text": "12345"}) == 2
    assert of_block({"type": "text", "text": ""}) == 1
    assert of_block({"type": "thinking", "thinking": "1234", "signature": "x" * 90}) == 1
    use = {"type": "tool_use", "id": "x" * 90, "name": "Read", "input": {"a": 1}}
    assert of_block(use) == 1 + count(written({"a": 1}))
    result = {"type": "tool_result", "tool_use_id": "x", "content": [{"type": "image"}]}
    assert of_block(result) == of_block({"type": "document"}) == 1_500
    assert of_block({"type": "else"}) == count(written({"type": "else"}))
