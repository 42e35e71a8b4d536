"""A1 to A5, A11 and A12: the agent loop on the real SDK and a strict server."""

from __future__ import annotations

import json

import pytest
from office import Permissive

from hocket.api.markers import hookimpl
from hocket.api.tools import ToolOutput
from hocket.testing import JumpingClock
from hocket.testing.standin import Fault, Reply, Said, Used

POLICY = {"policies.test": Permissive()}


class Slow:
    """Tools that take their time and say their name; what ran is remembered in order of its end."""

    input_schema = {"type": "object", "properties": {"x": {"type": "integer"}}}
    description = "Takes its time."
    effects = frozenset()

    def __init__(self, name, takes_s, ran):
        self.name, self.takes_s, self.ran = name, takes_s, ran

    def shown(self, arguments):
        return f"{self.name}()"

    async def run(self, arguments, context):
        await JumpingClock().sleep(self.takes_s)
        self.ran.append(self.name)
        return ToolOutput(f"{self.name} is done")


class Tools:
    """A plugin that offers tools."""

    def __init__(self, **takes_s):
        self.ran = []
        self.tools = [Slow(name, seconds, self.ran) for name, seconds in takes_s.items()]

    @hookimpl
    def hocket_register_tools(self, settings):
        return self.tools


def attempt(office, say, *, tools=None, rules=(), **options):
    """Play one call; gives its record."""
    plugin = tools or Tools()
    names = [tool.name for tool in plugin.tools]
    more = "".join(f", {name}={value}" for name, value in options.items())
    body = f"return await attempt(args, tools={names!r}{more})"
    done = office.play(body, say, rules=rules, plugins={"tools.test": plugin, **POLICY})
    assert done.status == "completed"
    return done.result


def test_a01_tools_of_a_turn_run_side_by_side_and_come_back_in_order(office):
    tools = Tools(First=1.0, Second=1.0, Third=1.0)
    say = "id=0; tool=First{}; tool=Second{}; tool=Third{}; then; answer=done;"
    assert attempt(office, say, tools=tools)["value"] == "done"
    assert office.starts == pytest.approx([0.0, 1.0], abs=0.05)
    asked, answered = office.server.log[-1].body["messages"][-2:]
    assert answered["role"] == "user"
    uses = [block["id"] for block in asked["content"] if block["type"] == "tool_use"]
    results = [block for block in answered["content"] if block["type"] == "tool_result"]
    assert [block["tool_use_id"] for block in results] == uses
    words = [json.dumps(block["content"]) for block in results]
    assert all(name in text for name, text in zip(("First", "Second", "Third"), words, strict=True))


HALF = "Half of what I have to say."
ROWS = {
    "END with text": ("id=0; answer=said;", {}, ("ok", None, "said")),
    "END without text": ("id=0; fault=empty;", {}, ("ok", None, "")),
    "PAUSE": ("id=0; stop=pause_turn; then; answer=on;", {}, ("ok", None, "on")),
    "STOP_SEQUENCE": ("id=0; size=10; stop=stop_sequence;", {}, ("ok", None, ...)),
    "CONTEXT_FULL": ("id=0; fault=400ctx;", {}, ("error", "context_full", ...)),
    "REFUSAL": (f"id=0; answer={HALF}; stop=refusal;", {}, ("error", "model_refusal", HALF)),
    "loop": ('id=0; turns=99; tool=Tool{"x": 1};', {}, ("error", "loop", ...)),
    "bad calls": ('id=0; turns=99; tool=Tool{"x";', {}, ("error", "bad_calls", ...)),
    "cut off in a tool": (
        'id=0; turns=9; tool=Tool{"x": 1; stop=max_tokens;',
        {},
        ("error", "output_limit", ...),
    ),
    "silence": ("id=0; fault=hang;", {}, ("stalled", "nothing heard for 180 s, 3 times", ...)),
    "cut": ("id=0; fault=trunc;", {}, ("error", "cut", ...)),
    "time": ("id=0; lat=90000;", {"timeout": 60}, ("timeout", "no answer within 60 s", ...)),
}


@pytest.mark.parametrize("row", ROWS)
def test_a02_each_end_of_a_call_has_its_state_its_cause_and_what_was_kept(office, row):
    say, options, (state, cause, kept) = ROWS[row]
    record = attempt(office, say, tools=Tools(Tool=0.1), **options)
    assert record["state"] == state
    assert (record["cause"] or "").partition(": ")[0] == (cause or "").partition(": ")[0]
    if kept is not ...:
        assert (record["value"] if state == "ok" else record["partial"]) == kept


def test_a02_a_text_that_is_too_long_for_a_turn_is_joined(office):
    texts = iter(["One, ", "two, ", "three."])

    def speak(asked):
        text = next(texts)
        return Reply(blocks=(Said(text),), stop="" if text == "three." else "max_tokens")

    assert attempt(office, "count", rules=speak)["value"] == "One, two, three."


def uses_of(number):
    """Give orders for so many turns that differ from each other."""
    return " ".join(f'tool=Tool{{"x": {n}}}; then;' for n in range(number))


def test_a02_turns_that_run_out_are_over_the_cap_with_the_text_kept(office):
    office.settle(max_turns=3)
    record = attempt(office, f"id=0; {uses_of(9)}", tools=Tools(Tool=0.1))
    assert (record["state"], record["cause"]) in {("ok", None), ("over_cap", "turns")}
    assert len(office.starts) == 3
    assert office.server.log[-1].body["tool_choice"] == {"type": "none"}


def test_a02_a_budget_that_runs_out_leaves_one_closing_turn(office):
    office.settle(max_tokens=60, closing_tokens=40)
    plugin = Tools(Tool=0.1)
    body = "return await attempt(args, tools=['Tool'])"
    plugins = {"tools.test": plugin, **POLICY}
    flags = {"budget_tokens": 180}
    done = office.play(body, f"id=0; {uses_of(40)}", plugins=plugins, flags=flags)
    assert done.result["state"] in {"ok", "over_budget"}
    assert done.report["usage"]["output"] <= 180


UNGUARDED = 'plugins.block = ["policies.permissions"]'
"""Nothing but the loop itself may be what stops these."""


def test_a03_nobody_else_would_stop_it(office):
    office.settle(more=UNGUARDED)
    say = 'id=0; tool=Write{"file_path": "canary", "content": "x"}; then; answer=done;'
    done = office.play("return await attempt(args, tools=['Write'])", say, plugins=POLICY)
    assert (done.result["value"], (office.project / "canary").read_text()) == ("done", "x")


@pytest.mark.parametrize("raw", ['{"file_path": "canary", "content": "x"', "nonsense", "[1, 2]"])
def test_a03_a_broken_use_is_never_run(office, raw):
    office.settle(more=UNGUARDED)
    say = f"id=0; tool=Write{raw}; then; answer=sorry;"
    done = office.play("return await attempt(args, tools=['Write'])", say, plugins=POLICY)
    assert done.result["value"] == "sorry"
    assert not (office.project / "canary").exists()


def test_a03_a_use_that_was_cut_off_is_never_run(office):
    office.settle(more=UNGUARDED)
    raw = '{"file_path": "canary", "content": "all of it'
    reply = Reply(blocks=(Used("Write", raw),), stop="max_tokens")
    body = "return await attempt('x', tools=['Write'])"
    done = office.play(body, rules=lambda asked: reply, plugins=POLICY)
    assert (done.result["cause"], len(office.starts)) == ("output_limit", 2)
    assert not (office.project / "canary").exists()


STREAM = 1_700
"""A little more than all bytes of the reply that is cut."""
ANSWER = "The answer at some length — with é and ü, so that there are borders within characters."
EACH = """
    async def one(cut):
        return await agent(f"id={cut}; {args['say']}", label=str(cut), tools=[])
    return await parallel([lambda cut=cut: one(cut) for cut in args["cuts"]])
    """


@pytest.mark.parametrize("kind", ["trunc", "resetmid"])
@pytest.mark.parametrize("step", [11, pytest.param(1, marks=pytest.mark.slow)])
def test_a04_a_reply_that_breaks_at_any_byte_gives_the_same_result(office, kind, step):
    def cut(asked):
        fault = Fault(kind, calls=1, cut=int(asked.id))
        return Reply(blocks=(Said(ANSWER),), fault=fault)

    cuts = list(range(0, STREAM, step))
    flags = {"max_agents": 2 * STREAM}
    done = office.play(EACH, {"say": "", "cuts": cuts}, rules=cut, flags=flags)
    assert done.result == [ANSWER] * len(cuts)
    # Only what broke off behind the reply's own end was not asked for again.
    tries = [len(office.bodies(str(cut))) for cut in cuts]
    assert set(tries) == {1, 2}
    assert tries.count(2) > 0.8 * len(cuts)


def test_a04_a_stream_without_its_end_is_never_taken_for_whole(office):
    record = attempt(office, f"id=0; fault=nostop:1; answer={ANSWER};")
    assert (record["value"], len(office.starts)) == (ANSWER, 2)
    record = attempt(office, f"id=0; fault=nostop; answer={ANSWER};")
    assert (record["state"], record["value"], len(office.starts)) == ("error", None, 4)


def test_a05_half_an_hour_of_drips_is_a_life(office):
    record = attempt(office, "id=0; drip=50000; size=1500;")
    assert (record["state"], len(office.starts)) == ("ok", 1)


def test_a05_half_an_hour_of_a_tool_is_a_life(office):
    tools = Tools(Long=1_800.0)
    record = attempt(office, "id=0; tool=Long{}; then; answer=done;", tools=tools)
    assert (record["value"], office.starts) == ("done", pytest.approx([0, 1_800], abs=1))


def test_a05_ten_minutes_of_pings_are_none_and_the_same_messages_go_out_again(office):
    record = attempt(office, "id=0; fault=ping:1; answer=done;")
    assert (record["value"], office.starts) == ("done", pytest.approx([0, 600], abs=15))
    first, second = office.bodies("0")
    assert first == second


SCHEMA = "schema=SCHEMA"


@pytest.mark.parametrize(
    ("say", "turns", "cause"),
    [
        ('id=0; answer={"n": "x"};', 5, "schema not met after 5 submissions"),
        ('id=0; answer={"n": 1, "more": 2};', 5, "schema not met after 5 submissions"),
        ("id=0; answer={};", 5, "schema not met after 5 submissions"),
    ],
)
def test_a11_an_answer_that_never_fits_is_invalid_after_five_in_one_conversation(
    office, say, turns, cause
):
    record = attempt(office, say, tools=Tools(Tool=0.1), schema="SCHEMA")
    assert record["state"] == "invalid"
    assert record["cause"].startswith(cause)
    assert isinstance(record["partial"], dict)
    assert len(office.starts) == turns
    assert len(office.server.log[-1].body["messages"]) == 2 * turns - 1


def test_a11_no_answer_at_all_keeps_the_text(office):
    def talk(asked):
        return Reply(blocks=(Said("I would rather talk."),))

    record = attempt(office, "x", tools=Tools(Tool=0.1), rules=talk, schema="SCHEMA")
    assert (record["state"], record["partial"]) == ("invalid", "I would rather talk.")
    assert len(office.starts) <= 5


@pytest.mark.parametrize("junk", ["...", "string", "", "  "])
def test_a11_junk_is_asked_about_once(office, junk):
    said = iter([{"n": junk}, {"n": "seven"}])
    shape = '{"type": "object", "properties": {"n": {"type": "string"}}, "required": ["n"]}'

    def speak(asked):
        return Reply(blocks=(Used.with_input("answer", **next(said)),))

    record = attempt(office, "x", tools=Tools(Tool=0.1), rules=speak, schema=shape)
    assert (record["value"], len(office.starts)) == ({"n": "seven"}, 2)


CONTRADICTIONS = [
    {"type": "array"},
    {"type": "object", "properties": {"a": {"enum": []}}},
    {"type": "object", "properties": {"a": {"enum": [1], "const": 2}}},
    {"type": "object", "properties": {"a": {"type": "integer", "minimum": 2, "maximum": 1}}},
    {"type": "object", "properties": {"a": {"type": "array", "minItems": 2, "maxItems": 1}}},
    {"type": "object", "properties": {}, "required": ["a"], "additionalProperties": False},
    {"type": "object", "properties": {"a": False}, "required": ["a"]},
    {"type": "object", "properties": {"a": {"allOf": [{"type": "string"}, {"type": "integer"}]}}},
    {"type": "object", "properties": {"a": {"$ref": "https://example.org/a.json"}}},
    {"type": "object", "properties": {"a": {"type": "string", "pattern": "(?=x)"}}},
]


@pytest.mark.parametrize("schema", CONTRADICTIONS, ids=lambda schema: json.dumps(schema)[:60])
def test_a12_a_schema_that_nothing_can_meet_is_refused_before_any_call(office, schema):
    body = """
        try:
            return await agent("id=0;", schema=args)
        except (TypeError, ValueError) as error:
            return "refused: " + str(error)
        """
    done = office.play(body, schema)
    assert done.result.startswith("refused: ")
    assert (office.server.log, done.census) == ([], {})
