"""The supervisor as a program: an order on its input, words on its error output, and the end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket_plugins.tools.shell import supervisor
from hocket_plugins.tools.shell.process import CALL, USE, Order


def order(*command: str, folder: str = "/", **variables: str) -> Order:
    return Order(command, folder, {CALL: "c", USE: "u", "PATH": os.defpath, **variables})


class Program:
    """The supervisor, spoken to directly."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-S", supervisor.__file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )

    def say(self, words: bytes) -> None:
        self.process.stdin.write(words)
        self.process.stdin.flush()

    def printed(self) -> bytes:
        return self.process.stdout.readline()

    def report(self) -> bytes:
        """Read until it is gone."""
        with self.process:
            return self.process.stderr.read()


@pytest.fixture
def program():
    made = Program()
    yield made
    made.process.kill()
    made.process.wait(10)
    for pipe in (made.process.stdin, made.process.stdout, made.process.stderr):
        pipe.close()


def test_it_runs_an_order_and_reports_the_code_and_the_folder(program, tmp_path):
    words = f'echo "$A"; cd {tmp_path}; pwd >&3; exit 5'
    program.say(order("/bin/bash", "-c", words, A="one\ntwo").wire())
    assert (program.printed(), program.printed()) == (b"one\n", b"two\n")
    assert program.report() == b"5\0%s\n" % os.fsencode(tmp_path)


def test_an_order_may_come_in_pieces(program):
    words = order("/bin/echo", "x" * 70_000).wire()
    for start in range(0, len(words), 9_000):
        program.say(words[start : start + 9_000])
    assert program.printed() == b"x" * 70_000 + b"\n"
    assert program.report() == b"0\0\n"


def test_half_an_order_is_none(program):
    program.say(order("/bin/echo", "x").wire()[:-1])
    program.process.stdin.close()
    assert (program.process.stdout.read(), program.process.stderr.read()) == (b"", b"")


def test_it_ends_the_command_when_its_input_ends(program):
    program.say(order("/bin/bash", "-c", "echo begun; exec sleep inf").wire())
    assert program.printed() == b"begun\n"
    program.process.stdin.close()
    assert program.process.stderr.read() == b"143\0\n"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_it_ends_the_command_when_it_is_asked_to(program, number):
    program.say(order("/bin/bash", "-c", "echo begun; exec sleep inf").wire())
    assert program.printed() == b"begun\n"
    program.process.send_signal(number)
    assert program.report() == b"143\0\n"


def test_a_command_may_clean_up_when_it_is_asked_to_end(program, tmp_path):
    words = f"trap 'touch {tmp_path}/cleaned; exit 9' TERM; echo begun; sleep inf & wait"
    program.say(order("/bin/bash", "-c", words).wire())
    assert program.printed() == b"begun\n"
    program.process.stdin.close()
    assert program.process.stderr.read() == b"9\0\n"
    assert (tmp_path / "cleaned").exists()


def test_what_does_not_listen_is_killed(program):
    program.say(order("/bin/bash", "-c", "trap '' TERM; echo begun; exec sleep inf").wire())
    assert program.printed() == b"begun\n"
    program.process.stdin.close()
    assert program.process.stderr.read() == b"137\0\n"


def test_orphans_are_adopted_and_buried(program):
    """A daemon that is its child by adoption ends, and is no reason to wait for ever."""
    words = "for i in 1 2 3 4 5; do (setsid sleep 0.05 &) ; done; sleep 0.2; echo done"
    program.say(order("/bin/bash", "-c", words).wire())
    assert program.printed() == b"done\n"
    assert program.report() == b"0\0\n"


def test_options_are_read_from_a_descriptor(program):
    words = ("/bin/bash", "-c", "tr '\\0' '|' <&4; echo")
    lent = Order(words, "/", {CALL: "c", USE: "u", "PATH": os.defpath}, ("--a", "b c", ""))
    program.say(lent.wire())
    assert program.printed() == b"--a|b c||\n"


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (order("/no/such/shell"), b"[Errno 2]"),
        (order("/bin/true", folder="/no/such/folder"), b"[Errno 2]"),
        (order("/bin"), b"[Errno 13]"),
        (order("/bin/echo", "x" * 140_000), b"[Errno 7]"),
    ],
)
def test_what_cannot_be_started_is_said(program, wrong, why):
    program.say(wrong.wire())
    said = program.printed()
    assert said.startswith(b"hocket: the shell cannot be started: ")
    assert why in said
    assert program.report() == b"126\0\n"


def test_a_hocket_that_is_gone_does_not_hear_the_report(program):
    """Nobody reads: it ends all the same, without a word."""
    program.say(order("/bin/bash", "-c", "echo begun; exec sleep inf").wire())
    assert program.printed() == b"begun\n"
    program.process.stderr.close()
    program.process.stdin.close()
    assert program.process.wait(10) == 0


TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)
NAME = st.text("ABC_", min_size=1, max_size=5)


@given(
    st.lists(TEXT, min_size=1, max_size=5), st.lists(TEXT, max_size=4), st.dictionaries(NAME, TEXT)
)
def test_an_order_arrives_as_it_was_given(command, options, variables):
    head, _, body = Order(tuple(command), "/ü", variables, tuple(options)).wire().partition(b"\n")
    assert int(head) == len(body)
    folder, *rest = body.split(b"\0")
    heard, rest = supervisor._counted(rest)
    environment, words = supervisor._counted(rest)
    assert folder == "/ü".encode()
    assert [one.decode() for one in heard] == options
    assert dict(one.decode().split("=", 1) for one in environment) == variables
    assert [one.decode() for one in words] == command
