"""What agents may do: on the card, by rules of one run, and asked in the middle of it (A16)."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
from pathlib import Path

import pytest

from hocket.launch.granting import BARE, RUN
from hocket_plugins.tools.shell import sandbox

ASKED = "[N] no\n"
BASH, BWRAP = "/bin/bash", sandbox.program("bwrap", os.environ, not_in="/nowhere")
BOXED = not sandbox.probe(BWRAP, BASH)

WANTS = '''
"""A backend whose calls want to run their prompt in a shell, and then wait at the gate."""

import os
from pathlib import Path

from hocket.api.approval import Use
from hocket.api.calls import Bound, EndState, Outcome
from hocket.api.markers import hookimpl
from hocket.api.tools import Effect


class Wants:
    name = "wants"
    has_workspace = True
    checks_pass = True

    def bound(self, call):
        return Bound(100)

    async def run(self, call, context):
        gate = Path(os.environ["GATE"])
        use = Use("Bash", f"Bash({call.prompt})", frozenset({Effect.EXECUTE}), {})
        judged = await context.decide(use)
        with (gate / "asked").open("a") as asked:
            asked.write(f"{judged.verdict.name}: {judged.reason}\\n")
        while not (gate / "open").exists():
            await context.clock.sleep(0.01)
        return Outcome(EndState.OK, judged.verdict.name)

    async def aclose(self):
        pass


@hookimpl
def hocket_register_backends(settings):
    return [Wants()]
'''
ONE = "return await agent('make')"
TWO = "return [await agent('make', label='a'), await agent('make', label='b')]"


@pytest.fixture
def wanting(desk):
    """Give a desk with the backend, whose gate is open; the person's settings name it."""
    site = desk.project.parent / "site"
    info = site / "acme_wants-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-wants\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[hocket]\nacme.wants = acme_wants\n")
    (site / "acme_wants.py").write_text(WANTS)
    (Path(os.environ["HOCKET_CONFIG_HOME"]) / "config.toml").write_text('backend = "wants"\n')
    desk.save(ONE)
    desk.open()
    yield desk
    sys.modules.pop("acme_wants", None)


def result(desk):
    (run_id,) = desk.runs
    return desk.show(run_id)["result"]


def test_the_card_says_what_agents_may_do_and_a_yes_allows_it(wanting):
    terminal = wanting.sit("run", "wf.py", "--deny", "Bash(rm:*)", "--allow", "Bash(ls)")
    terminal.see(ASKED).press("y")
    if not BOXED:
        terminal.see("wants Bash(make)").type("1\n")
    assert terminal.end() == 0
    card = terminal.screen.split(ASKED)[0].splitlines()
    assert "  may      read files here" in card
    assert "  may      edit files here" in card
    assert (f"  may      {RUN}" in card) is BOXED
    assert (BARE.replace("shell: ", "  shell    ") in card) is not BOXED
    assert "  allowed  Bash(ls)" in card
    assert "  denied   Bash(rm:*)" in card
    assert any(line.startswith("  a yes    here allows that for this run;") for line in card)
    assert result(wanting) == "ALLOW"


def test_always_allows_what_was_listed_for_later_runs_too(wanting):
    if not BOXED:
        pytest.skip("there is no sandbox here, so the card lists no shell")
    wanting.sit("run", "wf.py").see(ASKED).press("a").see("completed")
    code, out, _ = wanting.type("run", "wf.py", "-q")
    assert (code, out) == (0, "ALLOW\n")
    assert wanting.type("run", "wf.py", "-q", "--yes")[1] == "ALLOW\n"


def test_nobody_there_is_told_what_yes_does_not_do(wanting):
    code, _, err = wanting.type("run", "wf.py")
    assert code == 4
    assert "With --yes its agents may do no more than rules and --allow say" in err


def test_a16_unattended_it_is_refused_with_the_rule_that_would_allow_it(wanting):
    """And that rule, typed, does."""
    assert wanting.json("run", "wf.py", "--yes")[1]["result"] == "DENY"
    (said,) = wanting.asked
    assert said == (
        "DENY: no rule allows it; allow it with Bash(make); "
        "nobody is here to ask, and --yes allows no more than rules and --allow do"
    )
    assert wanting.json("run", "wf.py", "--yes", "--allow", "Bash(make)")[1]["result"] == "ALLOW"
    both = ("--allow", "Bash(make)", "--deny", "Bash(make:*)")
    assert wanting.json("run", "wf.py", "--yes", *both)[1]["result"] == "DENY"
    assert wanting.asked[-1] == "DENY: the rule deny Bash(make:*)"


@pytest.mark.parametrize("option", ["--allow", "--deny"])
def test_a_rule_that_means_nothing_starts_no_run(wanting, option):
    code, _, err = wanting.type("run", "wf.py", "--yes", option, "Bash( )")
    assert (code, wanting.runs) == (2, [])
    assert err.startswith(f"hocket: {option}: 'Bash( )' names nothing")


def test_a_project_cannot_allow_and_can_deny(wanting):
    project = wanting.project / ".hocket" / "config.toml"
    project.write_text('[permissions]\nallow = ["Bash"]\n')
    told = wanting.json("run", "wf.py", "--yes")[1]
    assert told["result"] == "DENY"
    listed = wanting.json("permissions", "list")[1]["rules"]
    assert listed == []
    project.write_text('[permissions]\ndeny = ["Bash"]\n')
    assert wanting.json("run", "wf.py", "--yes", "--allow", "Bash")[1]["result"] == "DENY"


def test_a16_it_is_asked_at_the_terminal_and_an_answer_can_hold_for_the_run(wanting):
    wanting.save(TWO)
    terminal = wanting.sit("run", "wf.py", "--yes").see("a wants Bash(make): no rule allows it")
    terminal.see("1  allow\n").see("3  allow run\n").see("Answer:").type("allow run\n")
    assert terminal.see("completed").end() == 0
    assert terminal.screen.count("wants Bash(make)") == 1
    assert result(wanting) == ["ALLOW", "ALLOW"]


def test_a16_it_is_answered_from_another_terminal_even_after_a_view_was_killed(wanting, eventually):
    wanting.save(TWO)
    terminal = wanting.sit("run", "wf.py", "--yes").see("a wants Bash(make)")
    (run_id,) = wanting.runs
    question = looked_at(wanting.folder(run_id))
    (note,) = eventually(lambda: wanting.show(run_id)["notes"])
    assert note.endswith(f"hocket runs answer {run_id} {question['id']} ANSWER")
    assert "[allow | deny | allow run | deny run]" in note
    told = (question["label"], question["tool"], question["input"])
    assert told == ("a", "Bash", "Bash(make)")
    answer = ("runs", "answer", run_id, question["id"], "deny", "--scope", "run")
    assert wanting.type(*answer)[:2] == (0, "answered\n")
    assert terminal.see("completed").end() == 0
    assert result(wanting) == ["DENY", "DENY"]
    assert {*wanting.asked} == {"DENY: a person said no"}


def looked_at(folder):
    """Look at the open question as a view does, and be gone in the middle of a line."""
    directory = os.open(folder, os.O_DIRECTORY)
    with socket.socket(socket.AF_UNIX) as view:
        view.connect(f"/proc/self/fd/{directory}/control.sock")
        view.sendall(b'{"verb": "status"}\n')
        (question,) = json.loads(view.makefile().readline())["questions"]
        view.sendall(b'{"verb": "ans')
    os.close(directory)
    return question


@pytest.mark.parametrize(("answer", "verdict"), [("allow", "ALLOW"), ("deny", "DENY")])
def test_a16_killed_after_the_answer_the_resume_does_not_ask(wanting, answer, verdict):
    wanting.shut()
    terminal = wanting.sit("run", "wf.py", "--yes").see("wants Bash(make)").see("Answer:")
    terminal.type(f"{answer}\n")
    wanting.waiting(1)
    terminal.process.send_signal(signal.SIGKILL)
    terminal.process.wait()
    (run_id,) = wanting.runs
    wanting.open()
    told = wanting.json("resume", run_id, "--yes")[1]
    assert (told["status"], told["result"]) == ("completed", verdict)
    assert [said.partition(":")[0] for said in wanting.asked] == [verdict, verdict]


def test_a16_killed_before_the_answer_the_resume_asks_whoever_is_there(wanting):
    terminal = wanting.sit("run", "wf.py", "--yes").see("wants Bash(make)").see("Answer:")
    terminal.process.send_signal(signal.SIGKILL)
    terminal.process.wait()
    (run_id,) = wanting.runs
    again = wanting.sit("resume", run_id, "--yes").see("wants Bash(make)").see("Answer:")
    assert again.type("1\n").see("completed").end() == 0
    assert result(wanting) == "ALLOW"


def test_a102_a_resume_keeps_what_was_denied_and_asks_again_for_what_was_allowed(wanting):
    wanting.save("value = await agent('make')\nraise ValueError")
    wanting.json("run", "wf.py", "--yes", "--deny", "Bash(make:*)")
    (run_id,) = wanting.runs
    wanting.save("return await agent('make', effort='low')", "new.py")
    more = ("--script", "new.py", "--yes", "--allow", "Bash(make)")
    assert wanting.json("resume", run_id, *more)[1]["result"] == "DENY"
    wanting.save("value = await agent('make')\nraise ValueError")
    wanting.json("run", "wf.py", "--yes", "--allow", "Bash(make)")
    (other,) = {*wanting.runs} - {run_id}
    told = wanting.json("resume", other, "--script", "new.py", "--yes")[1]
    assert told["result"] == "DENY"


def test_a102_a_resume_under_looser_settings_keeps_the_stricter_ones(wanting):
    person = Path(os.environ["HOCKET_CONFIG_HOME"]) / "config.toml"
    loose = person.read_text()
    wanting.save("value = await agent('make')\nraise ValueError")
    person.write_text(loose + '[permissions]\ndeny = ["Bash(make:*)"]\n')
    wanting.json("run", "wf.py", "--yes")
    person.write_text(loose + '[permissions]\nallow = ["Bash(make)"]\n')
    (run_id,) = wanting.runs
    wanting.save("return await agent('make', effort='low')", "new.py")
    told = wanting.json("resume", run_id, "--script", "new.py", "--yes")[1]
    assert told["result"] == "DENY"
    assert wanting.json("run", "new.py", "--yes")[1]["result"] == "ALLOW"


def test_a102_a_resume_shows_the_card_again_before_it_allows_what_that_lists(wanting):
    if not BOXED:
        pytest.skip("there is no sandbox here, so the card lists no shell")
    wanting.save("value = await agent('make', effort='low')\nreturn value")
    wanting.shut()
    first = wanting.sit("run", "wf.py").see(ASKED).press("y")
    wanting.waiting(1)
    first.process.send_signal(signal.SIGKILL)
    first.process.wait()
    (run_id,) = wanting.runs
    wanting.open()
    again = wanting.sit("resume", run_id).see(f"may      {RUN}").see(ASKED).press("y")
    assert again.see("completed").end() == 0
    assert result(wanting) == "ALLOW"
