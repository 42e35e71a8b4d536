"""The life of a run in this process, and what is left when it does not go as planned."""

from __future__ import annotations

import asyncio
import json

import pytest

from hocket.api.calls import EndState, Outcome
from hocket.api.events import RunFinished
from hocket.engine.services import Policies
from hocket.errors import HocketError, RunHeld, StorageFull
from hocket.launch import opened
from hocket.launch.prepare import Demand, prepare
from hocket.launch.reopen import Changes, reopen
from hocket.launch.start import Company, live, new_run
from hocket.testing import After, Hang, JumpingClock, ScriptedBackend, run


class Broken:
    """A scripted backend with one thing broken."""

    def __init__(self, **broken):
        self._scripted = ScriptedBackend({"": "x"})
        self._broken = broken

    def __getattr__(self, name):  # noqa: D105
        return self._broken.get(name) or getattr(self._scripted, name)


class Failing:
    """A held run whose disk is full from some line on."""

    def __init__(self, held, *kinds):
        self._held, self._kinds = held, [f'"t":"{kind}"'.encode() for kind in kinds]

    def __getattr__(self, name):  # noqa: D105
        return getattr(self._held, name)

    def append(self, line):
        if any(kind in line for kind in self._kinds):
            raise StorageFull("run", found="cannot be written (No space left on device)")
        self._held.append(line)


def ready(place, backend=None, body="return await agent('q')"):
    place.save(body)
    return prepare(place.open(backend), Demand("wf.py"))


def lived(prepared, *, held=None, **company):
    made = new_run(prepared)
    if held is not None:
        made = opened.Opened(made.run_id, held(made.held), made.past)
    company = {"clock": JumpingClock(), "policies": Policies()} | company
    return run(live(made, prepared, Company(**company)))


def folder(place, told):
    return place.root / ".hocket" / "runs" / told["run_id"]


def test_a_run_leaves_its_journal_its_result_and_a_summary(place):
    prepared = ready(place)
    told = lived(prepared)
    assert (told["status"], told["result"]) == ("completed", "an answer")
    here = folder(place, told)
    assert json.loads((here / "run.json").read_text()) == told
    assert json.loads((here / "result.json").read_text()) == "an answer"
    assert (here / "script.py").read_text() == prepared.script.source
    assert {f.name for f in here.iterdir()} == {
        "journal.jsonl", "lock", "result.json", "run.json", "script.py",
    }  # fmt: skip
    assert prepared.backend.closed
    assert prepared.project.store().holder(told["run_id"]) is None


def test_a_run_that_fails_has_no_result_file(place):
    told = lived(ready(place, body="raise ValueError('no')"))
    assert told["status"] == "failed"
    assert not (folder(place, told) / "result.json").exists()


def test_a_listener_that_raises_is_dropped_and_the_run_goes_on(place, capsys):
    def broken(_event):
        raise RuntimeError

    heard = []
    told = lived(ready(place), listeners=[broken, heard.append])
    assert told["status"] == "completed"
    assert isinstance(heard[-1], RunFinished)
    assert "hocket: a listener raised RuntimeError" in capsys.readouterr().err


@pytest.mark.parametrize("trouble", ["raises", "hangs"])
def test_a_backend_that_does_not_close_is_told_about(place, capsys, trouble):
    async def aclose():
        if trouble == "raises":
            raise RuntimeError
        await asyncio.sleep(3600)

    told = lived(ready(place, Broken(aclose=aclose)))
    assert told["status"] == "completed"
    kind = {"raises": "RuntimeError", "hangs": "TimeoutError"}[trouble]
    assert f"backend scripted raised {kind} when it was closed." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("raised", "kind"),
    [
        (HocketError("x", found="y"), HocketError),
        (ExceptionGroup("a", [ExceptionGroup("b", [HocketError("x", found="y")])]), HocketError),
        (ExceptionGroup("a", [ValueError(), KeyError()]), ExceptionGroup),
        (KeyError("bug"), KeyError),
    ],
)
def test_what_breaks_a_run_comes_out_as_itself_and_the_run_is_let_go(place, raised, kind):
    def breaks(_run):
        raise raised

    prepared = ready(place)
    made = new_run(prepared)
    company = Company(clock=JumpingClock(), policies=Policies())
    broken = Company(clock=JumpingClock(), policies=Policies(), ready=breaks)
    with pytest.raises(kind) as caught:
        run(live(made, prepared, broken))
    assert type(caught.value) is kind
    assert prepared.project.store().holder(made.run_id) is None
    healthy = place.open()
    again, ready_again, changed = reopen(healthy, made.run_id, Changes())
    assert changed is False
    assert run(live(again, ready_again, company))["status"] == "completed"


def test_a_disk_that_fills_up_at_the_very_end_suspends_the_run(place):
    told = lived(ready(place), held=lambda held: Failing(held, "closed"))
    assert (told["status"], told["result"]) == ("suspended", None)
    assert told["cause"].startswith("run: cannot be written (No space left")
    assert not (folder(place, told) / "run.json").exists()


def test_a_disk_that_fills_up_on_the_way_suspends_the_run(place):
    told = lived(ready(place), held=lambda held: Failing(held, "ended", "closed"))
    assert (told["status"], told["census"]) == ("suspended", {})


def test_a_disk_that_is_full_from_the_start_is_an_error(place):
    with pytest.raises(StorageFull):
        lived(ready(place), held=lambda held: Failing(held, "header"))


def test_a_run_that_cannot_be_begun_leaves_nothing(place):
    prepared = ready(place)
    folder = place.root / ".hocket" / "runs"

    class Full:
        def __init__(self, store):
            self._store = store

        def __getattr__(self, name):
            return getattr(self._store, name)

        def create(self, run_id):
            held = self._store.create(run_id)
            held.write = self._full
            return held

        def _full(self, name, content):
            raise StorageFull("run", found="cannot be written")

    store = Full(prepared.project.store())
    object.__setattr__(prepared, "project", _with_store(prepared.project, store))
    with pytest.raises(StorageFull):
        new_run(prepared)
    assert [f.name for f in folder.iterdir() if f.is_dir()] == []


def test_a_name_that_is_taken_is_not_used_twice(place):
    prepared = ready(place)
    store = prepared.project.store()
    tried = []

    class Taken:
        def __getattr__(self, name):
            return getattr(store, name)

        def create(self, run_id):
            tried.append(run_id)
            if len(tried) < free_after:
                raise RunHeld("run", found="the name is taken")
            return store.create(run_id)

    object.__setattr__(prepared, "project", _with_store(prepared.project, Taken()))
    free_after = 3
    made = new_run(prepared)
    made.held.release()
    assert made.run_id == tried[2]
    tried.clear()
    free_after = 17
    made = new_run(prepared)
    made.held.release()
    assert [len(name) for name in tried] == [4] * 16 + [16]
    free_after = 99
    tried.clear()
    with pytest.raises(HocketError, match="no name is free"):
        new_run(prepared)


def _with_store(project, store):
    class Stored:
        def __getattr__(self, name):
            return getattr(project, name)

        def store(self):
            return store

    return Stored()


def test_a_store_without_folders_has_no_socket_and_runs(place):
    prepared = ready(place)
    store = prepared.project.store()

    class Elsewhere:
        def __getattr__(self, name):
            return getattr(store, name)

        def path(self, run_id):
            return f"postgres://runs/{run_id}"

    object.__setattr__(prepared, "project", _with_store(prepared.project, Elsewhere()))
    assert lived(prepared)["status"] == "completed"


def test_a_stop_gives_calls_in_flight_ten_seconds(place):
    body = "return [await agent(q) for q in ('fast', 'never')]"
    backend = ScriptedBackend({"fast": After(5, "x"), "never": Hang()})
    runs = []
    backend_run = backend.run

    async def stopping(call, context):
        if call.prompt == "never":
            runs[0].leave("stopped", "by a person")
        return await backend_run(call, context)

    backend.run = stopping
    clock = JumpingClock()
    told = lived(ready(place, backend, body), ready=runs.append, clock=clock)
    assert (told["status"], told["elapsed_s"]) == ("stopped", 15.0)
    assert told["census"] == {"ok": 1, "cancelled": 1}
    assert told["failures"][0]["state"] == "cancelled"


def test_an_outcome_that_fails_is_in_the_report_in_the_order_of_asking(place):
    backend = ScriptedBackend({"": Outcome(EndState.ERROR, cause="no")})
    body = "return [await agent(q) for q in 'ab']"
    told = lived(ready(place, backend, body))
    assert told["failures"] == [
        {"call": n, "label": label, "state": "error", "cause": "no"}
        for n, label in ((1, "a"), (2, "b"))
    ]


REPORTED = "return {'report': 'So.', 'data': {'title': 'T', 'findings': []}, 'complete': True}"


def test_a_report_is_written_beside_the_result(place):
    told = lived(ready(place, body=REPORTED))
    here = folder(place, told)
    assert (here / "report.md").read_text().startswith("# T\n\nSo.\n")
    assert (here / "report.html").read_text().startswith("<!doctype html>")
    assert json.loads((here / "result.json").read_text()) == told["result"]
    assert not (here / "report.sarif").exists()


def test_a_backend_that_quotes_by_rules_says_so_in_the_first_line(place):
    told = lived(ready(place, Broken(extractive=True, roles=frozenset({"read"})), REPORTED))
    text = (folder(place, told) / "report.md").read_text()
    assert text.startswith("Made without a language model: sentences quoted from 0 files")


def test_a_disk_that_is_full_when_the_report_is_written_suspends_the_run(place):
    class NoRoom(Failing):
        def write(self, name, content):
            if name == "report.md":
                raise StorageFull("run", found="cannot be written (No space left on device)")
            self._held.write(name, content)

    told = lived(ready(place, body=REPORTED), held=NoRoom)
    assert (told["status"], told["result"]) == ("suspended", None)
