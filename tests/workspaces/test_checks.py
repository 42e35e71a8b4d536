"""A check runs in the call's own tree, bounded in time and output, and leaves no process."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from hocket.api.calls import Check
from hocket.api.tools import Workspace
from hocket.workspaces import commands
from hocket.workspaces.checks import Checks
from hocket.workspaces.commands import Command, Finished, run_command

PLAIN = {"PATH": os.defpath}


def check(run, tmp_path, *, timeout_s=20.0, bundle=None, **made):
    """Run a check as a call that no other test, of this or another session, has."""
    checks = Checks(**{"environment": PLAIN, **made})
    asked = Check("tests", run, timeout_s=timeout_s, bundle=bundle)
    return asyncio.run(checks.run(asked, Workspace(tmp_path), str(tmp_path)))


def marked(call_id):
    """List the processes that carry a call's mark."""
    mark, found = f"HOCKET_CALL={call_id}".encode(), []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            environment, stat = (folder / "environ").read_bytes(), (folder / "stat").read_text()
        except OSError:
            continue
        if mark in environment.split(b"\0") and stat.rpartition(")")[2].split()[0] != "Z":
            found.append(folder.name)
    return found


@pytest.mark.parametrize("code", [0, 1, 7])
def test_the_exit_code_and_both_outputs(tmp_path, code):
    ended = check(f"echo out; echo err >&2; exit {code}", tmp_path)
    assert ended == Finished(code, "out\nerr\n")


def test_it_runs_in_the_workspace_with_nothing_on_its_input(tmp_path):
    assert check("pwd -P; cat", tmp_path) == Finished(0, f"{tmp_path}\n")


def test_a_list_needs_no_shell(tmp_path):
    assert check((sys.executable, "-c", "print('$HOME;')"), tmp_path).output == "$HOME;\n"


def test_it_sees_only_what_it_is_given_and_its_bundle(tmp_path, monkeypatch):
    monkeypatch.setenv("API_KEY", "secret")
    ended = check(("/usr/bin/env",), tmp_path, bundle=tmp_path / "bundle")
    assert sorted(ended.output.splitlines()) == [
        f"HOCKET_BUNDLE={tmp_path}/bundle",
        f"HOCKET_CALL={tmp_path}",
        f"PATH={os.defpath}",
    ]


def test_a_program_that_is_not_there_is_told(tmp_path):
    assert check(("no-such-program",), tmp_path).code == 127
    assert (
        check(("no-such-program",), tmp_path).output == "no-such-program: No such file or directory"
    )
    (tmp_path / "plain").write_text("x")
    assert check((str(tmp_path / "plain"),), tmp_path).output.endswith("Permission denied")


def test_without_bash_there_is_sh(tmp_path):
    assert check("echo $0", tmp_path, environment={"PATH": str(tmp_path)}).output == "/bin/sh\n"


def test_the_end_of_the_output_is_what_counts(tmp_path):
    ended = check("seq 100000; printf 'last \\342\\202\\254'", tmp_path)
    assert len(ended.output) == 4_000
    assert ended.output.endswith("99999\n100000\nlast €")


def test_bytes_that_are_no_text_become_a_sign(tmp_path):
    assert check("printf 'a\\377b'", tmp_path).output == "a\N{REPLACEMENT CHARACTER}b"


def test_endless_output_is_bounded_and_ends_with_its_time(tmp_path):
    ended = check("yes", tmp_path, timeout_s=0.3)
    assert (ended.code, len(ended.output), ended.how) == (None, 4_000, "took too long")


@pytest.mark.parametrize(
    "run",
    [
        "sleep 300 & echo begun",
        "sleep 300 & disown; echo begun",
        "setsid sleep 300 & echo begun; sleep 0.05",
        "(setsid sh -c 'trap \"\" TERM; while :; do sleep 1; done' &); echo begun; sleep 0.05",
    ],
)
def test_nothing_it_began_stays_behind(tmp_path, run):
    assert check(run, tmp_path) == Finished(0, "begun\n")
    assert marked(tmp_path) == []


def test_what_does_not_want_to_end_is_ended(tmp_path):
    stubborn = "trap '' TERM; echo begun; while :; do sleep 0.05; done"
    assert check(stubborn, tmp_path, timeout_s=0.3) == Finished(None, "begun\n")
    assert marked(tmp_path) == []


def test_a_signal_is_a_code_below_zero(tmp_path):
    ended = check("kill -9 $$", tmp_path)
    assert (ended.code, ended.how) == (-9, "ended with exit -9")


def test_a_cancelled_check_leaves_no_process(tmp_path):
    async def story():
        ready = tmp_path / "ready"
        asked = Command(f"touch '{ready}'; sleep 300", tmp_path, PLAIN, 60.0, str(tmp_path))
        async with asyncio.TaskGroup() as group:
            task = group.create_task(run_command(asked))
            while not ready.exists():
                await asyncio.sleep(0.001)
            task.cancel()
        return task.cancelled()

    assert asyncio.run(story())
    assert marked(tmp_path) == []


def test_the_sandbox_is_put_around_it(tmp_path):
    seen = []

    def wrap(argv, workspace):
        seen.append((argv, workspace))
        return ("/usr/bin/env", "IN=sandbox", *argv)

    ended = check("echo $IN", tmp_path, wrap=wrap)
    assert ended == Finished(0, "sandbox\n")
    ((argv, workspace),) = seen
    assert argv[-2:] == ("-c", "echo $IN")
    assert workspace.path == tmp_path


def test_a_folder_that_is_gone_is_told(tmp_path):
    assert check("true", tmp_path / "gone").code == 127


def test_what_detached_and_goes_on_writing_is_not_waited_for():
    tail = commands._Tail()
    with Path("/dev/zero").open("rb", 0) as endless:
        commands._drain(endless.fileno(), tail)
    assert tail.text == "\0" * 4_000


def test_many_at_once_do_not_mix(tmp_path):
    async def story():
        ended = {}

        async def one(number):
            asked = Command(f"echo {number}", tmp_path, PLAIN, 20.0, f"{tmp_path}/{number}")
            ended[number] = (await run_command(asked)).output

        async with asyncio.TaskGroup() as group:
            for number in range(10):
                group.create_task(one(number))
        return ended

    assert asyncio.run(story()) == {number: f"{number}\n" for number in range(10)}
