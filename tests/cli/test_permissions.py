"""Which rules hold, where each was set, and what comes of a use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hocket.api.approval import Use
from hocket.api.calls import Bound, EndState, Outcome
from hocket.api.tools import Effect
from hocket.testing import run_script

USES = '''"""Uses."""
from hocket.script import agent

meta = {"name": "uses", "description": "Wants to use things."}


async def main():
    await agent("Read(a.py)", label="one \\x1b[2J\\u202e")
    return await agent("Bash(make\\nall)", label="two")
'''


class Wanting:
    """A backend whose calls want to use what their prompt says."""

    name = "wanting"
    has_workspace = False
    checks_pass = True

    def bound(self, call):
        return Bound(100)

    async def run(self, call, context):
        tool = call.prompt.partition("(")[0]
        effect = Effect.READ_PROJECT if tool == "Read" else Effect.EXECUTE
        judged = await context.decide(Use(tool, call.prompt, frozenset({effect}), {}))
        return Outcome(EndState.OK, judged.verdict.name)

    async def aclose(self):
        pass


@pytest.fixture
def decided(desk):
    """Give a desk with a run in which one use was allowed and one denied."""
    desk.run_id = run_script(USES, Wanting(), project=desk.project).run_id
    return desk


@pytest.fixture
def ruled(desk):
    """Give a desk whose person and project have rules."""
    user = Path(os.environ["HOCKET_CONFIG_HOME"]) / "config.toml"
    user.write_text('[permissions]\nallow = ["Bash(npm:*)"]\nask = ["Bash(npm publish:*)"]\n')
    project = desk.project / ".hocket" / "config.toml"
    project.write_text('[permissions]\nallow = ["Edit"]\ndeny = ["Bash(rm:*)", "Read(keys/**)"]\n')
    desk.user = str(user)
    return desk


def test_rules_are_listed_with_where_they_were_set(ruled):
    code, told = ruled.json("permissions", "list")
    assert code == 0
    assert [(each["kind"], each["rule"], each["origin"]) for each in told["rules"]] == [
        ("deny", "Bash(rm:*)", ".hocket/config.toml"),
        ("deny", "Read(keys/**)", ".hocket/config.toml"),
        ("ask", "Bash(npm publish:*)", ruled.user),
        ("allow", "Bash(npm:*)", ruled.user),
    ]
    lines = ruled.type("permissions", "list")[1].splitlines()
    assert lines[0] == "deny\tBash(rm:*)\t.hocket/config.toml"


def test_no_rules_is_said_to_a_person(desk):
    assert desk.type("permissions", "list") == (0, "", "")
    terminal = desk.sit("permissions", "list").see("everything else is asked.")
    assert terminal.see("hocket permissions explain").end() == 0


def test_a_use_is_explained(ruled):
    code, out, _ = ruled.type("permissions", "explain", "Bash(rm -rf /)")
    assert code == 0
    assert out.splitlines() == [
        "denied: the rule deny Bash(rm:*)",
        "deny\tBash(rm:*)\tmatches\t.hocket/config.toml",
        f"ask\tBash(npm publish:*)\tdoes not match\t{ruled.user}",
        f"allow\tBash(npm:*)\tdoes not match\t{ruled.user}",
    ]


@pytest.mark.parametrize(
    ("use", "verdict", "why"),
    [
        ("Bash(npm test)", "allowed", "nothing is against it"),
        ("Bash(npm publish)", "asked", "the rule ask Bash(npm publish:*)"),
        ("Bash(make)", "asked", "no rule allows it; allow it with Bash(make)"),
        ("Read(src/a.py)", "allowed", "nothing is against it"),
        ("Read(keys/a)", "denied", "the rule deny Read(keys/**)"),
        ("Edit(src/a.py)", "asked", "no rule allows it; allow it with Edit(src/a.py)"),
        (" WebSearch ", "asked", "no rule allows it; allow it with WebSearch"),
    ],
)
def test_the_verdict_and_why(ruled, use, verdict, why):
    code, told = ruled.json("permissions", "explain", use)
    assert (code, told["verdict"], told["why"], told["use"]) == (0, verdict, why, use.strip())


@pytest.mark.parametrize("use", ["rm -rf /", "", "Bash(", "(x)", "Edit src"])
def test_what_is_no_use_of_a_tool_is_told(desk, use):
    code, _, err = desk.type("permissions", "explain", use)
    assert code == 2
    assert "expected Tool or Tool(what), as in Bash(npm test)" in err


def test_without_the_policy_there_is_nothing_to_explain(desk):
    user = Path(os.environ["HOCKET_CONFIG_HOME"]) / "config.toml"
    user.write_text('[plugins]\nblock = ["policies.permissions"]\n')
    code, _, err = desk.type("permissions", "list")
    assert code == 2
    assert "no policy with rules is on" in err


def test_the_log_of_a_run_tells_each_decision_and_why(decided):
    code, out, _ = decided.type("permissions", "log", decided.run_id)
    assert code == 0
    first, second = (line.split("\t") for line in out.splitlines())
    assert first == [
        "1", "one \\x1b[2J\\u202e", "allow", "Read(a.py)", "nothing is against it",
    ]  # fmt: skip
    assert second[:4] == ["2", "two", "deny", "Bash(make\\nall)"]
    assert "nobody is here to ask" in second[4]


def test_the_log_is_an_object_too_and_may_tell_only_what_was_denied(decided):
    code, told = decided.json("permissions", "log", decided.run_id, "--denied")
    assert (code, told["command"], told["run_id"]) == (0, "permissions log", decided.run_id)
    (one,) = told["decisions"]
    assert (one["call"], one["tool"], one["use"]) == (2, "Bash", "Bash(make\nall)")
    assert (one["verdict"], one["by"], one["outside"]) == ("deny", "nobody", [])


def test_a_person_is_told_where_nothing_was_decided(desk):
    nothing = run_script(USES, project=desk.project)
    assert desk.type("permissions", "log", nothing.run_id) == (0, "", "")
    terminal = desk.sit("permissions", "log", nothing.run_id).see("Nothing was decided")
    assert terminal.end() == 0
    assert "verdict" not in terminal.screen


def test_a_person_is_told_where_nothing_was_denied(desk):
    source = USES.replace("Bash(make\\nall)", "Read(b.py)")
    fine = run_script(source, Wanting(), project=desk.project)
    assert (
        desk.sit("permissions", "log", fine.run_id, "--denied").see("Nothing was denied.").end()
        == 0
    )
    terminal = desk.sit("permissions", "log", fine.run_id).see("Read(b.py)")
    assert terminal.end() == 0
    assert "\x1b[2J" not in terminal.screen


def test_the_log_of_a_run_that_is_not_there(desk):
    code, _, err = desk.type("permissions", "log", "nope")
    assert code == 2
    assert "there is no such run in this project" in err


def test_the_help_says_what_each_page_is_for(desk):
    _, out, _ = desk.type("permissions", "--help")
    lines = [line.split(None, 1) for line in out.split("Commands:")[1].strip().splitlines()]
    assert [name for name, _ in lines] == ["explain", "list", "log"]
