"""Replay: the recorded answers and no others, whatever state the recording is in."""

from __future__ import annotations

import hashlib
import json
import zlib
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket.api.calls import Bound, Call, EndState, Outcome, Usage
from hocket.api.settings import PluginSettings
from hocket.errors import UsageError
from hocket.testing import ScriptedContext, run
from hocket_plugins.backends import replay
from hocket_plugins.backends.replay.backend import ReplayBackend
from hocket_plugins.backends.replay.recording import Recording

BOOKED = {"input": 10, "cache_read": 3, "cache_write": 2, "output": 7, "micros": 41}


def line(n: int, kind: str, **payload: object) -> bytes:
    """Frame a record by hand, so that the reader is not tested against itself."""
    fields = {"n": n, "e": 1, "t": kind, "at": 0, "d": 0, **payload}
    body = json.dumps(fields, separators=(",", ":"), ensure_ascii=False).encode()[1:]
    return b'{"crc":"%08x",%b\n' % (zlib.crc32(body), body)


def ended(n: int, key: object, state: str = "ok", occ: int = 0, **payload: object) -> bytes:
    known = {"call": n, "op": "agent", "key": key, "occ": occ, "state": state}
    return line(n, "ended", **(known | payload))


def recorded(project: Path, *lines: bytes) -> Path:
    folder = project / ".hocket" / "runs" / "4f2a"
    folder.mkdir(parents=True)
    (folder / "journal.jsonl").write_bytes(b"".join(lines))
    return folder


def artifact(folder: Path, value: object) -> str:
    content = json.dumps(value).encode()
    digest = hashlib.sha256(content).hexdigest()
    (folder / "artifacts").mkdir(exist_ok=True)
    (folder / "artifacts" / digest).write_bytes(content)
    return digest


def backend(project: Path, named: str | None = "4f2a") -> ReplayBackend:
    choices = {} if named is None else {"replay": named}
    (only,) = replay.hocket_register_backends(PluginSettings(project, choices=choices))
    return only


def ask(replaying: ReplayBackend, key: str, occurrence: int = 0) -> tuple[Outcome, Usage, Bound]:
    context, call = ScriptedContext(), Call(5, key, occurrence, "prompt", "label")
    outcome = run(replaying.run(call, context))
    return outcome, context.usage, replaying.bound(call)


def test_a_call_gets_its_recorded_answer_and_books_what_it_used(tmp_path: Path):
    recorded(
        tmp_path,
        line(0, "header", v=1),
        ended(1, "a", value={"n": 7}, usage=BOOKED),
        ended(2, "a", occ=1, value="second", usage={**BOOKED, "micros": None}),
    )
    usage = Usage(10, 3, 2, 7, 41)
    replaying = backend(tmp_path)
    first, booked, bound = ask(replaying, "a")
    assert (first.state, first.value, booked, bound) == (EndState.OK, {"n": 7}, usage, Bound(7, 41))
    second, booked, bound = ask(replaying, "a", 1)
    assert (second.value, booked.cost_micros, bound) == ("second", None, Bound(7, None))


def test_a_call_that_is_not_in_the_recording_is_an_error_and_costs_nothing(tmp_path: Path):
    recorded(tmp_path, ended(0, "a", value="x"))
    for key, occurrence in [("b", 0), ("a", 1)]:
        outcome, booked, bound = ask(backend(tmp_path), key, occurrence)
        assert outcome.state is EndState.ERROR
        assert outcome.cause == (
            f"replay: no recorded answer for call 5 (key {key}, occurrence {occurrence})"
        )
        assert (booked, bound) == (Usage(), Bound(0))


def test_failures_come_again_with_their_cause_and_what_was_kept(tmp_path: Path):
    recorded(tmp_path, ended(0, "a", "invalid", cause="schema not met", partial={"raw": "…"}))
    outcome, _, _ = ask(backend(tmp_path), "a")
    assert outcome == Outcome(EndState.INVALID, cause="schema not met", partial={"raw": "…"})


def test_of_several_ends_the_last_one_counts(tmp_path: Path):
    recorded(tmp_path, ended(0, "a", "timeout"), ended(1, "a", value="after the resume"))
    assert ask(backend(tmp_path), "a")[0].value == "after the resume"


def test_what_was_never_answered_is_no_answer(tmp_path: Path):
    recorded(
        tmp_path,
        ended(0, "a", value="answered"),
        ended(1, "a", "cancelled"),
        ended(2, "b", "quota"),
        ended(3, "c", "a state of the future"),
        ended(4, "d", op="workflow", value="a child"),
        line(5, "started", key="e", occ=0, state="ok"),
    )
    replaying = backend(tmp_path)
    assert ask(replaying, "a")[0].value == "answered"
    assert {ask(replaying, key)[0].state for key in "bcde"} == {EndState.ERROR}


def test_a_reused_answer_is_an_answer_and_a_skipped_call_stays_skipped(tmp_path: Path):
    recorded(tmp_path, ended(0, "a", "cached", value="old"), ended(1, "b", "skipped"))
    replaying = backend(tmp_path)
    assert ask(replaying, "a")[0] == Outcome(EndState.OK, "old")
    assert ask(replaying, "b")[0] == Outcome(EndState.SKIPPED)


def test_big_values_are_read_by_their_digest(tmp_path: Path):
    folder = recorded(tmp_path)
    digest, half = artifact(folder, ["big"] * 1000), artifact(folder, "half of it")
    lines = [
        ended(0, "a", artifact=digest, size=1),
        ended(1, "b", "stalled", spilled={"partial": {"artifact": half, "size": 1}, "x": 1}),
    ]
    (folder / "journal.jsonl").write_bytes(b"".join(lines))
    replaying = backend(tmp_path)
    assert ask(replaying, "a")[0].value == ["big"] * 1000
    assert ask(replaying, "b")[0].partial == "half of it"


@pytest.mark.parametrize("digest", ["0" * 64, "../journal.jsonl", "4"])
def test_a_big_value_that_is_missing_is_an_error(tmp_path: Path, digest: str):
    recorded(tmp_path, ended(0, "a", artifact=digest, size=1))
    outcome, _, _ = ask(backend(tmp_path), "a")
    assert outcome.state is EndState.ERROR
    assert outcome.cause == f"replay: artifact {digest} is missing or changed"


def test_a_changed_big_value_is_an_error(tmp_path: Path):
    folder = recorded(tmp_path)
    digest = artifact(folder, "true")
    (folder / "artifacts" / digest).write_text('"false"')
    (folder / "journal.jsonl").write_bytes(ended(0, "a", artifact=digest, size=1))
    assert "changed" in ask(backend(tmp_path), "a")[0].cause


def test_damaged_and_foreign_lines_are_no_records(tmp_path: Path):
    good = ended(0, "a", value="kept")
    wrong = good.replace(b"kept", b"lies")
    text = b"not json"
    foreign = b'{"crc":"%08x",%b\n' % (zlib.crc32(text), text)
    body = b'"t":"ended"]'
    listed = b'["crc":"%08x",%b\n' % (zlib.crc32(body), body)
    no_name = ended(1, None)
    recorded(tmp_path, good, wrong, foreign, listed, no_name, b"\n", good[:40])
    assert ask(backend(tmp_path), "a")[0].value == "kept"


@given(st.integers(0, 400))
def test_a_recording_cut_anywhere_gives_whole_answers_only(cut: int):
    whole = ended(0, "a", value="first") + ended(1, "b", value="second")
    with TemporaryDirectory() as folder:
        (Path(folder) / "journal.jsonl").write_bytes(whole[:cut])
        found = [Recording(Path(folder)).find(key, 0) for key in "ab"]
    assert [outcome and outcome.value for outcome in found] in (
        [None, None],
        ["first", None],
        ["first", "second"],
    )


def test_a_run_may_be_named_by_its_folder(tmp_path: Path):
    folder = recorded(tmp_path, ended(0, "a", value="x"))
    for named in (str(folder), ".hocket/runs/4f2a", "4f2a"):
        assert ask(backend(tmp_path, named), "a")[0].value == "x"


def test_an_unknown_run_is_a_mistake_of_typing(tmp_path: Path):
    with pytest.raises(UsageError, match="there is no recorded run 'none'"):
        backend(tmp_path, "none")


def test_without_a_named_run_every_call_is_an_error(tmp_path: Path):
    replaying = backend(tmp_path, None)
    assert ask(replaying, "a")[0].cause == ("replay: no recorded run was named; add --replay RUN")
    run(replaying.aclose())


def test_hook_hocket_register_backends_hands_over_replay(tmp_path: Path):
    replaying = backend(tmp_path, None)
    assert isinstance(replaying, ReplayBackend)
    assert (replaying.name, replaying.has_workspace, replaying.checks_pass) == (
        "replay",
        False,
        True,
    )
