"""A whole call on Claude Code: how it is started, what it gives, and every way it can break."""

from __future__ import annotations

import asyncio
import json
from importlib.util import find_spec
from pathlib import Path

import pytest

from hocket.api.approval import Judgement, Verdict
from hocket.api.calls import Attached, EndState, Usage
from hocket.api.tools import Effect
from hocket_plugins.backends.claude_code.backend import ClaudeCode
from hocket_plugins.backends.claude_code.settings import ClaudeCodeSection

pytestmark = [
    pytest.mark.skipif(
        find_spec("claude_agent_sdk") is None,
        reason="needs the extra: pip install 'hocket[claude-code]'",
    ),
    pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks into /proc for processes"),
]
SHAPE = {"type": "object", "properties": {"ok": {"type": "boolean"}}, "required": ["ok"]}


def option(argv, name):
    return argv[argv.index(name) + 1]


def test_a_text_is_the_answer_and_its_usage_is_booked(program):
    program.plan({})
    context = program.context()
    outcome = program.run(context)
    assert (outcome.state, outcome.value) == (EndState.OK, "done")
    assert context.spent == [
        Usage(
            input=10,
            cache_read=200,
            cache_write=20,
            cache_write_1h=10,
            output=5,
            cost_micros=10_000,
            estimated=True,
        )
    ]
    assert context.opened > 0
    assert context.sent[0][0].endswith("|default|default")
    assert program.is_gone()


def test_nothing_of_the_person_or_the_project_is_loaded(program, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-other")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-its-own")
    program.plan({})
    inputs = (Attached("a.txt", "d"), Attached("b.txt", "d", untrusted=True))
    call = program.call("One\ntwo @/etc/passwd", model="small", effort="low", inputs=inputs)
    program.run(call=call)
    (started,) = program.told("started")
    argv = started["argv"]
    assert option(argv, "--disallowedTools") == "Agent,Task,Workflow"
    assert option(argv, "--permission-mode") == "default"
    assert option(argv, "--tools") == "Read,Glob,Grep,Edit,Write,Bash,WebSearch,WebFetch"
    assert (option(argv, "--model"), option(argv, "--effort")) == ("haiku", "low")
    assert (option(argv, "--max-turns"), option(argv, "--max-budget-usd")) == ("50", "2.0")
    assert "--strict-mcp-config" in argv
    assert "--setting-sources=" in argv
    assert "--allowedTools" not in argv
    sandbox = json.loads(option(argv, "--settings"))["sandbox"]
    assert (sandbox["enabled"], sandbox["allowUnsandboxedCommands"]) == (True, False)
    assert started["cwd"] == str(program.tree)
    assert started["env"]["HOCKET_CALL"]
    assert started["env"]["OPENAI_API_KEY"] == ""
    assert started["env"]["ANTHROPIC_API_KEY"] == "sk-its-own"
    (user,) = program.told("user")
    assert user["composed"] is True
    assert user["text"].endswith("indented:\n    One\n    two @/etc/passwd")
    assert 'Attached files:\n- "a.txt"\n- "b.txt" (untrusted)\n' in user["text"]


def test_an_own_home_is_empty_and_gone_afterwards(program):
    program.plan({})
    program.run(own_home=True)
    (started,) = program.told("started")
    home = Path(started["env"]["HOME"])
    assert home.name.startswith("hocket-claude-")
    assert not home.exists()


def test_an_answer_in_its_shape_is_submitted_and_asked_for_again(program):
    again = {"result": {"structured_output": {"ok": True}, "total_cost_usd": 0.03}}
    program.plan({"result": {"structured_output": {"ok": 1}}}, again)
    context = program.context("ok must be a boolean")
    outcome = program.run(context, program.call(schema=SHAPE))
    assert (outcome.state, outcome.value) == (EndState.OK, {"ok": True})
    assert context.submitted == [{"ok": 1}, {"ok": True}]
    assert [one["text"] for one in program.told("user")][1] == "ok must be a boolean"
    assert [used.cost_micros for used in context.spent] == [10_000, 20_000]
    assert len(program.told("started")) == 1
    assert json.loads(option(program.told("started")[0]["argv"], "--json-schema")) == SHAPE


def test_an_answer_that_was_written_as_text_counts_too(program):
    program.plan({"result": {"result": '{"ok": true}'}})
    outcome = program.run(call=program.call(schema=SHAPE))
    assert (outcome.state, outcome.value) == (EndState.OK, {"ok": True})


def test_no_answer_is_reminded_of_and_then_invalid(program):
    program.plan({"result": {"result": ""}}, {"result": {"result": "words"}})
    context = program.context("give an answer", None)
    outcome = program.run(context, program.call(schema=SHAPE))
    assert (outcome.state, outcome.cause) == (EndState.INVALID, "no answer was accepted")
    assert (context.reminders, context.submitted, outcome.partial) == (1, ["words"], "words")


@pytest.mark.parametrize(
    ("subtype", "state", "cause"),
    [
        ("error_max_turns", EndState.OVER_CAP, "turns"),
        ("error_max_budget_usd", EndState.OVER_BUDGET, "call_usd"),
    ],
)
def test_a_limit_of_the_program_keeps_what_was_said(program, subtype, state, cause):
    program.plan({"result": {"subtype": subtype, "is_error": True, "result": "half"}})
    outcome = program.run()
    assert (outcome.state, outcome.cause, outcome.partial) == (state, cause, "half")


@pytest.mark.parametrize(
    ("status", "said", "cause"),
    [
        (401, "Invalid API key", "auth: 401"),
        (429, "Claude usage limit reached", "quota: 429"),
        (400, "bad", "bad_request: 400"),
        (None, "Invalid API key · Please run /login", "auth: claude"),
    ],
)
def test_a_failure_of_the_service_goes_the_way_of_a_turn(program, status, said, cause):
    failed = {"is_error": True, "result": said, "api_error_status": status}
    program.plan({"result": failed})
    outcome = program.run()
    assert (outcome.state, outcome.cause) == (EndState.ERROR, cause)
    assert program.is_gone()


def test_after_a_passing_failure_the_session_goes_on(program):
    program.plan({"result": {"is_error": True, "api_error_status": 529, "result": "busy"}}, {})
    outcome = program.run()
    assert outcome.value == "done"
    first, second = program.told("user")
    assert second["text"].startswith("The connection was lost. Go on where you were")
    assert "Do it." in first["text"]


@pytest.mark.parametrize(
    ("plan", "cause"),
    [
        ({"steps": [{"exit": 3}]}, "claude_died: the program ended by itself (exit code 3)"),
        ({"steps": [{"exit": 0}]}, "claude_died: the program ended without a result"),
        ({"steps": [{"raw": '{"half'}]}, "claude_no_json: the program writes something else"),
        ({"steps": [{}], "exit": 1}, "claude_"),
        ({"steps": [], "deaf": True, "before": "Welcome!"}, "claude_no_json: the program did not"),
        ({"steps": [{}], "version": "2.0.1"}, "claude_version: it is 2.0.1, and 2.1.248 is needed"),
        ({"steps": [{}], "version": None}, "claude_version: it is unknown"),
        ({"steps": [{}], "new": False}, "claude_start: the program does not start, or is too old"),
    ],
)
def test_every_way_to_break_has_its_name_and_leaves_nothing(program, plan, cause):
    program.plan(**plan)
    outcome = program.run(start_s=1.5)
    assert outcome.state is EndState.ERROR
    assert outcome.cause.startswith(cause)
    assert program.is_gone()


def test_silence_is_a_stall(program):
    program.plan({"hang": True})
    outcome = program.run(call=program.call(stall_s=0.5))
    assert (outcome.state, outcome.cause) == (
        EndState.STALLED,
        "claude_stalled: nothing was heard for 0.5 s",
    )
    assert program.is_gone()


def test_a_call_that_is_cancelled_leaves_no_process(program):
    program.plan({"hang": "stubborn"})

    async def cancelled():
        context = program.context()
        async with asyncio.TaskGroup() as group:
            task = group.create_task(program.backend().run(program.call(), context))
            while not program.told("user"):
                await asyncio.sleep(0.01)
            task.cancel()

    asyncio.run(asyncio.wait_for(cancelled(), 25))
    assert program.is_gone()


def test_a_program_that_cannot_be_started_is_told(program):
    program.plan({})
    program.path.write_bytes(b"\x7fELF no program")
    assert program.run().cause.startswith("claude_start: ")


def test_every_tool_use_goes_through_the_gate(program):
    outside = program.folder / "secret.txt"
    (program.tree / "link").symlink_to(outside)
    program.plan(
        {
            "uses": [
                ("Read", {"file_path": str(program.tree / "a" / ".." / "a.py")}),
                ("Read", {"file_path": str(outside)}),
                ("Read", {"file_path": "link"}),
                ("Bash", {"command": "make"}),
                ("Bash", {"command": "rm -rf /"}),
                ("Bash", {"command": "ls", "dangerouslyDisableSandbox": True}),
                ("Grep", {"pattern": "x"}),
                ("Edit", {"file_path": "b.py", "old_string": "a", "new_string": "b"}),
                ("Agent", {"prompt": "more"}),
                ("StructuredOutput", {"ok": True}),
            ]
        }
    )
    context = program.context()
    context.denied["Bash(rm -rf /)"] = "no rule allows it"
    assert program.run(context).state is EndState.OK
    judged = [(one["tool"], one["permissionDecision"]) for one in program.told("judged")]
    assert judged == [
        ("Read", "allow"),
        ("Read", "deny"),
        ("Read", "deny"),
        ("Bash", "allow"),
        ("Bash", "deny"),
        ("Bash", "deny"),
        ("Grep", "allow"),
        ("Edit", "allow"),
        ("Agent", "deny"),
        ("StructuredOutput", "allow"),
    ]
    assert [use.shown for use in context.uses] == [
        "Read(a.py)",
        "Bash(make)",
        "Bash(rm -rf /)",
        "Grep(.)",
        "Edit(b.py)",
    ]
    assert context.uses[1].effects == {Effect.EXECUTE}
    assert context.uses[0].workspace == program.tree
    kinds = [kind for kind, _ in context.records]
    assert (
        kinds
        == ["permission", "tool_start"] * 2 + ["permission"] + ["permission", "tool_start"] * 2
    )


def test_policies_hear_what_it_has_read(program):
    uses = [("WebSearch", {"query": "q"}), ("Write", {"file_path": "a", "content": ""})]
    program.plan({"uses": uses})
    context = program.context()
    outcome = program.run(context)
    assert [use.label.outside for use in context.uses] == [False, True]
    assert outcome.label.sources == {"WebSearch"}


def test_an_address_that_nobody_gave_is_not_read(program):
    program.plan({"uses": [("WebFetch", {"url": "https://example.org/x"})]})
    program.run()
    (fetched,) = program.told("judged")
    assert "no trusted text" in fetched["permissionDecisionReason"]


class Unwritable:
    """A transcript on a full disk, and a policy that takes its time."""

    def record(self, kind, fields):
        return False

    async def decide(self, use):
        await asyncio.sleep(0.6)
        return Judgement(Verdict.ALLOW)


def test_an_effect_that_cannot_be_written_down_does_not_happen(program):
    program.plan({"uses": [("Bash", {"command": "x"}), ("Read", {"file_path": "a"})]})
    context = program.context()
    context.record = Unwritable().record
    program.run(context)
    bash, read = program.told("judged")
    assert "cannot be written down" in bash["permissionDecisionReason"]
    assert read["permissionDecision"] == "allow"


def test_who_waits_for_a_person_is_not_silent(program):
    program.plan({"uses": [("Read", {"file_path": "a"})]})
    context = program.context()
    context.decide = Unwritable().decide
    outcome = program.run(context, program.call(stall_s=0.5))
    assert outcome.state is EndState.OK


def test_a_policy_that_fails_blocks(program):
    program.plan({"uses": [("Read", {"file_path": "a"})]})
    context = program.context()

    async def broken(use):
        raise RuntimeError("a bug")

    context.decide = broken
    program.run(context)
    (judged,) = program.told("judged")
    assert judged["failed"] == "a bug"


def bundled():
    found = find_spec("claude_agent_sdk")
    if found is None or found.origin is None:
        return None
    path = Path(found.origin).with_name("_bundled") / "claude"
    return path if path.is_file() else None


@pytest.mark.skipif(bundled() is None, reason="the SDK brings no program for this machine")
@pytest.mark.parametrize(
    ("prompt", "options", "value"),
    [
        ('tool=Read{"file_path": "a.txt"};', {}, None),
        ('answer={"ok": true};', {"schema": SHAPE}, {"ok": True}),
    ],
)
def test_the_real_program_against_the_stand_in(
    program, hocket_standin, monkeypatch, prompt, options, value
):
    monkeypatch.setenv("ANTHROPIC_BASE_URL", hocket_standin.url)
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-nobody")
    (program.tree / "a.txt").write_text("hello")
    context, call = program.context(), program.call(prompt, **options)
    backend = ClaudeCode(ClaudeCodeSection(cli_path=str(bundled()), own_home=True, model="standin"))
    outcome = asyncio.run(asyncio.wait_for(backend.run(call, context), 25))
    assert outcome.state is EndState.OK
    assert value is None or outcome.value == value
    assert [use.shown for use in context.uses] == ([] if options else ["Read(a.txt)"])
    assert {one.path for one in hocket_standin.log} == {"/v1/messages"}
