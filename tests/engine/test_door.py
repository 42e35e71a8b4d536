"""The socket of a live run: who gets in, and what a client can do to the others."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import tempfile
from pathlib import Path

import pytest

from hocket.engine.door import MOST_CONNECTIONS, Door, address


def obey(wish):
    if wish == "break":
        raise ValueError
    return {"ok": True, "wish": wish}


def opened(folder, story, warn=lambda _text: None):
    """Open a door and play a story with a way to connect."""

    async def play():
        peers = []

        async def connect():
            peers.append(await asyncio.open_unix_connection(folder / "control.sock"))
            return peers[-1]

        try:
            async with Door(obey, warn).open(folder):
                return await story(connect)
        finally:
            for _, writer in peers:
                writer.close()

    return asyncio.run(play())


async def said(reader, writer, line):
    writer.write(line)
    return await reader.readline()


def test_a_wish_is_answered_and_the_socket_is_gone_afterwards(tmp_path):
    async def story(connect):
        reader, writer = await connect()
        return [json.loads(await said(reader, writer, wish)) for wish in (b'"a"\n', b"2\n")]

    answers = opened(tmp_path, story)
    assert answers == [{"ok": True, "wish": "a"}, {"ok": True, "wish": 2}]
    assert [*tmp_path.iterdir()] == []


def test_a_socket_that_was_left_behind_is_replaced(tmp_path):
    (tmp_path / "control.sock").write_text("left")

    async def story(connect):
        return await said(*await connect(), b"1\n")

    assert opened(tmp_path, story)


@pytest.mark.parametrize(
    "rubbish", [b"hello\n", b"\xff\n", b"[" * 60_000 + b"\n", b"x" * 200_000, b'"break"\n', b"\n"]
)
def test_garbage_closes_its_own_connection_only(tmp_path, rubbish):
    async def story(connect):
        good, bad = await connect(), await connect()
        try:
            answer = await said(*bad, rubbish)
        except ConnectionError:
            answer = b""
        return answer, await said(*good, b"1\n")

    assert opened(tmp_path, story) == (b"", b'{"ok": true, "wish": 1}\n')


def test_one_too_many_is_turned_away_and_the_others_stay(tmp_path):
    async def story(connect):
        crowd = [await connect() for _ in range(MOST_CONNECTIONS)]
        answers = [await said(*peer, b"1\n") for peer in crowd]
        late, _ = await connect()
        return len([*filter(None, answers)]), await late.read(), await said(*crowd[0], b"1\n")

    assert opened(tmp_path, story) == (MOST_CONNECTIONS, b"", b'{"ok": true, "wish": 1}\n')


def test_a_client_that_says_nothing_does_not_hold_the_run(tmp_path):
    async def story(connect):
        silent = [await connect() for _ in range(3)]
        silent[0][1].write(b'{"half')
        assert await said(*silent[1], b"1\n")

    opened(tmp_path, story)


def test_where_there_can_be_no_socket_the_run_goes_on_and_says_so(tmp_path):
    (tmp_path / "control.sock").mkdir()
    warnings, lived = [], []

    async def story(_connect):
        lived.append(True)

    opened(tmp_path, story, warnings.append)
    (said,) = warnings
    assert said.startswith("the run cannot be steered from outside: ")
    assert lived == [True]
    assert (tmp_path / "control.sock").is_dir()


def test_the_address_is_never_longer_than_a_socket_may_be(tmp_path):
    nowhere = tmp_path / "no proc"
    short = Path("/tmp/x")  # noqa: S108
    assert address(short, 7, nowhere) == "/tmp/x/control.sock"  # noqa: S108
    deep = tmp_path.joinpath(*["d" * 50] * 3)
    shown = address(deep, 7, nowhere)
    assert Path(shown).parent == Path(tempfile.gettempdir())
    assert shown == address(deep, 8, nowhere) != address(deep / "x", 7, nowhere)
    folder = os.open(tmp_path, os.O_DIRECTORY)
    if Path("/proc/self/fd").is_dir():
        assert address(deep, folder) == f"/proc/self/fd/{folder}/control.sock"
    os.close(folder)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become somebody else")
@pytest.mark.parametrize(("user", "let_in"), [(0, True), (65534, False)])
def test_another_user_is_turned_away_even_where_the_folder_lets_them_in(tmp_path, user, let_in):
    tmp_path.chmod(0o755)
    folder = os.open(tmp_path, os.O_DIRECTORY)

    def ask():
        """Ask as another user; the kernel notes who connects."""
        os.seteuid(user)
        try:
            with socket.socket(socket.AF_UNIX) as peer:
                peer.connect(f"/proc/self/fd/{folder}/control.sock")
                peer.sendall(b"1\n")
                return peer.recv(100)
        except ConnectionError:
            return b""
        finally:
            os.seteuid(0)

    async def story(_connect):
        (tmp_path / "control.sock").chmod(0o777)
        child = os.fork()
        if not child:
            os._exit(7 if ask() else 8)
        while True:
            done, status = os.waitpid(child, os.WNOHANG)
            if done:
                return os.waitstatus_to_exitcode(status)
            await asyncio.sleep(0.01)

    assert opened(tmp_path, story) == (7 if let_in else 8)
    os.close(folder)


def test_where_the_system_cannot_tell_who_it_is_the_folders_mode_must_do(tmp_path, monkeypatch):
    monkeypatch.delattr(socket, "SO_PEERCRED", raising=False)

    async def story(connect):
        return await said(*await connect(), b"1\n")

    assert opened(tmp_path, story)
