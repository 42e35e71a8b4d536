"""A run of a bundle's script gets at most what was consented to: real tools on real files."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from hocket.api.approval import Judgement, Verdict
from hocket.api.ceiling import Ceiling
from hocket.api.tools import AgentType, Effect, ToolOutput
from hocket.launch.reopen import Changes
from hocket.testing import ScriptedBackend, ScriptedTurn, ScriptedUse

GO = "return await agent('go')"
ENDS = "return (await attempt('go', {}))"
UNDECLARED = replace(Ceiling(), is_declared=False)
RULES = ("Edit", "Write", "Bash", "Read", "WebFetch", "WebSearch")


def using(name, **given):
    return ScriptedTurn(uses=(ScriptedUse(name, given),))


def may(**table):
    return Ceiling(**{"agents": 50, **table})


def ends(**options):
    given = ", ".join(f"{name}={value!r}" for name, value in options.items())
    return f"out = await attempt('go', {given})\nreturn [out['state'], out['cause']]"


class Yes:
    """A policy that allows everything."""

    name = "yes"

    def judge(self, call):
        return Judgement(Verdict.ALLOW)

    def judge_use(self, call, use):
        return Judgement(Verdict.ALLOW)


class Loosens:
    """A stage that takes the ceiling away and gives a tool."""

    name, position = "loosens", 50

    async def __call__(self, call, proceed):
        return await proceed(
            replace(call, options=replace(call.options, ceiling=None, tools=("Write",)))
        )


class Ships:
    """A tool of somebody else."""

    name, description = "Ship", "Ship it."
    effects = frozenset({Effect.OUTSIDE_EFFECT})
    input_schema = {"type": "object", "properties": {}}

    def __init__(self):
        self.shipped = 0

    def shown(self, arguments):
        return "Ship"

    async def run(self, arguments, context):
        self.shipped += 1
        return ToolOutput("shipped")


class Elsewhere(ScriptedBackend):
    """A backend whose agents have files, and that says nothing of what it holds to."""

    name = "elsewhere"


@pytest.mark.parametrize(
    ("tools", "named", "cause"),
    [
        (("Read",), ["Read", "Bash"], "capability:tools:Bash"),
        (("Read",), ["Read", "Bash(npm test:*)"], "capability:tools:Bash"),
        ((), ["mcp__github__get"], "capability:tools:mcp__github__get"),
        (("mcp__github__get",), ["mcp__github__put"], "capability:tools:mcp__github__put"),
        (("Read",), ["Agent"], "capability:tools:Agent"),
        (("Read",), ["Web*"], "capability:tools:Web*"),
    ],
)
def test_a_named_tool_outside_is_refused(bundle, tools, named, cause):
    played = bundle.play(ends(tools=named), "never", ceiling=may(tools=tools))
    assert played.result == ["refused", cause]
    assert played.decided == [("deny", cause)]
    assert bundle.model.requests == []


def test_what_stands_for_several_tools_is_narrowed(bundle):
    ceiling = may(tools=("Read", "Glob"), read=("**",))
    played = bundle.play("return await agent('go', tools=['R*', 'Gl*'])", "done", ceiling=ceiling)
    assert played.report["cause"] is None
    assert [one.name for one in bundle.model.requests[0].tools] == ["Glob", "Read"]


def test_a_call_that_names_none_gets_the_default_set_as_far_as_it_is_declared(bundle):
    kind = AgentType("writer", "Writes.", "Write.", tools=("Write", "Read"))
    body = "await agent('go')\nreturn await agent('go', agent_type='writer')"
    ceiling = may(tools=("Grep", "Read"), read=("**",))
    bundle.play(body, "one", "two", ceiling=ceiling, kinds=(kind,))
    asked = [[tool.name for tool in one.tools] for one in bundle.model.requests]
    assert asked == [["Grep", "Read"], ["Read"]]


def test_files_are_read_and_found_beneath_the_globs_alone(bundle):
    bundle.write("docs/a.md", "alpha")
    bundle.write("docs/.env", "alpha")
    bundle.write("secret.md", "alpha")
    (bundle.root / "docs" / "way.md").symlink_to(bundle.root / "secret.md")
    played = bundle.play(
        GO,
        using("Read", file_path="docs/a.md"),
        using("Read", file_path="secret.md"),
        using("Read", file_path="docs/way.md"),
        using("Read", file_path="docs/.env"),
        using("Glob", pattern="**/*"),
        using("Grep", pattern="alpha"),
        "done",
        ceiling=may(tools=("Read", "Glob", "Grep"), read=("docs/**",)),
        rules=RULES,
        real=True,
    )
    denied = ["secret.md", "secret.md", "docs/.env"]
    reasons = [reason for verdict, reason in played.decided if verdict == "deny"]
    assert reasons == [f"capability:read:{path}" for path in denied]
    found = "\n".join(played.heard[-2:])
    assert "docs/a.md" in found
    assert "secret" not in found
    assert ".env" not in found


def test_files_are_written_beneath_the_globs_alone(bundle):
    bundle.write("src/app.py", "one")
    played = bundle.play(
        GO,
        using("Write", file_path="reports/new.md", content="x"),
        using("Write", file_path="src/app.py", content="x"),
        using("Edit", file_path="src/app.py", old_string="one", new_string="x"),
        using("Write", file_path="reports/../src/b.py", content="x"),
        using("Write", file_path="reports/.env", content="x"),
        "done",
        ceiling=may(tools=("Write", "Edit"), write=("reports/**",)),
        rules=RULES,
    )
    assert (bundle.root / "reports/new.md").read_text() == "x"
    assert (bundle.root / "src/app.py").read_text() == "one"
    assert not (bundle.root / "src/b.py").exists()
    assert not (bundle.root / "reports/.env").exists()
    assert [verdict for verdict, _ in played.decided].count("deny") == 4


def test_what_is_declared_and_not_allowed_is_still_asked(bundle):
    ceiling = may(tools=("Write",), write=("**",))
    use = using("Write", file_path="a.md", content="x")
    headless = bundle.play(GO, use, "done", ceiling=ceiling)
    person = bundle.person()
    asked = bundle.play(GO, use, "done", ceiling=ceiling, person=person)
    assert headless.decided[0][0] == "deny"
    assert len(person.asked) == 1
    assert asked.decided == [("allow", "a person allowed it")]
    assert (bundle.root / "a.md").exists()


def test_no_plugin_and_no_block_list_drops_it(bundle):
    bundle.person_says('[plugins]\nblock = ["policies.permissions", "policies.quarantine"]\n')
    use = using("Write", file_path="a.md", content="x")
    ceiling = may(tools=("Read",), read=("docs/**",))
    played = bundle.play(
        GO, use, using("Read", file_path="b.md"), "done", ceiling=ceiling, policies=(Yes(),)
    )
    assert played.decided[-1] == ("deny", "capability:read:b.md")
    assert not (bundle.root / "a.md").exists()


def test_no_stage_drops_it(bundle):
    played = bundle.play(
        ends(), "never", ceiling=may(tools=("Read",)), stages=(Loosens(),), policies=(Yes(),)
    )
    assert played.result == ["refused", "capability:tools:Write"]
    assert played.decided == [("deny", "capability:tools:Write")]


@pytest.mark.parametrize(("network", "shipped"), [(("example.org",), 0), (("*",), 1)])
def test_a_tool_that_nobody_can_limit_needs_all_that_it_touches(bundle, network, shipped):
    tool = Ships()
    ceiling = may(tools=("Ship",), network=network)
    bundle.play(GO, using("Ship"), "done", ceiling=ceiling, tools=(tool,), rules=("Ship",))
    assert tool.shipped == shipped


def test_addresses_of_other_hosts_are_not_fetched(bundle):
    hosts = ["https://evil.example/", "https://sub.good.example.evil/", "no address"]
    uses = [using("WebFetch", url=host) for host in hosts]
    ceiling = may(tools=("WebFetch", "WebSearch"), network=("good.example",))
    played = bundle.play(
        f"return await agent({' '.join(hosts)!r})", *uses, "done", ceiling=ceiling, rules=RULES
    )
    assert [reason for _, reason in played.decided] == [
        "capability:network:evil.example",
        "capability:network:sub.good.example.evil",
        "capability:network:",
    ]


def test_agents_are_counted_with_those_of_children_and_agents(bundle):
    person = "return [r['state'] for r in [await attempt(f'q{n}') for n in range(4)]]"
    played = bundle.play(person, *["x"] * 4, ceiling=may(agents=2))
    assert played.result == ["ok", "ok", "over_cap", "over_cap"]
    assert "agents: 2 of 2 agents that demo may ask for are used" in json.dumps(played.report)
    assert played.card.agents == 2


def test_a_nested_workflow_runs_beneath_its_own_ceiling_and_counts_for_both(bundle):
    bundle.write(
        "wf/kid.py",
        bundle.source(
            "out = [await attempt(f'kid {n}', tools=['Read']) for n in range(3)]\n"
            "return [one['cause'] for one in out]"
        ).replace('"story"', '"kid"'),
    )
    body = """
        first = await attempt('own', tools=['Write'])
        kids = await workflow({"script_path": "wf/kid.py"})
        return [first['state'], kids]
    """
    bundle.write("story.py")
    played = bundle.play(body, *["x"] * 4, ceiling=may(tools=("Write",), agents=3), flags={})
    # A script without a ceiling of its own gets no more than the one that started it.
    assert played.result[0] == "ok"
    assert played.result[1][0] == "capability:tools:Read"
    assert played.result[1][2].startswith("agents: 3 of 3 agents")


def test_reveal_without_it_is_refused(bundle):
    bundle.write("page.txt", "words from outside")
    bundle.person_says('outside_paths = ["page.txt"]\n')
    body = """
        found = await agent('go', tools=['Read'])
        try:
            return await reveal(found)
        except AgentError as error:
            return str(error)
    """
    turns = (using("Read", file_path="page.txt"), "words")
    table = {"tools": ("Read",), "read": ("**",)}
    assert bundle.play(body, *turns, ceiling=may(**table)).result == "refused: capability:reveal"
    assert bundle.play(body, *turns, ceiling=may(**table, reveal=True)).result == "words"


def test_inputs_are_read_beneath_the_globs_alone(bundle):
    bundle.write("docs/a.md", "x")
    bundle.write("docs/.env", "x")
    bundle.write("b.md", "x")
    ceiling = may(read=("docs/**",))
    fine = bundle.play("return await agent('go', inputs=['docs'])", "done", ceiling=ceiling)
    assert fine.result == "done"
    body = """
        try:
            return await agent('go', inputs=['b.md'])
        except ValueError as error:
            return str(error)
    """
    refused = bundle.play(body, "never", ceiling=ceiling)
    assert refused.result.endswith("b.md: capability:read: its bundle did not declare it")


def test_of_one_that_declares_nothing_each_effect_is_asked(bundle):
    bundle.write("a.md", "alpha")
    turns = (using("Read", file_path="a.md"), using("Write", file_path="b.md", content="x"), "done")
    alone = bundle.play(GO, *turns, ceiling=UNDECLARED, rules=RULES)
    assert [verdict for verdict, _ in alone.decided] == ["deny", "deny"]
    person = bundle.person()
    asked = bundle.play(GO, *turns, ceiling=UNDECLARED, rules=RULES, person=person)
    assert [verdict for verdict, _ in asked.decided] == ["allow", "allow"]
    assert len(person.asked) == 2
    assert (bundle.root / "b.md").exists()
    attached = bundle.play(ends(inputs=["a.md"]), "never", ceiling=UNDECLARED)
    assert attached.result[0] == "refused"


def test_a_backend_that_says_nothing_holds_to_nothing(bundle):
    backend = Elsewhere({"": "an answer"}, has_workspace=True)
    told = {"backend": "elsewhere", "backends": (backend,)}
    ceiling = may(tools=("Bash", "Read"), read=("**",), shell=("make",))  # noqa: S604  (a key of the table)
    refused = bundle.play(ends(), ceiling=ceiling, **told)
    assert refused.result == ["refused", "elsewhere cannot enforce read, shell"]
    fine = bundle.play(ends(tools=[]), ceiling=ceiling, **told)
    assert fine.result == ["ok", None]
    given = {"accepted": ("unenforced:shell", "unenforced:read"), **told}
    assert bundle.play(ends(), ceiling=ceiling, **given).result[0] == "refused"
    person = bundle.play(ends(), ceiling=ceiling, person=bundle.person(), **given)
    assert person.result == ["ok", None]
    assert "a person let go of a limit: unenforced:shell" in person.report["notes"]
    assert json.loads((person.folder / "run.json").read_text())["notes"] == person.report["notes"]


def test_a_resume_runs_beneath_the_same_ceiling(bundle):
    table = may(tools=("Read",), read=("docs/**",), agents=7)
    before = bundle.play(ends(tools=["Bash"]), "never", ceiling=table)
    kept = json.loads((before.folder / "run.json").read_text())
    assert (kept["bundle"], kept["ceiling"]) == ("demo", {**table.table(), "declared": True})
    after = bundle.resume(before, "never")
    assert after.result == ["refused", "capability:tools:Bash"]
    assert after.card.agents == 7
    assert after.report["bundle"] == "demo"


def test_another_script_gets_no_more_on_a_resume(bundle):
    before = bundle.play(ends(tools=["Bash"]), "never", ceiling=may(tools=("Read",)))
    bundle.write("other.py", bundle.source(ends(tools=["Write"])))
    after = bundle.resume(before, "never", changes=Changes(script="other.py"))
    assert after.result == ["refused", "capability:tools:Write"]


def test_a_script_without_a_ceiling_is_held_by_rules_alone(bundle):
    use = using("Write", file_path="a.md", content="x")
    played = bundle.play(GO, use, "done", ceiling=None, rules=RULES)
    assert played.result == "done"
    assert (bundle.root / "a.md").exists()
    assert "ceiling" not in played.report
    assert played.card.capped == ()


MANIFEST = """\
schema = 1
name = "kid"
version = "1.0.0"
description = "A kid."
license = "MIT"
requires-hocket = "*"
commands.kid = { script = "kid.py" }
capabilities = { tools = ["Read"], agents = 2 }
"""


def test_a_nested_workflow_runs_beneath_the_ceiling_of_its_own_bundle(bundle):
    body = """
        calls = [['Read'], ['Write'], ['Read']]
        out = [await attempt(f'kid {n}', tools=one) for n, one in enumerate(calls)]
        return [one['cause'] or one['state'] for one in out]
    """
    bundle.write(".hocket/workflows/kid/bundle.toml", MANIFEST)
    bundle.write(
        ".hocket/workflows/kid/SKILL.md", "---\nname: kid\ndescription: A kid.\n---\nHi.\n"
    )
    script = bundle.source(body).replace('"story"', '"kid"')
    bundle.write(".hocket/workflows/kid/kid.py", script)
    body = (
        "own = await attempt('own', tools=['Read'])\nreturn [own['cause'], await workflow('kid')]"
    )
    played = bundle.play(body, "x", ceiling=may(tools=("Write",)))
    own, kids = played.result
    assert own == "capability:tools:Read"
    full = "agents: 2 of 2 agents that kid may ask for are used"
    assert kids == ["ok", "capability:tools:Write", full]
