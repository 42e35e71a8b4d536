"""Commit before deliver: what cannot be written is not told, and what is lost runs again."""

from __future__ import annotations

import errno
from dataclasses import dataclass, field

import pytest

from hocket.api.approval import Judgement, Verdict
from hocket.api.calls import EndState
from hocket.api.markers import hookimpl
from hocket.testing import After, Fail, Hang
from hocket_plugins.stores.files.disk import Disk
from hocket_plugins.stores.files.store import FilesStore

LONG = "x" * 100_000


class Failing(Disk):
    """The machine's disk until it is told to fail: at writing, at syncing."""

    def __init__(self, what):
        self._what, self.broken, self.syncs = what, False, 0

    def write(self, fd, content):
        self._fail("write")
        return super().write(fd, content)

    def sync(self, fd):
        self.syncs += 1
        self._fail("sync")
        super().sync(fd)

    def _fail(self, what):
        if self.broken and self._what == what:
            raise OSError(errno.EIO, "Input/output error")


@dataclass
class Store:
    """A plugin that keeps runs on a given disk."""

    disk: Disk = field(default_factory=Disk)

    @hookimpl
    def hocket_choose_store(self, settings):
        return FilesStore(settings.project, self.disk)


def breaking(disk):
    """Answer like any agent, on a disk that fails from then on."""

    def answer(_call):
        disk.broken = True
        return "answered"

    return answer


@pytest.mark.parametrize(
    ("what", "durability", "told"),
    [("write", "write", "told kept"), ("sync", "sync", "told answered")],
)
def test_a_result_that_cannot_be_kept_is_not_told_in_that_life(theatre, what, durability, told):
    """What was written and not synced may be there all the same when somebody looks again."""
    disk = Failing(what)
    body = "log('before')\nlog(f\"told {await agent('x')}\")"
    stage = {"plugins": {"testing.store": Store(disk)}, "flags": {"durability": durability}}

    before = theatre.play(body, {"x": breaking(disk)}, **stage)
    disk.broken = False
    after = theatre.again(before, {"x": "kept"}, **stage)

    assert (before.status, before.log) == ("suspended", ["before"])
    assert "Input/output error" in before.cause
    assert (after.status, after.log[-1]) == ("completed", told)


def test_with_durability_sync_each_result_is_synced_before_it_is_told(theatre):
    disks = {durability: Failing("") for durability in ("write", "sync")}
    for durability, disk in disks.items():
        stage = {"plugins": {"testing.store": Store(disk)}, "flags": {"durability": durability}}
        theatre.play("for n in range(20):\n    await agent(f'{n}')", {"": "x"}, **stage)

    assert disks["sync"].syncs >= disks["write"].syncs + 15


@pytest.mark.parametrize("side", ["await ask('Q?', default='x')", "await workflow('kid')"])
def test_a_side_call_that_cannot_be_kept_is_never_told(theatre, side):
    theatre.save("kid", "return 1")
    disk = Failing("sync")
    disk.broken = True
    stage = {"plugins": {"testing.store": Store(disk)}, "flags": {"durability": "sync"}}

    outcome = theatre.play(f"{side}\nlog('told')", **stage)

    assert outcome.status == "suspended"
    assert "told" not in outcome.log


def test_when_somebody_else_writes_to_the_journal_all_ends_and_nothing_is_told(theatre):
    body = "return await parallel([agent('writes'), agent('runs'), agent('waits')])"

    def writes(_call):
        (journal,) = (theatre.project / ".hocket" / "runs").glob("*/journal.jsonl")
        with journal.open("ab") as file:
            file.write(b"garbage\n")
        return "x"

    outcome = theatre.play(
        body, {"writes": After(5.0, writes), "": Hang()}, flags={"concurrency": 2}
    )

    assert (outcome.status, outcome.result) == ("suspended", None)
    assert outcome.prompts == ["writes", "runs"]
    assert outcome.report["elapsed_s"] == 5.0


def test_a_call_that_cannot_be_marked_as_started_never_leaves(theatre):
    disk = Failing("write")
    body = "await agent('first')\nawait agent('second')"

    def first(_call):
        return "x"

    class Breaks:
        async def answer(self, _question):
            disk.broken = True
            return "a"

    outcome = theatre.play(
        "await ask('Q?')\n" + body,
        {"": first},
        approver=Breaks(),
        plugins={"testing.store": Store(disk)},
    )

    assert (outcome.status, outcome.prompts) == ("suspended", [])


def test_a_decision_that_cannot_be_written_suspends_too(theatre):
    disk = Failing("write")

    class Asks:
        name = "asks"

        def judge(self, _call):
            return Judgement(Verdict.ASK, "it writes")

    class Breaks:
        async def answer(self, _question):
            disk.broken = True
            return "allow"

    outcome = theatre.play(
        "await agent('x')",
        approver=Breaks(),
        offers={"policies": [Asks()]},
        plugins={"testing.store": Store(disk)},
    )

    assert (outcome.status, outcome.prompts) == ("suspended", [])


def test_a_refusal_that_cannot_be_written_suspends_too(theatre):
    disk = Failing("write")
    body = "await agent('fine')\nawait attempt('one too many')\nreturn 1"
    answers = {"fine": "x"}

    def ready(run):
        tell = run._services.tell

        def told(event):
            if type(event).__name__ == "CallFinished":
                disk.broken = True
            tell(event)

        run._services.tell = told

    outcome = theatre.play(
        body,
        answers,
        ready=ready,
        plugins={"testing.store": Store(disk)},
        flags={"max_agents": 1},
    )

    assert (outcome.status, outcome.result) == ("suspended", None)


def lose_artifacts(outcome):
    for path in (outcome.folder / "artifacts").iterdir():
        path.unlink()


def test_a_lost_value_is_bought_again_and_the_others_are_not(theatre):
    body = "return [await agent('short'), len(await agent('long')), await agent('last')]"
    before = theatre.play(body, {"long": LONG, "": "x"})
    lose_artifacts(before)

    after = theatre.again(before, {"long": LONG + "y"})
    again = theatre.again(after, {})

    assert (after.result, after.prompts) == (["x", 100_001, "x"], ["long"])
    assert any("is missing or changed; the call runs again" in line for line in after.log)
    assert (again.result, again.prompts) == (after.result, [])


def test_a_child_whose_value_is_lost_runs_again_on_the_results_inside(theatre):
    theatre.save("kid", "return await agent('small') * 100_000")
    body = "return len(await workflow('kid'))"
    before = theatre.play(body, {"": "x"})
    lose_artifacts(before)

    after = theatre.again(before, {})

    assert (after.status, after.result, after.prompts) == ("completed", 100_000, [])
    assert any("workflow: artifact" in line for line in after.log)


def test_a_record_that_changes_during_a_replay_suspends_the_run(theatre):
    body = "first = await agent('a')\nsecond = await agent('b')\nreturn [first, second]"
    before = theatre.play(body, {"": "an answer"})
    journal = before.folder / "journal.jsonl"

    def ready(_run):
        content = journal.read_bytes()
        at = content.index(b'"an answer"')
        with journal.open("r+b") as file:
            file.seek(at + 1)
            file.write(b"AN")

    after = theatre.again(before, {}, ready=ready)

    assert (after.status, after.prompts) == ("suspended", [])
    assert "is not what was written" in after.cause


@pytest.mark.parametrize("state", [EndState.ERROR, EndState.INVALID, EndState.STALLED])
def test_a_failure_is_one_line_of_the_log_and_one_entry_of_the_census(theatre, state):
    outcome = theatre.play("return (await attempt('x'))['cause']", {"": Fail(state, "because")})

    assert (outcome.result, outcome.census) == ("because", {state.value: 1})
    assert outcome.log == [f"x: {state.value}: because"]
