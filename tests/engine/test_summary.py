"""The one object that tells what became of a run."""

from __future__ import annotations

from hocket.api.calls import EndState, Usage
from hocket.api.events import CallFinished, Logged
from hocket.engine.summary import Failure, Failures, report


def finished(number, state, cause=None):
    return CallFinished(number, f"call {number}", None, state, cause, Usage())


def test_failures_are_the_calls_that_have_not_succeeded_since():
    failures = Failures()
    for event in (
        Logged("no call"),
        finished(3, EndState.TIMEOUT, "late"),
        finished(1, EndState.OK),
        finished(2, EndState.ERROR, "bad"),
        finished(2, EndState.OK),
        finished(4, EndState.SKIPPED),
        finished(1, EndState.INVALID, "wrong"),
    ):
        failures.hear(event)
    assert failures.by_number() == [
        Failure(1, "call 1", "invalid", "wrong"),
        Failure(3, "call 3", "timeout", "late"),
    ]


def test_the_report_has_the_documented_form():
    told = report(
        run_id="4f2a",
        name="audit",
        status="completed",
        cause=None,
        result=[1],
        census={"ok": 2, "error": 1},
        usage=Usage(1, 2, 3, 4, 1_500_000),
        elapsed_ms=1234,
        failures=[Failure(7, "x", "error", "why")],
        notes=("a note",),
        outside={"/0": ("web",)},
        resumes_at=1_767_225_600_000,
    )
    assert told == {
        "schema": 1,
        "run_id": "4f2a",
        "name": "audit",
        "status": "completed",
        "cause": None,
        "result": [1],
        "census": {"ok": 2, "error": 1},
        "usage": {"input": 1, "cache_read": 2, "cache_write": 3, "output": 4},
        "cost_usd": 1.5,
        "elapsed_s": 1.234,
        "failures": [{"call": 7, "label": "x", "state": "error", "cause": "why"}],
        "notes": ["a note"],
        "outside": {"/0": ["web"]},
        "resumes_at": 1_767_225_600_000,
    }


def test_an_unknown_price_is_null():
    told = report(
        run_id="", name="", status="", cause=None, result=None, census={},
        usage=Usage(cost_micros=None), elapsed_ms=0, failures=[],
    )  # fmt: skip
    assert told["cost_usd"] is None
