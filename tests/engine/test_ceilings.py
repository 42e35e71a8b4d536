"""The one place that decides about ceilings: calls, uses, checks, backends and scripts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from hocket.api.approval import Use, Verdict
from hocket.api.calls import Attached, Call, Check, Options
from hocket.api.ceiling import KEYS, Ceiling
from hocket.api.scripts import Manifest, Script
from hocket.api.tools import Effect
from hocket.engine import ceilings
from hocket.engine.ceilings import Ceilings
from hocket.testing import ScriptedBackend

UNDECLARED = replace(Ceiling(), is_declared=False)
READS, WRITES, RUNS, OUT = (
    frozenset({one})
    for one in (Effect.READ_PROJECT, Effect.WRITE_WORKSPACE, Effect.EXECUTE, Effect.READ_OUTSIDE)
)
HASH = "a" * 64


class Program(ScriptedBackend):
    """Another program's loop: some limits are beyond it."""

    name = "program"
    enforces = frozenset(KEYS) - {"shell", "network"}


def judging(*, accepted=()):
    return Ceilings(Program({}, has_workspace=True), frozenset(accepted))


def call(ceiling, **options):
    return Call(1, "k", 0, "go", "go", options=Options(ceiling=ceiling, **options))


def against(table, tool, effects, workspace=None, **arguments):
    """Give the reason against a use beneath a table that declares the tool; None: there is none."""
    ceiling = Ceiling(tools=(tool,), **table)
    use = Use(tool, tool, effects, arguments, workspace=workspace)
    judged = judging().judge_use(call(ceiling), use)
    assert judged is None or judged.verdict is Verdict.DENY
    return judged.reason if judged else None


def test_who_reads_at_all_may_read_what_a_person_typed(tmp_path):
    root, outside = tmp_path / "papers", tmp_path / "other"
    judge = Ceilings(ScriptedBackend({}), frozenset(), (root,))

    def reason(tool, file, **table):
        use = Use(tool, tool, READS, {"file_path": str(file)}, workspace=tmp_path / "project")
        judged = judge.judge_use(call(Ceiling(**table)), use)
        return judged.reason if judged else None

    reads = {"tools": ("Read", "Write"), "read": ("src/**",)}
    assert reason("Read", root / "a.txt", **reads) is None
    assert reason("Read", "../papers/a.txt", **reads) is None
    assert reason("Read", root / ".hocket" / "a", **reads) == "capability:read:../papers/.hocket/a"
    assert reason("Read", outside / "a.txt", **reads) == "capability:read:../other/a.txt"
    assert reason("Write", root / "a.txt", **reads) == "capability:write:../papers/a.txt"
    assert reason("Read", root / "a", tools=("Read",)) == "capability:read:../papers/a"
    assert reason("Read", root / "a", read=("**",)) == "capability:tools:Read"


@pytest.mark.parametrize(
    ("table", "tool", "effects", "arguments", "reason"),
    [
        ({"read": ("a/**",)}, "Read", READS, {"file_path": "a/x"}, None),
        ({"read": ("a/**",)}, "Read", READS, {"file_path": "b"}, "capability:read:b"),
        ({"read": ("**",)}, "Read", READS, {"file_path": "a/../../x"}, "capability:read:../x"),
        ({}, "Grep", READS, {"path": "b"}, None),
        ({"write": ("a/**",)}, "Edit", WRITES, {"file_path": "a\0/x"}, None),
        ({}, "Write", WRITES, {"file_path": "x"}, "capability:write:x"),
        ({"shell": ("make",)}, "Bash", RUNS, {"command": "make"}, None),
        ({"shell": ("make",)}, "Bash", RUNS, {"command": "make;rm x"}, "capability:shell:rm"),
        ({"network": ("a.b",)}, "WebFetch", OUT, {"url": "https://x.a.b/"}, None),
        ({"network": ("a.b",)}, "WebFetch", OUT, {"url": "http://[x"}, "capability:network:"),
        ({"network": ("a.b",)}, "WebSearch", OUT, {}, None),
        ({}, "WebSearch", OUT, {}, "capability:network:*"),
        ({}, "WebSearch", READS, {}, None),
        ({"mcp": (f"s@1#sha256:{HASH}",)}, "mcp__s__t", OUT, {}, None),
        ({"mcp": (f"s@1#sha256:{HASH}",)}, "mcp__t__t", OUT, {}, "capability:mcp:t"),
        ({"read": ("**",)}, "Skill", READS, {}, None),
        ({"read": ("a/**",)}, "Skill", READS, {}, "capability:read:**"),
        ({"shell": ("*",)}, "Other", RUNS | WRITES, {}, "capability:write:**"),
        ({}, "Agent", frozenset(), {}, None),
    ],
)
def test_a_use_is_held_to_what_its_tool_touches(table, tool, effects, arguments, reason):
    assert against(table, tool, effects, **arguments) == reason


def test_where_a_link_ends_counts(tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "way").symlink_to(tmp_path / "secret")
    table, use = {"read": ("docs/**",)}, {"file_path": "docs/way"}
    assert against(table, "Read", READS, tmp_path, **use) == "capability:read:secret"
    own = {"file_path": str(tmp_path / "docs" / "a")}
    assert against(table, "Read", READS, tmp_path, **own) is None


def test_a_tool_that_is_not_declared_is_not_used():
    use = Use("Bash", "Bash(ls)", RUNS, {"command": "ls"})
    judged = judging().judge_use(call(Ceiling()), use)
    assert (judged.verdict, judged.reason) == (Verdict.DENY, "capability:tools:Bash")


def test_without_a_ceiling_it_says_nothing():
    use = Use("Bash", "Bash(ls)", RUNS, {"command": "ls"})
    assert judging().judge_use(call(None), use) is None
    assert judging().judge(call(None, tools=("Bash",))).verdict is Verdict.ALLOW


def test_each_effect_of_one_that_declares_nothing_is_asked():
    judge = judging()
    use = Use("Read", "Read(a)", READS, {"file_path": "a"})
    assert judge.judge_use(call(UNDECLARED), use).verdict is Verdict.ASK
    harmless = Use("Agent", "Agent(*)", frozenset(), {})
    assert judge.judge_use(call(UNDECLARED), harmless) is None
    assert judge.judge(call(UNDECLARED, tools=("Bash",))).verdict is Verdict.ALLOW
    given = {"inputs": (Attached("a.md", "d"),), "check": Check("t", "make test")}
    asked = judge.judge(call(UNDECLARED, **given))
    assert asked.verdict is Verdict.ASK
    assert asked.shown == "input a.md\ncheck make test"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("docs/a", None),
        ("docs", None),
        ("bundle:rubrics/a.md", None),
        ("./docs/../x", "capability:read:./docs/../x"),
        (".env", "capability:read:.env"),
    ],
)
def test_inputs_are_files_that_may_be_read(path, reason):
    ceiling = Ceiling(read=("docs/**",))
    judged = judging().judge(call(ceiling, inputs=(Attached(path, "d"),)))
    assert (judged.reason or None) == reason


@pytest.mark.parametrize(
    ("programs", "command", "reason"),
    [
        (("make",), "make test", None),
        ((), "make test", "capability:shell:make"),
        (("make",), "make $X", "capability:shell:it has a substitution"),
        (("@checks",), "make $X", None),
        (("*",), "make $X", None),
    ],
)
def test_a_check_needs_its_programs(programs, command, reason):
    ceiling, check = Ceiling(**dict.fromkeys(["shell"], programs)), Check("t", command)
    assert ceilings.against_check(ceiling, check) == reason
    assert (judging().judge(call(ceiling, check=check)).reason or None) == reason
    assert ceilings.against_check(None, check) is None


@pytest.mark.parametrize(
    ("table", "named", "accepted", "reason"),
    [
        ({"tools": ("Read",)}, None, (), None),
        ({"tools": ("Bash",)}, None, (), "program cannot enforce shell"),
        ({"tools": ("Bash",)}, (), (), None),
        ({"tools": ("Bash",)}, ("Bash(make:*)",), ("unenforced:shell",), None),
        (
            {"tools": ("Bash", "WebFetch")},
            None,
            ("unenforced:shell",),
            "program cannot enforce network",
        ),
        ({"tools": ("WebFetch",), "network": ("*",)}, None, (), None),
        ({"tools": ("mcp__s__t", "Other")}, None, (), None),
    ],
)
def test_what_a_backend_cannot_hold_is_refused(table, named, accepted, reason):
    judged = judging(accepted=accepted).judge(call(Ceiling(**table), tools=named))
    assert (judged.reason or None) == reason


def test_agents_without_files_need_no_holding():
    judge = Ceilings(ScriptedBackend({}), frozenset())
    assert judge.judge(call(Ceiling(tools=("Bash",)))).verdict is Verdict.ALLOW


def script(ceiling, *commands):
    checks = {name: Check(name, name) for name in commands}
    about = Manifest(name="x", description="X.", checks=checks)
    return Script("x.py", "", "d", "python", about, ceiling)


def test_checks_are_resolved_to_their_programs():
    ceiling = Ceiling(**dict.fromkeys(["shell"], ("@checks", "git")))
    found = ceilings.resolved(script(ceiling, "make lint", "npm test"), None)
    assert found.shell == ("@checks", "git", "make", "npm")


def test_a_script_without_its_own_gets_no_more_than_who_started_it():
    above = Ceiling(tools=("Read",), **dict.fromkeys(["shell"], ("@checks", "make")))
    own = Ceiling(tools=("Bash",))
    assert ceilings.resolved(script(None, "npm test"), above) == replace(above, shell=("make",))  # noqa: S604
    assert ceilings.resolved(script(own), above) == own
    assert ceilings.resolved(script(None), None) is None


def test_words_from_outside_are_seen_by_who_declares_it():
    assert ceilings.may_reveal(None)
    assert ceilings.may_reveal(Ceiling(reveal=True))
    assert not ceilings.may_reveal(Ceiling())
    assert not ceilings.may_reveal(UNDECLARED)
    table = [None, Ceiling(reveal=True), UNDECLARED, Ceiling()]
    assert [ceilings.may_see(one) for one in table] == [True, True, True, False]


def test_it_has_a_name_like_any_policy():
    assert judging().name == "ceiling"
    assert Path(ceilings.__file__).name == "ceilings.py"
