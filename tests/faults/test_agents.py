"""Cases 56 to 60 and 65: what an agent and its tools can do to a run."""

from __future__ import annotations

import json
import os
import shutil

import pytest
from office import Permissive

from hocket.api.markers import hookimpl
from hocket.api.tools import ToolOutput
from hocket.errors import ScriptRejected
from hocket_plugins.tools.shell import sandbox

case = pytest.mark.case
BASH = shutil.which("bash", path=os.defpath)
MISSING = sandbox.probe(shutil.which("bwrap", path=os.defpath), BASH or "")
ALLOWED = {"policies.test": Permissive()}


class Canary:
    """A tool that leaves a trace when it runs."""

    name = "Canary"
    description = "Sings."
    input_schema = {"type": "object", "properties": {"x": {"type": "integer"}}}
    effects = frozenset()

    def __init__(self, says="sung"):
        self.ran = []
        self.says = says

    @hookimpl
    def hocket_register_tools(self, settings):
        return [self]

    def shown(self, arguments):
        return "Canary()"

    async def run(self, arguments, context):
        self.ran.append(arguments)
        return ToolOutput(self.says)


def results(office):
    """Give the results of tools that the last request brought to the model."""
    (content,) = [
        message["content"]
        for message in office.server.log[-1].body["messages"][-1:]
        if message["role"] == "user"
    ]
    return [block for block in content if block["type"] == "tool_result"]


ONE = "return await attempt(args, tools=['Canary'])"


@case(56)
@pytest.mark.parametrize(
    "raw",
    [
        '{"x": 1',
        '{"x": 1}}',
        "[1]",
        "nonsense",
        '{"x": NaN}',
    ],
)
def test_56_input_that_is_no_json_is_told_to_the_model_and_the_tool_never_runs(office, raw):
    canary = Canary()
    say = f"id=0; tool=Canary{raw}; then; answer=sorry;"
    done = office.play(ONE, say, plugins={"canary": canary, **ALLOWED})
    assert (done.result["value"], canary.ran) == ("sorry", [])
    (result,) = results(office)
    assert result["is_error"]


@case(56)
def test_56_after_five_in_a_row_the_call_ends(office):
    canary = Canary()
    done = office.play(
        ONE, 'id=0; turns=40; tool=Canary{"x": 1;', plugins={"canary": canary, **ALLOWED}
    )
    assert (done.result["state"], done.result["cause"]) == ("error", "bad_calls")
    assert (len(office.starts), canary.ran) == (5, [])


@case(57)
def test_57_a_schema_that_is_never_met_is_invalid_with_what_was_said(office):
    body = "return await attempt(args, schema=SCHEMA, tools=[])"
    done = office.play(body, 'id=0; answer={"n": "seven"};')
    record = done.result
    assert (record["state"], record["partial"]) == ("invalid", {"n": "seven"})
    assert record["cause"].startswith("schema not met after 5 submissions")
    assert len(office.starts) == 5
    last = office.server.log[-1].body["messages"]
    assert len(last) == 9  # one conversation, from the first word on
    kept = next(r for r in office.journal.records if r["t"] == "ended")
    assert "seven" in json.dumps(kept)


BOMB = {
    "type": "object",
    "properties": {"a": {"$ref": "#/$defs/d0"}},
    "$defs": {
        f"d{n}": {"type": "array", "prefixItems": [{"$ref": f"#/$defs/d{n + 1}"}] * 10}
        for n in range(9)
    }
    | {"d9": {"type": "string"}},
}
HUGE = {"type": "object", "properties": {f"p{n}": {"type": "string"} for n in range(27_000)}}
BACKWARD = {"type": "object", "properties": {"a": {"type": "string", "pattern": r"(a+)\1"}}}
FARAWAY = {"type": "object", "properties": {"a": {"$ref": "https://example.org/schema"}}}


@case(58)
@pytest.mark.parametrize(
    "schema", [BOMB, HUGE, BACKWARD, FARAWAY], ids=["bomb", "1 MB", "pattern", "remote"]
)
def test_58_a_hostile_schema_is_refused_before_any_call(office, schema):
    body = """
        try:
            return await agent("id=0;", schema=args)
        except (TypeError, ValueError) as error:
            return "refused: " + str(error)
        """
    try:
        done = office.play(body, schema)
    except ScriptRejected:
        done = None
    assert done is None or done.result.startswith("refused: ")
    assert office.server.log == []


@case(58)
def test_58_an_explosive_pattern_explodes_nowhere(office):
    schema = {
        "type": "object",
        "properties": {"a": {"type": "string", "pattern": "^(a+)+$"}},
        "required": ["a"],
    }
    answer = json.dumps({"a": "a" * 50_000 + "b"})
    done = office.play(
        "return (await attempt(args[0], schema=args[1], tools=[]))['state']",
        [f"id=0; answer={answer};", schema],
    )
    assert done.result == "invalid"


@case(59)
def test_59_the_same_use_again_and_again_is_noticed(office):
    canary = Canary()
    done = office.play(
        ONE, 'id=0; turns=400; tool=Canary{"x": 1};', plugins={"canary": canary, **ALLOWED}
    )
    assert (done.result["state"], done.result["cause"]) == ("error", "loop")
    assert (len(office.starts), len(canary.ran)) == (6, 5)


def different(number):
    return " ".join(f'tool=Canary{{"x": {n}}}; then;' for n in range(number))


@case(59)
def test_59_uses_that_differ_come_to_the_end_of_the_turns(office):
    office.settle(max_turns=8)
    canary = Canary()
    done = office.play(ONE, f"id=0; {different(40)}", plugins={"canary": canary, **ALLOWED})
    assert done.result["state"] in {"ok", "over_cap"}
    assert (len(office.starts), len(canary.ran)) == (8, 7)


@case(59)
def test_59_and_the_budget_ends_it_before(office):
    office.settle(max_tokens=60, closing_tokens=40)
    canary = Canary()
    done = office.play(
        ONE,
        f"id=0; {different(40)}",
        plugins={"canary": canary, **ALLOWED},
        flags={"budget_tokens": 200},
    )
    assert done.result["state"] in {"ok", "over_budget"}
    assert done.report["usage"]["output"] <= 200
    assert len(office.starts) < 40


DETACHED = "trap '' TERM; (setsid bash -c \"trap '' TERM; exec sleep 1000\" &) ; sleep 1000"


@case(60)
@pytest.mark.skipif(
    bool(MISSING), reason=f"without a sandbox no command runs that no rule names: {MISSING}"
)
@pytest.mark.parametrize(
    ("command", "words"),
    [(DETACHED, "1 s"), ("yes | head -c 1000000000", ""), ("exec sleep inf", "1 s")],
    ids=["detached", "1 GB", "hangs"],
)
def test_60_whatever_a_command_leaves_it_is_bounded_and_gone(office, command, words):
    """In real time; the office itself sees to it that no process is left."""
    use = json.dumps({"command": command, "timeout_s": 1})
    say = f"id=0; tool=Bash{use}; then; answer=over;"
    body = "return await attempt(args, tools=['Bash'])"
    office.clock = office.real_clock()
    office.settle(more='plugins.block = ["policies.permissions"]')
    done = office.play(body, say, plugins=ALLOWED, real_time=True)
    assert (done.result["state"], done.result["value"]) == ("ok", "over")
    (result,) = results(office)
    assert len(json.dumps(result)) < 40_000
    assert words in json.dumps(result)


@case(65)
@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe broken \xc3( here",
        b"red \x1b[31mtext\x1b[0m \x9b5n \x1b]8;;http://x\x07link",
        bytes(range(256)) * 40,
    ],
    ids=["bad utf-8", "escapes", "binary"],
)
def test_65_what_a_tool_reads_is_mended_before_anybody_sees_it(office, content):
    (office.project / "odd.txt").write_bytes(content)
    say = 'id=0; tool=Read{"file_path": "odd.txt"}; then; answer=read;'
    done = office.play("return await attempt(args, tools=['Read'])", say, plugins=ALLOWED)
    assert done.result["value"] == "read"
    (result,) = results(office)
    text = json.dumps(result, ensure_ascii=False)
    text.encode("utf-8")
    assert "\\u001b" not in text
    assert "\\u009b" not in text
    assert len(text) < 300_000
