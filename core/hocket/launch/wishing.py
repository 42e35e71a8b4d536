"""Sends a wish to a live run."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING

from hocket.engine.door import address
from hocket.errors import HocketError, RunHeld, UsageError

if TYPE_CHECKING:
    from pydantic import JsonValue

    from hocket.api.storage import Store

    Wish = dict[str, JsonValue]

PATIENCE_S = 5.0


def wish(store: Store, run_id: str, wanted: Wish) -> Wish:
    """Send one wish and give the answer; raises when nobody is there or the run says no."""
    if store.holder(run_id) is None:
        raise UsageError(
            f"run {run_id}",
            found="no process lives it now",
            expected="a live run",
            hint=f"Go on with it: hocket resume {run_id}",
        )
    answered = _asked(Path(store.path(run_id)), run_id, wanted)
    if not answered.get("ok"):
        raise UsageError(
            f"run {run_id}",
            found=str(answered.get("error", "it said no")),
            hint=f"See what is going on: hocket runs show {run_id}",
        )
    return answered


def status(store: Store, run_id: str) -> Wish:
    """Ask a live run whether it is paused, and what it waits for; one that is silent says no."""
    try:
        said = wish(store, run_id, {"verb": "status"})
    except HocketError:
        return {}
    questions = said.get("questions")
    asked = [_shown(run_id, each) for each in (questions if isinstance(questions, list) else [])]
    return {"status": said.get("state"), "notes": [*asked]}


def _shown(run_id: str, question: JsonValue) -> str:
    fields = question if isinstance(question, dict) else {}
    options = fields.get("options")
    choice = f" [{' | '.join(map(str, options))}]" if isinstance(options, list) and options else ""
    answer = f"hocket runs answer {run_id} {fields.get('id')} ANSWER"
    return f"it asks: {fields.get('text')}{choice}; to answer: {answer}"


def _asked(folder: Path, run_id: str, wanted: Wish) -> Wish:
    try:
        directory = os.open(folder, os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as peer:
                peer.settimeout(PATIENCE_S)
                peer.connect(address(folder, directory))
                peer.sendall(json.dumps(wanted).encode() + b"\n")
                answered: JsonValue = json.loads(peer.makefile("rb").readline())
                return answered if isinstance(answered, dict) else {}
        finally:
            os.close(directory)
    except (OSError, ValueError) as error:
        raise RunHeld(
            f"run {run_id}",
            found=f"its process does not answer ({str(error) or type(error).__name__})",
            expected=f"an answer within {PATIENCE_S:g} s",
            hint=f"Take it over: hocket resume --steal {run_id}",
        ) from error
