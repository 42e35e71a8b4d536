"""Wishes to a run: nobody there, somebody deaf, and somebody who says no."""

from __future__ import annotations

import json
import socket
import threading

import pytest

from hocket.errors import RunHeld, UsageError
from hocket.launch import wishing


class Store:
    """A run in a folder, held or not."""

    def __init__(self, folder, *, held=True):
        self._folder, self._held = folder, held

    def holder(self, run_id):
        return "somebody" if self._held else None

    def path(self, run_id):
        return str(self._folder)


@pytest.fixture
def answering(tmp_path):
    """Give a function that answers one wish at the socket with some bytes."""
    threads = []

    def answer(content):
        server = socket.socket(socket.AF_UNIX)
        server.bind(str(tmp_path / "control.sock"))
        server.listen()

        def serve():
            peer, _ = server.accept()
            heard.append(json.loads(peer.makefile("rb").readline()))
            peer.sendall(content)
            peer.close()
            server.close()

        threads.append(threading.Thread(target=serve))
        threads[-1].start()
        return Store(tmp_path)

    heard = answer.heard = []
    yield answer
    for thread in threads:
        thread.join(5)


def test_a_wish_is_sent_and_answered(answering):
    store = answering(b'{"ok": true, "state": "running"}\n')
    assert wishing.wish(store, "r", {"verb": "status"})["state"] == "running"
    assert answering.heard == [{"verb": "status"}]


@pytest.mark.parametrize(
    ("content", "kind", "said"),
    [
        (b'{"ok": false, "error": "not now"}\n', UsageError, "run r: not now."),
        (b"{}\n", UsageError, "run r: it said no."),
        (b"[1]\n", UsageError, "run r: it said no."),
        (b"garbage\n", RunHeld, "its process does not answer (Expecting value"),
        (b"", RunHeld, "its process does not answer (Expecting value"),
    ],
)
def test_a_no_and_nonsense_are_told_apart(answering, content, kind, said):
    with pytest.raises(kind) as caught:
        wishing.wish(answering(content), "r", {"verb": "stop"})
    assert said in caught.value.message


def test_nobody_there_and_nobody_listening(tmp_path):
    with pytest.raises(UsageError, match="no process lives it now"):
        wishing.wish(Store(tmp_path, held=False), "r", {})
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(RunHeld, match="No such file or directory") as caught:
            wishing.wish(Store(folder), "r", {})
        assert caught.value.hint == "Take it over: hocket resume --steal r"


def test_somebody_deaf_is_not_waited_for_long(tmp_path, monkeypatch):
    monkeypatch.setattr(wishing, "PATIENCE_S", 0.01)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "control.sock"))
        server.listen()
        with pytest.raises(RunHeld, match="timed out"):
            wishing.wish(Store(tmp_path), "r", {})


@pytest.mark.parametrize(
    ("questions", "notes"),
    [
        (None, []),
        ([], []),
        ([5], ["it asks: None; to answer: hocket runs answer r None ANSWER"]),
        (
            [{"id": "ab12", "text": "Way?", "options": ["l", "r"]}],
            ["it asks: Way? [l | r]; to answer: hocket runs answer r ab12 ANSWER"],
        ),
    ],
)
def test_the_status_names_open_questions(answering, questions, notes):
    reply = json.dumps({"ok": True, "state": "paused", "questions": questions}).encode()
    told = wishing.status(answering(reply + b"\n"), "r")
    assert told == {"status": "paused", "notes": notes}


def test_a_silent_run_tells_no_status(tmp_path):
    assert wishing.status(Store(tmp_path), "r") == {}
