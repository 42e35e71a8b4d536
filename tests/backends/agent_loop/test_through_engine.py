"""Whole scripts on the loop: engine, ledger, breaker, policies and the real file tools included.

Their clock jumps while a child process works, so agents use no tool that may start one.
"""

from __future__ import annotations

import errno
import json
import os
import textwrap
from dataclasses import replace
from pathlib import Path

import pytest

from hocket.api.approval import Judgement, Verdict
from hocket.api.calls import Usage
from hocket.api.markers import hookimpl
from hocket.api.messages import Capabilities, ProviderFailure, Stop
from hocket.testing import (
    ScriptedModel,
    ScriptedTurn,
    ScriptedUse,
    Stage,
    resume_script,
    run_script,
)
from hocket_plugins.stores.files import FilesStore
from hocket_plugins.stores.files.disk import Disk

SCHEMA = '{"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}'


class Yes:
    """A policy that allows what it is asked about."""

    name = "yes"

    def __init__(self):
        self.uses = []

    def judge(self, call):
        return Judgement(Verdict.ALLOW)

    def judge_use(self, call, use):
        self.uses.append(use.shown)
        return Judgement(Verdict.ALLOW)


class Offers:
    """A plugin that offers a model, and a policy if there is one."""

    def __init__(self, model, policy=None):
        self.model, self.policy = model, policy

    @hookimpl
    def hocket_register_models(self, settings):
        return [self.model]

    @hookimpl
    def hocket_register_policies(self, settings):
        return [self.policy] if self.policy else []


class Runs:
    """Runs bodies of `main()` on the loop, in one project."""

    def __init__(self, project):
        self.project = project
        self.settings(provider='"scripted"')

    def settings(self, **values):
        lines = [f"{name} = {value}" for name, value in values.items()]
        text = "[agent_loop]\n" + "\n".join(lines) + "\n"
        (self.project / ".hocket" / "config.toml").write_text(text, "utf-8")

    def stage(self, model, policy=None, **stage):
        if policy:
            # Of all verdicts the strictest holds: a policy of a story is to be the only one.
            person = Path(os.environ["HOCKET_CONFIG_HOME"]) / "config.toml"
            person.write_text('[plugins]\nblock = ["policies.permissions"]\n', "utf-8")
        offers = {"offers": Offers(model, policy)}
        return Stage(choices={"backend": "agent_loop"}, plugins=offers, **stage)

    def run(self, body, *turns, model=None, policy=None, **stage):
        source = (
            "from hocket.script import agent, attempt, parallel, AgentError\n"
            'meta = {"name": "case", "description": "A case."}\n'
            f"SCHEMA = {SCHEMA}\n"
            f"async def main():\n{textwrap.indent(textwrap.dedent(body).strip(), '    ')}\n"
        )
        model = model or ScriptedModel(*turns)
        stage = self.stage(model, policy, **stage)
        return run_script(source, project=self.project, stage=stage), model

    def lines(self, played, kind):
        return [
            line
            for path in sorted((played.folder / "agents").iterdir())
            for line in map(json.loads, path.read_text("utf-8").splitlines())
            if line["t"] == kind
        ]


@pytest.fixture
def runs(hocket_project):
    return Runs(hocket_project)


def using(name, **given):
    return ScriptedTurn(uses=(ScriptedUse(name, given),))


def test_an_agent_reads_and_edits_the_project(runs):
    (runs.project / "notes.txt").write_text("one\ntwo\n", "utf-8")
    policy = Yes()
    played, model = runs.run(
        "return await agent('Turn two into three.')",
        using("Read", file_path="notes.txt"),
        using("Edit", file_path="notes.txt", old_string="two", new_string="three"),
        "Done.",
        policy=policy,
    )
    assert played.result == "Done."
    assert (runs.project / "notes.txt").read_text("utf-8") == "one\nthree\n"
    assert policy.uses == ["Read(notes.txt)", "Edit(notes.txt)"]
    starts = runs.lines(played, "tool_start")
    assert [one["tool"] for one in starts] == ["Read", "Edit"]
    assert "Workspace: " in model.requests[0].messages[0].blocks[0].text


def test_what_nobody_allows_is_an_error_result_that_names_the_rule(runs):
    played, model = runs.run(
        "return await agent('x')", using("Write", file_path="a", content="b"), "No."
    )
    assert played.result == "No."
    (result,) = model.requests[1].messages[-1].blocks
    assert result.is_error
    assert "Write(a)" in result.content[0].text
    assert not (runs.project / "a").exists()
    assert runs.lines(played, "permission")[0]["verdict"] == "deny"
    assert runs.lines(played, "tool_start") == []


def test_an_overloaded_provider_is_asked_again(runs):
    played, model = runs.run("return await agent('x')", ProviderFailure("overloaded"), "y")
    assert (played.result, played.census) == ("y", {"ok": 1})
    assert len(model.requests) == 2


@pytest.mark.parametrize(("kind", "tries"), [("server", 7), ("cut", 4), ("bad_request", 1)])
def test_a_failure_is_tried_as_often_as_its_kind_says(runs, kind, tries):
    failure = ProviderFailure(kind)
    model = ScriptedModel(failure)
    played, _ = runs.run("return (await attempt('x'))['cause']", model=model)
    assert (played.result, played.census) == (kind, {"error": 1})
    assert len(model.requests) == tries


def test_a_quota_parks_the_conversation_and_a_resume_goes_on(runs):
    body = "return [await agent('a'), await agent('b')]"

    def say(request):
        text = request.messages[0].blocks[0].text
        return ProviderFailure("quota") if text.endswith("b") else "first"

    played, model = runs.run(body, model=ScriptedModel(say))
    assert (played.status, played.census["ok"]) == ("suspended", 1)
    assert len(model.requests) == 2
    later = ScriptedModel("second")
    resumed = resume_script(played.run_id, project=runs.project, stage=runs.stage(later))
    assert (resumed.status, resumed.result) == ("completed", ["first", "second"])
    assert len(later.requests) == 1


def test_an_answer_that_never_fits_is_invalid_and_its_object_is_kept(runs):
    turn = ScriptedTurn(text="I try.", uses=(ScriptedUse("answer", {"n": "x"}),))
    body = "return await attempt('x', schema=SCHEMA)"
    played, model = runs.run(body, turn)
    assert (played.result["state"], played.result["partial"]) == ("invalid", {"n": "x"})
    assert played.result["cause"].startswith("schema not met after 5 submissions")
    assert len(model.requests) == 5
    assert played.result["usage"]["tries"] == 5


def test_a_silent_model_stalls_the_call_and_raises_in_the_script(runs):
    body = """
        try:
            return await agent('x')
        except AgentError as error:
            return str(error)
        """
    played, model = runs.run(body, ScriptedTurn(text="Half", hangs_s=4_000.0))
    assert played.result == "stalled: nothing heard for 180 s, 3 times"
    assert (played.census, len(model.requests)) == ({"stalled": 1}, 3)


@pytest.mark.parametrize(
    ("turn", "state", "cause", "partial"),
    [
        (ScriptedTurn(text="No.", stop=Stop.REFUSAL), "error", "model_refusal", "No."),
        (
            ScriptedTurn(text="Again.", uses=(ScriptedUse("Read", {"file_path": "none"}),)),
            "error",
            "loop",
            "Again.",
        ),
        (
            ScriptedTurn(text="Hm.", uses=(ScriptedUse("Glob", "{"),)),
            "error",
            "bad_calls",
            "Hm.",
        ),
        (
            ScriptedTurn(text="I", uses=(ScriptedUse("Glob", "{"),), stop=Stop.MAX_TOKENS),
            "error",
            "output_limit",
            "I",
        ),
    ],
)
def test_what_ends_a_call_is_told_to_the_script_with_what_was_said(
    runs, turn, state, cause, partial
):
    played, _ = runs.run("return await attempt('x')", turn, policy=Yes())
    told = played.result
    assert (told["state"], told["cause"], told["partial"]) == (state, cause, partial)


def test_turns_that_run_out_are_over_the_cap_of_the_call(runs):
    runs.settings(provider='"scripted"', max_turns=2)

    def go_on(request):
        given = {"file_path": f"none{len(request.messages)}"}
        return ScriptedTurn(text="So far.", uses=(ScriptedUse("Read", given),))

    body = """
        try:
            return await agent('x')
        except AgentError as error:
            return str(error)
        """
    played, _ = runs.run(body, go_on, policy=Yes())
    assert (played.result, played.census) == ("over_cap: turns", {"over_cap": 1})


def test_the_tokens_of_all_turns_are_the_runs(runs):
    usage = Usage(input=70, cache_read=20, cache_write=10, output=30, cost_micros=None)
    turn = ScriptedTurn(uses=(ScriptedUse("Read", {"file_path": "none"}),), usage=usage)
    last = ScriptedTurn(text="x", usage=usage)
    played, _ = runs.run("return (await attempt('x'))['usage']", turn, last, policy=Yes())
    assert (played.result["output"], played.result["tries"]) == (60, 2)
    assert played.report["usage"]["output"] == 60


def test_a_call_keeps_to_its_own_tokens(runs):
    usage = Usage(input=10, output=80, cost_micros=None)
    turn = ScriptedTurn(
        text="Part.", uses=(ScriptedUse("Read", {"file_path": "none"}),), usage=usage
    )
    played, model = runs.run("return await attempt('x', max_tokens=120)", turn, policy=Yes())
    assert played.result["state"] == "over_budget"
    assert played.result["partial"] == "Part."
    assert sum(request.max_tokens for request in model.requests[:1]) <= 120


def test_a_budget_holds_while_many_agents_run(runs):
    runs.settings(provider='"scripted"', max_tokens=100, closing_tokens=10)
    usage = Usage(input=10, output=100, cost_micros=None)
    body = "return await parallel([lambda i=i: agent(f'{i}', tools=[]) for i in range(20)])"
    played, model = runs.run(
        body, ScriptedTurn(text="x", usage=usage), flags={"budget_tokens": 750}
    )
    assert played.census == {"ok": 7, "over_budget": 13}
    assert played.report["usage"]["output"] == 700
    assert len(model.requests) == 7


def test_an_agent_asks_for_another_on_the_runs_own_books(runs):
    def say(request):
        text = request.messages[0].blocks[0].text
        if text.endswith("Count the files."):
            return "Seven."
        if len(request.messages) == 1:
            return using("Agent", prompt="Count the files.")
        return "The other says: " + request.messages[-1].blocks[0].content[0].text

    body = "return await agent('Ask somebody.', tools=['Agent', 'Glob'])"
    played, model = runs.run(body, say, policy=Yes())
    assert played.result == "The other says: Seven."
    assert played.census == {"ok": 2}
    nested = next(r for r in model.requests if "Count" in r.messages[0].blocks[0].text)
    assert [tool.name for tool in nested.tools] == ["Glob"]


def test_agents_of_agents_come_to_an_end(runs):
    def say(request):
        last = request.messages[-1].blocks[0]
        if last.kind == "tool_result":
            return last.content[0].text
        return using("Agent", prompt=f"Deeper than {len(request.messages[0].blocks[0].text)}.")

    runs.settings(provider='"scripted"', tools='["Agent", "Glob"]')
    played, model = runs.run("return await agent('Go deep.')", say, policy=Yes())
    assert "nesting: 5 levels are the most" in played.result
    assert len(model.requests) == 12


def test_time_stands_still_while_a_call_waits_for_its_provider(runs):
    busy = ProviderFailure("rate", retry_after_s=50.0)
    played, _ = runs.run("return await agent('x', timeout=60)", busy, busy, busy, "y")
    assert played.result == "y"


def test_a_call_that_takes_too_long_is_cut_off_and_its_turn_is_charged(runs):
    slow = ScriptedTurn(text="x" * 100, pieces=100, drip_s=10.0)
    runs.settings(provider='"scripted"', max_tokens=100)
    played, model = runs.run("return (await attempt('x', timeout=60, tools=[]))['state']", slow)
    assert played.result == "timeout"
    assert model.dropped == 1
    assert played.report["usage"]["output"] == 100


def test_siblings_wait_for_the_first_to_write_their_prefix(runs):
    able = Capabilities(prefix_cache="explicit", prefix_minimum=100, window=200_000)
    begun = []

    def say(request):
        begun.append(len(begun))
        return ScriptedTurn(text=f"{len(begun)}", silent_s=3.0)

    model = ScriptedModel(say, capabilities=able)
    body = "return await parallel([lambda i=i: agent(f'{i}', tools=[]) for i in range(5)])"
    played, _ = runs.run(body, model=model, flags={"concurrency": 5})
    assert sorted(played.result) == ["1", "2", "3", "4", "5"]
    starts = sorted(line["at"] for line in runs.lines(played, "end"))
    assert [round((at - starts[0]) / 1000) for at in starts] == [0, 3, 3, 3, 3]


def test_an_unknown_model_name_is_an_error_of_its_calls(runs):
    class Strict(ScriptedModel):
        async def resolve(self, alias):
            if alias == "nope":
                raise ProviderFailure("bad_request", code="alias")
            return alias

    body = "return [(await attempt('x', model='nope'))['cause'], await agent('x')]"
    played, _ = runs.run(body, model=Strict("y"))
    assert played.result == ["bad_request: alias", "y"]


def test_a_resume_repeats_no_committed_call(runs):
    body = "return [await agent('a'), await agent('b')]"
    played, _ = runs.run(body, "1", "2")
    later = ScriptedModel("never")
    resumed = resume_script(played.run_id, project=runs.project, stage=runs.stage(later))
    assert (resumed.result, later.requests) == (["1", "2"], [])


def test_a_suspended_run_goes_on_with_its_conversations(runs):
    (runs.project / "a.txt").write_text("a", "utf-8")
    begun = []

    def say(request):
        if len(request.messages) < 5:
            return using("Read", file_path=f"none{len(request.messages)}")
        begun[0].leave("suspended", "for a test")
        return ScriptedTurn(text="x", hangs_s=99_999.0)

    body = "return await agent('x')"
    played, model = runs.run(body, say, policy=Yes(), ready=begun.append)
    assert (played.status, len(model.requests)) == ("suspended", 3)
    later = ScriptedModel("y")
    resumed = resume_script(played.run_id, project=runs.project, stage=runs.stage(later, Yes()))
    assert (resumed.result, len(later.requests)) == ("y", 1)
    assert later.requests[0].messages == model.requests[2].messages


def test_after_an_effect_it_starts_again_and_is_told_so(runs):
    begun = []

    def say(request):
        if len(request.messages) == 1:
            return using("Write", file_path="a.txt", content="a")
        begun[0].leave("suspended", "for a test")
        return ScriptedTurn(text="x", hangs_s=99_999.0)

    body = "return await agent('Write it.')"
    played, _ = runs.run(body, say, policy=Yes(), ready=begun.append)
    assert (runs.project / "a.txt").read_text("utf-8") == "a"
    later = ScriptedModel("y")
    resumed = resume_script(played.run_id, project=runs.project, stage=runs.stage(later, Yes()))
    assert resumed.result == "y"
    text = later.requests[0].messages[0].blocks[0].text
    assert text.startswith("An earlier try at this task was cut off. It had used Write,")
    assert [line.get("again") for line in runs.lines(resumed, "call")] == [
        None,
        "something it did may have had effects",
    ]


def test_who_is_cut_off_while_another_works_for_it_is_charged_for_its_own_turns_only(runs):
    begun = []
    usage = Usage(input=10, output=7, cost_micros=None)

    def say(request):
        if request.messages[0].blocks[0].text.endswith("Look."):
            begun[0].leave("suspended", "for a test")
            return ScriptedTurn(text="x", hangs_s=99_999.0, usage=usage)
        return ScriptedTurn(uses=(ScriptedUse("Agent", {"prompt": "Look."}),), usage=usage)

    body = "return await agent('Ask.', tools=['Agent', 'Glob'])"
    played, _ = runs.run(body, say, policy=Yes(), ready=begun.append)
    at_worst = 32_000 + 2_000
    assert played.report["usage"]["output"] == 7 + at_worst


class FullForTranscripts(Disk):
    """A disk that has no room for transcripts."""

    def write(self, fd, content):
        if bytes(content[:6]) == b'{"t": ':
            raise OSError(errno.ENOSPC, "no space")
        return super().write(fd, content)

    @hookimpl
    def hocket_choose_store(self, settings):
        return FilesStore(settings.project, self)


def test_without_room_for_transcripts_the_run_goes_on_and_nothing_has_an_effect(runs):
    (runs.project / "a.txt").write_text("one", "utf-8")
    turns = using("Read", file_path="a.txt"), using("Write", file_path="b.txt", content="b"), "No."
    model = ScriptedModel(*turns)
    stage = runs.stage(model, Yes())
    full = {**stage.plugins, "full": FullForTranscripts()}
    source = (
        'from hocket.script import agent\nmeta = {"name": "case", "description": "A case."}\n'
        "async def main():\n    return await agent('x')\n"
    )
    played = run_script(source, project=runs.project, stage=replace(stage, plugins=full))
    assert played.result == "No."
    read, wrote = (request.messages[-1].blocks[0] for request in model.requests[1:])
    assert (read.is_error, wrote.is_error) == (False, True)
    assert "could not be written down" in wrote.content[0].text
    assert not (runs.project / "b.txt").exists()
    assert sum("cannot be written" in line for line in played.log) == 1
