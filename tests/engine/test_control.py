"""What people may wish of a live run, in a run that lives."""

from __future__ import annotations

import pytest

from hocket.engine.control import Control
from hocket.testing import After, Hang, ScriptedBackend, Stage, run_script

SCRIPT = '''"""Three calls."""
from hocket.script import agent, ask, parallel

meta = {"name": "three"}


async def main():
    return await parallel([lambda i=i: agent(f"q{i}") for i in range(3)])
'''


class Steered:
    """A run whose agents answer late; a wish is sent when the last of them begins."""

    def __init__(self, project, *wishes, source=SCRIPT, flags=None, approver=None):
        self.project, self.wishes = project, wishes
        self.said = []
        self.control = None
        self.source, self.approver = source, approver
        self.flags = flags or {"concurrency": 3}

    def run(self, answers=None):
        def wish(call):
            if call.number == 3:
                self.said = [self.control.obey(wish) for wish in self.wishes]
            return After(5.0, call.prompt)

        stage = Stage(flags=self.flags, ready=self._ready, approver=self.approver)
        backend = ScriptedBackend(answers or {"": wish})
        return run_script(self.source, backend, project=self.project, stage=stage), backend

    def _ready(self, run):
        self.control = Control(run)


def test_status_tells_what_runs_and_what_waits(hocket_project):
    steered = Steered(hocket_project, {"verb": "status"}, flags={"concurrency": 3})
    steered.run()
    assert steered.said == [
        {"ok": True, "state": "running", "running": [1, 2, 3], "waiting": 0, "questions": []}
    ]


def test_a_stop_ends_the_run_and_what_is_in_flight_may_finish(hocket_project):
    outcome, _ = Steered(hocket_project, {"verb": "stop"}).run()
    assert (outcome.status, outcome.cause) == ("stopped", "by a person")
    assert outcome.census == {"ok": 3}


def test_a_skipped_call_gives_nothing_and_an_unknown_one_is_said(hocket_project):
    steered = Steered(
        hocket_project, {"verb": "skip", "call": 2}, {"verb": "skip", "call": 9}, {"verb": "skip"}
    )
    outcome, _ = steered.run()
    assert steered.said == [
        {"ok": True},
        {"ok": False, "error": "call 9 is not in flight"},
        {"ok": False, "error": "call None is not in flight"},
    ]
    assert outcome.result == ["q0", None, "q2"]
    assert outcome.census == {"ok": 2, "skipped": 1}


def test_a_restarted_call_begins_again_and_one_that_waits_cannot(hocket_project):
    steered = Steered(
        hocket_project, {"verb": "restart", "call": 1}, {"verb": "restart", "call": 9}
    )
    outcome, backend = steered.run()
    assert steered.said == [{"ok": True}, {"ok": False, "error": "call 9 is not running"}]
    assert outcome.census == {"ok": 3}
    assert backend.calls.count("q0") == 2


def test_a_pause_dispatches_nothing_until_it_goes_on(hocket_project):
    states = []

    def look(call):
        if call.number == 1:
            states.append(steered.control.obey({"verb": "pause"}))
            states.append(steered.control.obey({"verb": "status"})["state"])
            states.append(steered.control.obey({"verb": "restart", "call": 2})["ok"])
            states.append(steered.control.obey({"verb": "go_on"}))
        return After(1.0, call.prompt)

    steered = Steered(hocket_project, flags={"concurrency": 1})
    outcome, _ = steered.run({"": look})
    assert states == [{"ok": True}, "paused", False, {"ok": True}]
    assert outcome.status == "completed"


@pytest.mark.parametrize("wish", [None, 5, "stop", [], {}, {"verb": 1}, {"verb": "fly"}])
def test_a_wish_that_makes_no_sense_is_answered(wish):
    said = Control(None).obey(wish)
    assert said["ok"] is False
    assert said["error"].endswith("known: status, stop, pause, go_on, skip, restart, answer")


def test_a_question_is_answered_by_the_start_of_its_id(hocket_project):
    source = SCRIPT.replace(
        "return await parallel",
        "way = await ask('Way?', ['l', 'r'])\n    return way, await parallel",
    )
    said = []

    class Elsewhere:
        async def answer(self, question):
            (shown,) = steered.control.obey({"verb": "status"})["questions"]
            for which, answer in (
                (shown["id"], "up"),
                ("", "l"),
                ("zz", "l"),
                (shown["id"][:3], "r"),
            ):
                wish = {"verb": "answer", "question": which, "answer": answer}
                said.append(steered.control.obey(wish).get("error"))
            await Hang().obey(None, None)

    steered = Steered(hocket_project, source=source, approver=Elsewhere())
    outcome, _ = steered.run()
    assert outcome.result[0] == "r"
    assert said == [
        "'up' is no answer to it; expected one of l, r",
        "no question  is open",
        "no question zz is open",
        None,
    ]
